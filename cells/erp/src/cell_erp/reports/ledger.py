"""Reports over the general ledger: trial balance, account ledger, customer statement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO
from cell_erp.reports import columns
from cell_erp.reports.parameters import figure, period_range
from cell_erp.reports.rules import Figures, roll_up, sides
from cellkit.declare import Flag, Integer, Text
from cellkit.errors import NotFound
from cellkit.labels import L
from cellkit.reports import report

_SUMS = """
SELECT account_id,
       coalesce(sum(debit - credit) FILTER (WHERE period < $2), 0) AS opening,
       coalesce(sum(debit) FILTER (WHERE period >= $2), 0) AS debit,
       coalesce(sum(credit) FILTER (WHERE period >= $2), 0) AS credit
FROM erp_general_ledger WHERE tenant_id = $1 AND period <= $3 GROUP BY account_id
"""

_ACCOUNTS = """
SELECT id, parent_account_id, code, name, name_en, category, direction, is_leaf
FROM erp_account WHERE tenant_id = $1 ORDER BY code
"""

_SIDES = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")


def _range() -> dict[str, Any]:
    return {
        "period": Text(L("期间", "Period"), max=7),
        "from_period": Text(L("开始期间", "From period"), max=7),
        "to_period": Text(L("结束期间", "To period"), max=7),
    }


@report(
    "trial-balance",
    L("科目余额表", "Trial balance"),
    parameters={**_range(), "include_zero": Flag(L("含无发生额科目", "Include accounts without figures"))},
    reads=("erp.general_ledger.debit", "erp.general_ledger.credit", "erp.account.code", "erp.account.name"),
    columns=columns.trial_balance(),
    figures=columns.trial_balance_figures(),
    links={"code": ("erp.account", "id"), "name": ("erp.account", "id")},
    chart=("bar", "name", "closing_debit closing_credit"),
)
async def trial_balance(work: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """Opening, turnover and closing of every account with those above it.

    ``totals`` sum the accounts that take postings; ``difference`` is debit less credit and has to be 0.00.
    """
    first, last = period_range(work, parameters)
    accounts = await work.rows(_ACCOUNTS)
    own = {
        row["account_id"]: Figures(row["opening"], row["debit"], row["credit"])
        for row in await work.rows(_SUMS, first, last)
    }
    rolled = roll_up(accounts, own)
    shown = [account for account in accounts if account["id"] in rolled or parameters["include_zero"]]
    items = [
        {
            **{name: account[name] for name in ("id", "code", "name", "name_en", "category", "direction", "is_leaf")},
            **_by_side(rolled.get(account["id"], Figures())),
        }
        for account in shown
    ]
    totals = {name: figure(sum((_by_side(figures)[name] for figures in own.values()), ZERO)) for name in _SIDES}
    return {
        "from_period": first,
        "to_period": last,
        "items": items,
        "totals": totals,
        "difference": figure(totals["closing_debit"] - totals["closing_credit"]),
        "turnover_difference": figure(totals["debit"] - totals["credit"]),
    }


def _by_side(figures: Figures) -> dict[str, Decimal]:
    opening_debit, opening_credit = sides(figures.opening)
    closing_debit, closing_credit = sides(figures.closing)
    values = (opening_debit, opening_credit, figures.debit, figures.credit, closing_debit, closing_credit)
    return {name: figure(value) for name, value in zip(_SIDES, values, strict=True)}


_OPENING = """
SELECT coalesce(sum(debit - credit), 0) FROM erp_general_ledger
WHERE tenant_id = $1 AND account_id = $2 AND period < $3 AND ($4::uuid IS NULL OR partner_id = $4)
"""

_ENTRIES = """
SELECT g.posting_date, g.period, v.number AS voucher, v.origin, g.voucher_id, g.summary, g.debit, g.credit,
       p.code AS partner
