"""Named stretches of days relative to today; weeks begin on Monday."""

from __future__ import annotations

from datetime import date, timedelta

COUNTED = frozenset({"last_days", "next_days", "last_months"})
"""Periods with a number: ``last_days(30)`` ends with today, ``next_days(7)`` begins with it."""
_UNITS = ("week", "month", "quarter", "year")
PERIODS = (
    "today",
    "yesterday",
    "tomorrow",
    *(f"{which}_{unit}" for unit in _UNITS for which in ("this", "last", "next")),
    "month_to_date",
    "year_to_date",
)
LONGEST = 3_660


def add_months(day: date, months: int) -> date:
    """The same day some months on; the month's last day where there is no such day. Stays within years 1 to 9999."""
    index = day.year * 12 + day.month - 1 + months
    if index < 12:
        return date.min
    if index >= 120_000:
        return date.max
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add_days(day: date, days: int) -> date:
    """Some days on, within years 1 to 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.min if days < 0 else date.max


def start_of(unit: str, day: date) -> date:
    """The first day of the ``day``, ``week``, ``month``, ``quarter`` or ``year`` that a day lies in."""
    if unit == "week":
        return add_days(day, -day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if unit == "year" else day


def next_start(unit: str, first: date, count: int = 1) -> date:
    """The first day ``count`` units after a unit's first day."""
    if unit in ("day", "week"):
        return add_days(first, count * (7 if unit == "week" else 1))
    return add_months(first, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def period_range(name: str, count: int, today: date) -> tuple[date, date]:
    """First day and the day after the last one."""
    if name == "last_days":
        return add_days(today, 1 - count), add_days(today, 1)
    if name == "next_days":
        return today, add_days(today, count)
    if name == "last_months":
        this = start_of("month", today)
        return add_months(this, -count), this
    if name in ("today", "yesterday", "tomorrow"):
        day = add_days(today, {"today": 0, "yesterday": -1, "tomorrow": 1}[name])
        return day, add_days(day, 1)
    if name in ("month_to_date", "year_to_date"):
        return start_of(name.partition("_")[0], today), add_days(today, 1)
    which, _, unit = name.partition("_")
    first = next_start(unit, start_of(unit, today), {"this": 0, "last": -1, "next": 1}[which])
    return first, next_start(unit, first)
