"""When jobs run and run again: pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

STATES = ("waiting", "running", "succeeded", "failed", "cancelled")
OPEN_STATES = ("waiting", "running")
PAUSES_SECONDS = (10.0, 60.0, 300.0, 1800.0, 7200.0)
"""Before the second, third, … try after an error; the last one repeats."""

MOST_LOSSES = 5
"""How often a job may lose its process before it is taken for what kills it."""

_CRON_FIELDS = 5


def pause_after(failures: int) -> float:
    """Seconds to wait after the ``failures``-th failed try (1 and up)."""
    return PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS)) - 1]


def priority_behind(waiting: int) -> int:
    """The queue's priority of a tenant's next job when it has ``waiting`` already.

    Each further job of a tenant stands one place lower, so that tenants take turns and a crowd of jobs of one does not
    keep the others waiting.
    """
    return -waiting


def check_cron(expression: str) -> bool:
    """Whether this is a cron expression of five fields that has a next time at all."""
    if len(expression.split()) != _CRON_FIELDS or len(expression) > 100:
        return False
    try:
        next_time(expression, datetime(2026, 1, 1, tzinfo=UTC), UTC)
    except ValueError:
        return False
    return True


def next_time(expression: str, after: datetime, zone: tzinfo) -> datetime:
    """The first time after ``after`` that matches, in UTC; raises :class:`ValueError` when there is none.

    Counted on the wall clock of ``zone``: a time that the change to summer time skips comes at the moment it would have
    been, a time that comes twice in autumn counts once.
    """
    from croniter import croniter  # noqa: PLC0415 - only processes with schedules need it

    local = after.astimezone(zone).replace(tzinfo=None)
    times = croniter(expression, local)
    while True:
        found: datetime = times.get_next(datetime)
        moment = found.replace(tzinfo=zone).astimezone(UTC)
        if moment > after:
            return moment
