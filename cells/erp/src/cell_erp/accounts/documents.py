"""Chart of accounts, and the dated mapping from what a posting is for to the account it uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from cell_erp.accounts.errors import AccountCodeMismatch, AccountInUse
from cellkit.declare import (
    Choice,
    Date,
    Document,
    Flag,
    Ref,
    States,
    Text,
    View,
    action,
)
from cellkit.labels import L

_FIXED = ("code", "parent_account_id", "direction", "category")


async def has_postings(work: Any, account_id: Any) -> bool:
    """Whether the general ledger has an entry on the account."""
    sql = "SELECT EXISTS (SELECT 1 FROM erp_general_ledger WHERE tenant_id = $1 AND account_id = $2)"
    return bool(await work.value(sql, account_id))


class Account(Document, key="erp.account", label=L("会计科目", "Account"), title="name", scoped=False):
    """An account of the general ledger; only enabled accounts without subaccounts take postings."""

    code = Text(
        L("科目编码", "Code"), required=True, max=20, pattern="[0-9]{4,20}", unique=True, list=True, search=True
    )
    name = Text(L("科目名称", "Name"), required=True, max=100, list=True, search=True)
    name_en = Text(L("英文名称", "English name"), max=100, search=True)
    parent_account_id = Ref(L("上级科目", "Parent"), to="erp.account", list=True)
    category = Choice(
        L("类别", "Category"),
        "asset:资产:Assets",
        "liability:负债:Liabilities",
        "equity:所有者权益:Equity",
        "cost:成本:Costs",
        "profit_loss:损益:Profit and loss",
        list=True,
    )
    direction = Choice(L("余额方向", "Direction"), "debit:借:Debit", "credit:贷:Credit", list=True)
    aux_partner = Flag(L("往来核算", "By partner"), list=True)
    aux_item = Flag(L("物料核算", "By item"))
    aux_department = Flag(L("部门核算", "By department"))
    is_leaf = Flag(L("末级", "Leaf"), default=True, readonly=True, list=True)

    views = [
        View("tree", parent="parent_account_id", columns="code name category direction is_leaf state", sort="code"),
    ]
    states = States("active:启用:Active", "disabled:停用:Disabled", editable="active disabled")

    @staticmethod
    async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:
        """Take category and direction from the parent, and keep the tree true to the ledger."""
        if before is not None:
            changed = [name for name in _FIXED if before[name] != row[name]]
            if changed and (not row["is_leaf"] or await has_postings(work, row["id"])):
                raise AccountInUse(account=row["code"], change=", ".join(changed))
        if row["parent_account_id"] is None or (
            before is not None and before["parent_account_id"] == row["parent_account_id"]
        ):
            row["category"] = row["category"] or "asset"
            row["direction"] = row["direction"] or "debit"
            return
        parent = await work.get(Account, row["parent_account_id"], lock=True)
        if not row["code"].startswith(parent["code"]) or row["code"] == parent["code"]:
            raise AccountCodeMismatch(parent=parent["code"])
        if parent["is_leaf"]:
            if await has_postings(work, parent["id"]):
                raise AccountInUse(account=parent["code"], change="+ " + row["code"])
            parent["is_leaf"] = False
            work.change(parent)
        row["category"] = parent["category"]
        row["direction"] = row["direction"] or parent["direction"]

    @action(L("停用", "Disable"), source="active", target="disabled", event="disabled")
    async def disable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Postings to the account are refused from now on."""

    @action(L("启用", "Enable"), source="disabled", target="active", event="enabled")
    async def enable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Postings to the account are accepted again."""


class AccountMapping(
    Document,
    key="erp.account_mapping",
    label=L("入账科目", "Account mapping"),
    title="purpose",
    scoped=False,
    unique_together=(("purpose", "valid_from"),),
):
    """Which account automatic vouchers use for a purpose, from a day on."""

    purpose = Choice(
        L("用途", "Purpose"),
        "receivable:应收账款:Receivable",
        "revenue:销售收入:Revenue",
        "output_tax:销项税额:Output tax",
        "cost_of_sales:销售成本:Cost of sales",
        "inventory:存货:Inventory",
        "bank:银行存款:Bank",
        "cash:现金:Cash",
        "opening_stock:期初库存对方:Opening stock",
        "goods_received:暂估入库对方:Goods received",
        "stock_gain:盘盈对方:Stock gain",
        "other_income:其他入库对方:Other receipts",
        required=True,
        list=True,
    )
    account_id = Ref(L("科目", "Account"), to="erp.account", required=True, list=True, index=False)
    valid_from = Date(L("生效日期", "Valid from"), default=date(1900, 1, 1), list=True)
