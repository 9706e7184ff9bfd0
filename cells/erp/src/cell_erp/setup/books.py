"""What a tenant needs before its first posting, made once."""

from __future__ import annotations

from typing import Any

from cell_erp.accounts.chart import DEFAULT_MAPPING, small_business_chart
from cell_erp.tables import table
from cell_erp.taxes.rates import dated_rates

BOOKS = "books"
_COPIED = ("code", "name", "name_en", "category", "direction", "aux_partner", "is_leaf")


async def ensure_books(work: Any, *, create_book: bool = True) -> dict[str, dict[str, Any]]:
    """Fill the chart, the account mapping and the tax rates unless that was done.

    Answers the accounts by code when this work did it, nothing when it had been done before. The lock on the
    preparation row makes concurrent first postings wait for each other.
    """
    preparation = (await work.balances(table(work, "preparation"), [(BOOKS,)]))[BOOKS,]
    if preparation["done"]:
        return {}
    preparation["done"] = True
    by_code = await _fill_accounts(work)
    await _fill_mapping(work, by_code)
    await _fill_rates(work)
    if create_book:
        await work.create(table(work, "book"), {"name": "账套", "code": "main"})
    return by_code


async def _fill_accounts(work: Any) -> dict[str, dict[str, Any]]:
    sql = "SELECT id, code, state, is_leaf, aux_partner, aux_item, aux_department FROM erp_account WHERE tenant_id = $1"
    by_code = {row["code"]: row for row in await work.rows(sql)}
    for account in small_business_chart():
        if account["code"] not in by_code:
            row = await work.create(table(work, "account"), {name: account[name] for name in _COPIED})
            # Set after the hooks: the chart is a tree by construction, and its parents are not in the database yet.
            row["parent_account_id"] = by_code[account["parent"]]["id"] if account["parent"] else None
            by_code[account["code"]] = row
    return by_code


async def _fill_mapping(work: Any, by_code: dict[str, dict[str, Any]]) -> None:
    rows = await work.rows("SELECT purpose FROM erp_account_mapping WHERE tenant_id = $1")
    known = {row["purpose"] for row in rows}
    for purpose, code in DEFAULT_MAPPING.items():
        if purpose not in known:
            await work.create(table(work, "account_mapping"), {"purpose": purpose, "account_id": by_code[code]["id"]})


async def _fill_rates(work: Any) -> None:
    rows = await work.rows("SELECT code, valid_from FROM erp_tax_rate WHERE tenant_id = $1")
    known = {(row["code"], row["valid_from"]) for row in rows}
    for rate in dated_rates():
        if (rate["code"], rate["valid_from"]) not in known:
            await work.create(table(work, "tax_rate"), rate)
