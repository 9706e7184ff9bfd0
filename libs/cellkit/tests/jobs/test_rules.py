"""When jobs run: the pure rules."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cellkit.jobs import job
from cellkit.jobs.rules import check_cron, next_time, pause_after
from cellkit.labels import L


@pytest.mark.parametrize("text", ["* * * * *", "0 8 * * 1-5", "*/15 0-6 1 1,7 *"])
def test_good_expressions(text: str) -> None:
    assert check_cron(text)


@pytest.mark.parametrize("text", ["", "@daily", "* * * * * *", "0 25 * * *", "0 0 30 2 *", "a b c d e", "* * * *"])
def test_bad_expressions(text: str) -> None:
    assert not check_cron(text)


def test_the_tenants_wall_clock_counts() -> None:
    after = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)
    assert next_time("0 3 * * *", after, ZoneInfo("Asia/Shanghai")) == datetime(2026, 3, 5, 19, tzinfo=UTC)
    assert next_time("0 3 * * *", after, UTC) == datetime(2026, 3, 6, 3, tzinfo=UTC)


def test_summer_time_neither_loses_nor_doubles_a_run() -> None:
    zone = ZoneInfo("America/New_York")
    skipped = next_time("30 2 * * *", datetime(2026, 3, 7, 12, tzinfo=UTC), zone)
    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    first = next_time("30 1 * * *", datetime(2026, 10, 31, 12, tzinfo=UTC), zone)
    second = next_time("30 1 * * *", first, zone)
    assert (second - first).days == 1


def test_pauses_grow() -> None:
    pauses = [pause_after(number) for number in range(1, 8)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 60 < pauses[-1]


def test_declarations_are_checked() -> None:
    for bad in ({"name": "No name"}, {"attempts": 0}, {"timeout_seconds": 0}, {"schedule": "@daily"}):
        with pytest.raises(ValueError, match="job"):
            job(**({"name": "a", "label": L("", "")} | bad))  # type: ignore[arg-type]
