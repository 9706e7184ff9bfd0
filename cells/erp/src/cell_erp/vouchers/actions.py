"""Life of a manual voucher."""

from __future__ import annotations

from typing import Any

from cell_erp.accounts.errors import AccountNotPostable, DimensionMissing
from cell_erp.errors import MonthIsFixed
from cell_erp.periods.rules import code_of
from cell_erp.tables import table
from cell_erp.vouchers import posting, rules
from cell_erp.vouchers.errors import AlreadyReversing, AutomaticVoucher, MakerIsReviewer, NotBalanced

_ACCOUNTS = """
SELECT id, code, name, state, is_leaf, aux_partner, aux_item, aux_department
FROM erp_account WHERE tenant_id = $1 AND id = ANY($2)
"""


async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Set the period and the accounts' codes; a draft may be unbalanced, but not on an account that takes nothing."""
    day = row["voucher_date"]
    if before is not None and code_of(day) != before["period"]:
        raise MonthIsFixed
    row["period"] = code_of(day)
    if not row["automatic"]:
        await _check_accounts(work, row)


async def _check_accounts(work: Any, row: dict[str, Any]) -> None:
    accounts = {
        account["id"]: account
        for account in await work.rows(_ACCOUNTS, list({line["account_id"] for line in row["lines"]}))
    }
    for line in row["lines"]:
        account = accounts.get(line["account_id"])
        if account is None:
            continue  # the reference check names the line
        line["account_code"] = account["code"]
        check_account(account, line)


def check_account(account: dict[str, Any], line: dict[str, Any]) -> None:
    """Refuse accounts that take no postings, and entries that lack a dimension their account asks for."""
    if not account["is_leaf"]:
        raise AccountNotPostable(account=account["code"], reason="非末级科目 / it has subaccounts")
    if account["state"] != "active":
        raise AccountNotPostable(account=account["code"], reason="已停用 / disabled")
    missing = rules.missing_dimensions(account, line)
    if missing:
        raise DimensionMissing(account=account["code"], dimensions=", ".join(missing))


async def review(work: Any, row: dict[str, Any]) -> None:
    """Check what the ledger will ask for, and that a second person does it."""
    if row["created_by"] == work.caller.user_id:
        raise MakerIsReviewer
    if not rules.is_balanced(row):
        raise NotBalanced(debit=row["debit_total"], credit=row["credit_total"])
    await _check_accounts(work, row)
    row["reviewed_by"] = work.caller.user_id


async def post(work: Any, row: dict[str, Any]) -> None:
    """Enter a reviewed voucher into the ledger; a red one marks what it reverses."""
    if not rules.is_balanced(row):
        raise NotBalanced(debit=row["debit_total"], credit=row["credit_total"])
    original = None
    if row["reversal_of_id"]:
        original = await work.get(table(work, "voucher"), row["reversal_of_id"], lock=True)
        if original["state"] != "posted":
            raise AlreadyReversing(number=original["number"])
    await posting.open_posting(work, row["voucher_date"], (), stock=False)
    await _check_accounts(work, row)
    row["posted_by"] = work.caller.user_id
    posting.enter(work, row)
    if original is not None:
        original["state"] = "reversed"
        work.change(original)


async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
    """Make the red draft of a posted manual voucher."""
    if row["automatic"]:
        raise AutomaticVoucher(source=row["origin"])
    existing = await work.row(
        "SELECT number FROM erp_voucher WHERE tenant_id = $1 AND reversal_of_id = $2 AND state <> 'void' LIMIT 1",
        row["id"],
    )
    if existing:
        raise AlreadyReversing(number=existing["number"])
    work.change(row)  # its version moves on, so two reversals at once cannot both be made
    summary = f"冲销 {row['number']}：{parameters['reason']}"[:200]
    red = await work.create(
        table(work, "voucher"),
        {
            "voucher_date": parameters["date"] or row["voucher_date"],
            "summary": summary,
            "reversal_of_id": row["id"],
            "lines": rules.red_lines(row["lines"], summary),
        },
    )
    return {"voucher_id": str(red["id"])}
