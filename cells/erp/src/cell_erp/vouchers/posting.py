"""Posting: the period must take it, the accounts come from the dated mapping, the voucher comes out posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cell_erp.accounts.chart import DEFAULT_MAPPING
from cell_erp.accounts.errors import MappingMissing
from cell_erp.periods.errors import PeriodClosed
from cell_erp.periods.rules import accepts, code_of, codes_of_year
from cell_erp.setup.books import ensure_books
from cell_erp.tables import table
from cell_erp.vouchers import actions, rules
from cell_erp.vouchers.errors import NotBalanced

# FOR SHARE lets postings run side by side and makes a closing wait for them, and them for it.
_SETUP = """
SELECT p.state AS period_state, m.purpose, a.id, a.code, a.state, a.is_leaf, a.aux_partner, a.aux_item, a.aux_department
FROM erp_period p
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (purpose) purpose, account_id FROM erp_account_mapping
    WHERE tenant_id = $1 AND purpose = ANY($3::text[]) AND valid_from <= $4 ORDER BY purpose, valid_from DESC
) m ON true
LEFT JOIN erp_account a ON a.tenant_id = $1 AND a.id = m.account_id
WHERE p.tenant_id = $1 AND p.code = $2
FOR SHARE OF p
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """An open period and the accounts by purpose for a posting date."""

    day: date
    period: str
    accounts: dict[str, dict[str, Any]]

    def entry(self, purpose: str, summary: str, **values: Any) -> dict[str, Any]:
        """A voucher line on the account of a purpose; dimensions the account does not ask for are kept as well."""
        account = self.accounts[purpose]
        line = rules.entry(account["id"], summary, **values)
        line["account_code"] = account["code"]
        actions.check_account(account, line)
        return line


async def open_posting(work: Any, day: date, purposes: Sequence[str], *, stock: bool) -> Posting:
    """Hold the period of ``day`` open until this work is written and find the accounts for ``purposes``.

    Raises :class:`PeriodClosed`, :class:`MappingMissing`. Periods and books are made on first use.
    """
    await work.begin()
    code = code_of(day)
    found = await _read(work, code, purposes, day)
    created: dict[str, dict[str, Any]] = {}
    if not found:
        made = await _ensure_year(work, day.year)
        found = await _read(work, code, purposes, day)
        if not found and code not in made:
            raise PeriodClosed(period=code)
    if found and not accepts(found[0]["period_state"], stock=stock):
        raise PeriodClosed(period=code)
    if purposes and len([row for row in found if row["purpose"]]) < len(set(purposes)):
        created = await ensure_books(work)
        if not created:
            found = await _read(work, code, purposes, day)
    accounts = {row["purpose"]: row for row in found if row["purpose"]}
    if created:
        accounts = {purpose: created[DEFAULT_MAPPING[purpose]] for purpose in purposes} | accounts
    missing = set(purposes) - accounts.keys()
    if missing and not created:
        accounts |= await _mapped(work, missing, day)
        missing -= accounts.keys()
    if missing:
        raise MappingMissing(purposes=", ".join(sorted(missing)))
    return Posting(day, code, accounts)


async def _read(work: Any, code: str, purposes: Sequence[str], day: date) -> list[dict[str, Any]]:
    return await work.rows(_SETUP, code, list(purposes), day)  # type: ignore[no-any-return]  # the kit's work


async def _mapped(work: Any, purposes: set[str], day: date) -> dict[str, dict[str, Any]]:
    """The accounts when the period was made by this work, so that the database does not have it yet."""
    rows = await work.rows(
        """
        SELECT DISTINCT ON (m.purpose) m.purpose, a.id, a.code, a.state, a.is_leaf, a.aux_partner, a.aux_item,
               a.aux_department
        FROM erp_account_mapping m JOIN erp_account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id
        WHERE m.tenant_id = $1 AND m.purpose = ANY($2::text[]) AND m.valid_from <= $3
        ORDER BY m.purpose, m.valid_from DESC
        """,
        sorted(purposes),
        day,
    )
    return {row["purpose"]: row for row in rows}


async def _ensure_year(work: Any, year: int) -> list[str]:
    """Make the periods of a year, once; concurrent first postings of a year wait here for each other.

    Months up to the last closed one are not made: they take no postings any more. Answers what this work made.
    """
    topic = f"year-{year:04}"
    preparation = (await work.balances(table(work, "preparation"), [(topic,)]))[topic,]
    if preparation["done"]:
        return []
    preparation["done"] = True
    rows = await work.rows("SELECT code, state FROM erp_period WHERE tenant_id = $1")
    known = {row["code"] for row in rows}
    last_closed = max((row["code"] for row in rows if row["state"] != "open"), default="")
    made = [code for code in codes_of_year(year) if code not in known and code > last_closed]
    for code in made:
        await work.create(table(work, "period"), {"code": code})
    return made


async def post_automatic(
    work: Any, posting: Posting, *, source: str, origin: dict[str, Any], summary: str, lines: list[dict[str, Any]]
) -> dict[str, Any]:
    """A voucher that is posted as it is made, for ``origin`` (a document's row) under the unique ``source``."""
    summary = summary[:200]
    voucher: dict[str, Any] = await work.create(
        table(work, "voucher"),
        {
            "voucher_date": posting.day,
            "summary": summary,
            "lines": lines,
            "automatic": True,
            "origin": origin.get("number") or "",
            "origin_id": origin["id"],
            "posted_by": work.caller.user_id,
            "state": "posted",
        },
        source=source,
    )
    if not rules.is_balanced(voucher):
        raise NotBalanced(debit=voucher["debit_total"], credit=voucher["credit_total"])
    enter(work, voucher)
    return voucher


def enter(work: Any, voucher: dict[str, Any]) -> None:
    """Write a voucher's lines into the general ledger."""
    work.append(
        table(work, "general_ledger"),
        [
            {
                "voucher_id": voucher["id"],
                "period": voucher["period"],
                "posting_date": voucher["voucher_date"],
                **{
                    name: line[name]
                    for name in (
                        "account_id",
                        "partner_id",
                        "item_id",
                        "charged_department_id",
                        "summary",
                        "debit",
                        "credit",
                    )
                },
            }
            for line in voucher["lines"]
        ],
    )
