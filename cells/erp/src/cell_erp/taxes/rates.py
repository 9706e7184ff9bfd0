"""The dated tax rates that a new set of books starts with; from then on they are the tenant's data."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def dated_rates() -> tuple[dict[str, Any], ...]:
    """Rates with ``code``, ``name``, ``name_en``, ``rate`` (factor), ``valid_from``, ``valid_to``, ``legal_source``."""
    text = files("cell_erp.taxes").joinpath("rates.csv").read_text("utf-8")
    rows: list[dict[str, Any]] = [dict(row) for row in csv.DictReader(text.splitlines())]
    for row in rows:
        row["rate"] = Decimal(row["rate"])
        row["valid_from"] = date.fromisoformat(row["valid_from"])
        row["valid_to"] = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    return tuple(rows)