FROM erp_general_ledger g
JOIN erp_voucher v ON v.tenant_id = g.tenant_id AND v.id = g.voucher_id
LEFT JOIN erp_partner p ON p.tenant_id = g.tenant_id AND p.id = g.partner_id
WHERE g.tenant_id = $1 AND g.account_id = $2 AND g.period BETWEEN $3 AND $4 AND ($5::uuid IS NULL OR g.partner_id = $5)
ORDER BY g.posting_date, g.position LIMIT $6
"""


async def _entries(work: Any, account: dict[str, Any], partner_id: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    first, last = period_range(work, parameters)
    limit = parameters["limit"]
    balance = await work.value(_OPENING, account["id"], first, partner_id)
    opening = balance
    found = await work.rows(_ENTRIES, account["id"], first, last, partner_id, limit + 1)
    items = []
    for row in found[:limit]:
        balance += row["debit"] - row["credit"]
        items.append(row | {"balance": figure(balance)})
    return {
        "account": account["code"],
        "account_name": account["name"],
        "from_period": first,
        "to_period": last,
        "opening": figure(opening),
        "items": items,
        "debit": figure(sum((row["debit"] for row in items), ZERO)),
        "credit": figure(sum((row["credit"] for row in items), ZERO)),
        "closing": figure(balance),
        "truncated": len(found) > limit,
    }


async def _by_code(work: Any, table: str, code: str) -> dict[str, Any]:
    row = await work.row(f"SELECT id, code, name FROM {table} WHERE tenant_id = $1 AND code = $2", code)  # noqa: S608 - a name from this file
    if row is None:
        raise NotFound(entity=table, code=code)
    found: dict[str, Any] = row
    return found


def _limit() -> Integer:
    return Integer(L("行数上限", "Most rows"), min=1, max=10_000, default=2000)


@report(
    "account-ledger",
    L("明细账", "Account ledger"),
    parameters={
        "account": Text(L("科目编码", "Account code"), required=True, max=20),
        **_range(),
        "partner": Text(L("往来单位编码", "Partner code"), max=40),
        "limit": _limit(),
    },
    reads=(
        "erp.general_ledger.debit",
        "erp.general_ledger.credit",
        "erp.account.code",
        "erp.account.name",
        "erp.general_ledger.summary",
        "erp.partner.name",
    ),
    columns=columns.ledger(),
    figures=columns.ledger_figures(),
    links={"voucher": ("erp.voucher", "voucher_id")},
    chart=("line", "posting_date", "balance"),
)
async def account_ledger(work: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """Every entry of an account with its running balance (debit − credit)."""
    account = await _by_code(work, "erp_account", parameters["account"])
    partner = await _by_code(work, "erp_partner", parameters["partner"]) if parameters["partner"] else None
    return await _entries(work, account, None if partner is None else partner["id"], parameters)


@report(
    "ar-statement",
    L("客户对账单", "Customer statement"),
    parameters={
        "partner": Text(L("客户编码", "Customer code"), required=True, max=40),
        **_range(),
        "limit": _limit(),
    },
    reads=(
        "erp.partner.code",
        "erp.partner.name",
        "erp.general_ledger.debit",
        "erp.general_ledger.credit",
        "erp.general_ledger.summary",
    ),
    columns=columns.ledger(),
    figures=columns.statement_figures(),
    links={"voucher": ("erp.voucher", "voucher_id")},
    chart=("line", "posting_date", "balance"),
)
async def ar_statement(work: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """What a customer was billed and paid, with the running balance."""
    partner = await _by_code(work, "erp_partner", parameters["partner"])
    account = await work.row(
        """
        SELECT a.id, a.code, a.name FROM erp_account_mapping m
        JOIN erp_account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id
        WHERE m.tenant_id = $1 AND m.purpose = 'receivable' AND m.valid_from <= $2 ORDER BY m.valid_from DESC LIMIT 1
        """,
        work.today,
    )
    if account is None:
        raise NotFound(entity="erp.account_mapping")
    result = await _entries(work, account, partner["id"], parameters)
    return {"partner": partner["code"], "partner_name": partner["name"], **result}
