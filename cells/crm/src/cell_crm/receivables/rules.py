"""Rules of receivable plans and of what is allocated to them (pure functions)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from cell_crm.common.money import CENT, ZERO, to_cents
from cellkit.declare import Row

BUCKETS: tuple[tuple[str, int | None], ...] = (
    ("not_due", 0),
    ("days_1_30", 30),
    ("days_31_60", 60),
    ("days_61_90", 90),
    ("days_over_90", None),
)
"""Ageing: name and the most days overdue that still belong to it."""


def equal_instalments(amount: Decimal, count: int) -> list[Decimal]:
    """``count`` equal parts cut down to 0.01, the remainder on the last: 100 in 3 → 33.33, 33.33, 33.34."""
    part = (amount / count).quantize(CENT, ROUND_DOWN)
    return [part] * (count - 1) + [amount - part * (count - 1)]


def add_months(day: date, months: int) -> date:
    """The same day some months later; the month's last where it is too short."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def instalment_plans(amount: Decimal, *, count: int, first_due: date, interval_months: int) -> list[Row]:
    """Period, due date and amount of each instalment; due dates keep the first one's day of the month."""
    return [
        {"period": index + 1, "due_date": add_months(first_due, interval_months * index), "amount": part}
        for index, part in enumerate(equal_instalments(amount, count))
    ]


def derive_plan(row: Row) -> None:
    """What is still open, and the day to remind of it."""
    row["open_amount"] = row["amount"] - (row["allocated_amount"] or ZERO)
    if row["due_date"] is not None:
        row["remind_date"] = row["due_date"] - timedelta(days=row["remind_days"] or 0)


def total(plans: Iterable[Row]) -> Decimal:
    """The sum of plans."""
    return sum((plan["amount"] for plan in plans), ZERO)


def days_overdue(due_date: date, today: date) -> int:
    """Days past the due date; zero or less while it is not overdue."""
    return (today - due_date).days


def bucket_of(overdue: int) -> str:
    """The ageing bucket of an amount so many days overdue."""
    return next(name for name, most in BUCKETS if most is None or overdue <= most)


def ageing(rows: Sequence[Row], today: date) -> dict[str, Any]:
    """Open amounts per customer and bucket with totals.

    ``rows``: customer_id, customer_name, due_date, open_amount.
    """
    empty = {name: to_cents(ZERO) for name, _ in BUCKETS}
    customers: dict[Any, dict[str, Any]] = {}
    totals = {**empty, "total": ZERO}
    for row in rows:
        line = customers.setdefault(
            row["customer_id"],
            {"customer_id": row["customer_id"], "customer": row["customer_name"], **empty, "total": ZERO},
        )
        bucket = bucket_of(days_overdue(row["due_date"], today))
        for figures in (line, totals):
            figures[bucket] += row["open_amount"]
            figures["total"] += row["open_amount"]
    items = sorted(customers.values(), key=lambda line: -line["total"])
    return {"items": items, "totals": totals}


def plan_payload(row: Row) -> dict[str, Any]:
    """The data of a plan's events."""
    names = (
        "id",
        "contract_id",
        "customer_id",
        "period",
        "due_date",
        "amount",
        "allocated_amount",
        "open_amount",
        "state",
    )
    return {name: row[name] for name in names}
