"""Months as accounting periods. Pure functions."""

from __future__ import annotations

import calendar
import re
from datetime import date

_CODE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def code_of(day: date) -> str:
    """The period of a day, ``1996-07``."""
    return f"{day.year:04}-{day.month:02}"


def is_code(text: str) -> bool:
    """Whether the text names a month of a year from 0001."""
    return _CODE.fullmatch(text) is not None and text[:4] != "0000"


def bounds(code: str) -> tuple[date, date]:
    """First and last day of a period."""
    year, month = int(code[:4]), int(code[5:])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def codes_of_year(year: int) -> list[str]:
    """The twelve periods of a year."""
    return [f"{year:04}-{month:02}" for month in range(1, 13)]


def accepts(state: str, *, stock: bool) -> bool:
    """Whether a period in ``state`` takes postings: stock only while open, the ledger until it is closed too."""
    return state == "open" or (state == "stock_closed" and not stock)
