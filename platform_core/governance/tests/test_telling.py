"""What users are told of a cell's light."""

from __future__ import annotations

import pytest
from platform_governance.rules.lights import Light, Reason
from platform_governance.rules.telling import reason_for_users


def test_nothing_is_told_while_a_cell_works() -> None:
    assert reason_for_users(Light.GREEN, "OK", "zh-CN") is None
    assert reason_for_users(Light.YELLOW, "LEASE_EXPIRED", "zh-CN") is None
    assert reason_for_users(Light.YELLOW, "INSTANCE_NOT_READY:database", "en-US") is None


@pytest.mark.parametrize("reason", [item.value for item in Reason if item is not Reason.OK])
def test_every_red_light_has_words_in_both_languages_and_no_internals(reason: str) -> None:
    chinese = reason_for_users(Light.RED, f"{reason}:database" if reason == "NOT_READY" else reason, "zh-CN")
    english = reason_for_users(Light.RED, reason, "en-US")
    assert chinese
    assert english
    assert chinese != english
    assert english.isascii()
    assert "database" not in chinese
    assert reason not in english


def test_a_recovering_cell_says_so() -> None:
    assert "恢复" in (reason_for_users(Light.YELLOW, "HALF_OPEN", "zh-CN") or "")
