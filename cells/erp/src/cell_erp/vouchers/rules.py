"""What makes a voucher's lines right. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO, fits_money, total

Row = dict[str, Any]

AUXILIARY = {"aux_partner": "partner_id", "aux_item": "item_id", "aux_department": "charged_department_id"}
"""Dimensions an account may ask for: the account's switch → the line's field."""


def derive_voucher(row: Row) -> None:
    """Fill the sums of both sides."""
    row["debit_total"] = total(line.get("debit") or ZERO for line in row["lines"])
    row["credit_total"] = total(line.get("credit") or ZERO for line in row["lines"])


def is_balanced(row: Row) -> bool:
    """Debit = credit, on at least two lines."""
    return len(row["lines"]) > 1 and bool(row["debit_total"] == row["credit_total"])


def one_side_each(row: Row) -> bool:
    """Every line has an amount on exactly one side (a red one is negative)."""
    return all(bool(line.get("debit")) != bool(line.get("credit")) for line in row["lines"])


def amounts_fit(row: Row) -> bool:
    """Whether the sums fit their columns."""
    return fits_money(row["debit_total"], row["credit_total"])


def missing_dimensions(account: Mapping[str, Any], line: Mapping[str, Any]) -> list[str]:
    """The fields that the account asks for and the line lacks."""
    return [field for switch, field in AUXILIARY.items() if account.get(switch) and not line.get(field)]


def entry(
    account_id: Any,
    summary: str,
    *,
    debit: Decimal = ZERO,
    credit: Decimal = ZERO,
    partner_id: Any = None,
    item_id: Any = None,
    charged_department_id: str | None = None,
) -> Row:
    """One voucher line."""
    return {
        "account_id": account_id,
        "summary": summary,
        "debit": debit,
        "credit": credit,
        "partner_id": partner_id,
        "item_id": item_id,
        "charged_department_id": charged_department_id,
    }


def red_lines(lines: Iterable[Mapping[str, Any]], summary: str) -> list[Row]:
    """The lines of a red voucher: same accounts and sides, negative amounts, so that turnovers stay true."""
    return [
        entry(
            line["account_id"],
            summary,
            debit=-line["debit"],
            credit=-line["credit"],
            partner_id=line.get("partner_id"),
            item_id=line.get("item_id"),
            charged_department_id=line.get("charged_department_id"),
        )
        for line in lines
    ]
