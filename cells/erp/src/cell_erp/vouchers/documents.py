"""Vouchers and the general ledger they are posted to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.fields import RowId
from cell_erp.vouchers import actions, rules
from cellkit.declare import (
    Date,
    DepartmentRef,
    Document,
    Flag,
    Ledger,
    Line,
    Lines,
    LongText,
    Money,
    Numbering,
    Ref,
    States,
    Text,
    UserRef,
    action,
    check,
)
from cellkit.labels import L

ZERO = Decimal(0)


class VoucherLine(Line):
    """One entry: an amount on one side of one account; negative amounts are red."""

    account_id = Ref(L("科目", "Account"), to="erp.account", required=True, index=False)
    account_code = Text(L("科目编码", "Account code"), max=20, readonly=True)
    summary = Text(L("摘要", "Summary"), max=200)
    debit = Money(L("借方", "Debit"), default=ZERO)
    credit = Money(L("贷方", "Credit"), default=ZERO)
    partner_id = Ref(L("往来单位", "Partner"), to="erp.partner", index=False)
    item_id = Ref(L("物料", "Item"), to="erp.item", index=False)
    charged_department_id = DepartmentRef(L("部门", "Department"), index=False)


class Voucher(
    Document,
    key="erp.voucher",
    label=L("记账凭证", "Voucher"),
    number=Numbering("记-{yyyy}{mm}-{seq:4}", gapless=True),
    number_date="voucher_date",
    scoped=False,
):
    """A voucher. Automatic ones come posted from their source document; manual ones need a second person's review.

    Numbers have no gaps: a voucher is never deleted, a draft that is not wanted is voided and keeps its number.
    """

    voucher_date = Date(L("凭证日期", "Date"), required=True, list=True, index=True)
    period = Text(L("期间", "Period"), max=7, readonly=True, list=True)
    summary = Text(L("摘要", "Summary"), max=200, list=True, search=True)
    lines = Lines(L("分录", "Entries"), of=VoucherLine, min=1, max=500)
    debit_total = Money(L("借方合计", "Debit"), readonly=True, default=ZERO, list=True)
    credit_total = Money(L("贷方合计", "Credit"), readonly=True, default=ZERO)
    automatic = Flag(L("自动凭证", "Automatic"), readonly=True, list=True)
    origin = Text(L("来源单据", "Origin"), max=60, readonly=True, list=True, search=True)
    origin_id = RowId(L("来源单据编号", "Origin id"), readonly=True)
    reversal_of_id = Ref(L("冲销凭证", "Reversal of"), to="erp.voucher", readonly=True)
    reviewed_by = UserRef(L("审核人", "Reviewed by"), readonly=True, index=False)
    posted_by = UserRef(L("记账人", "Posted by"), readonly=True, index=False)
    attachments = Text(L("附单据", "Attachments"), max=60)

    states = States(
        "draft:未审核:Draft",
        "reviewed:已审核:Reviewed",
        "posted:已记账:Posted",
        "reversed:已冲销:Reversed",
        "void:已作废:Void",
        deletable="",
    )
    derive = staticmethod(rules.derive_voucher)
    prepare = staticmethod(actions.prepare)

    @check("每行借方、贷方须且只能填一个", "Each entry has an amount on exactly one side", field="lines")
    def one_side_each(row: dict[str, Any]) -> bool:
        """No entry has both sides or none."""
        return rules.one_side_each(row)

    @check("金额超出范围", "The amounts are too large", field="lines")
    def amounts_fit(row: dict[str, Any]) -> bool:
        """The sums fit their columns."""
        return rules.amounts_fit(row)

    @action(L("审核", "Review"), source="draft", target="reviewed", event="reviewed")
    async def review(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Someone other than the maker confirms the voucher."""
        await actions.review(work, row)

    @action(L("反审核", "Unreview"), source="reviewed", target="draft", event="unreviewed")
    async def unreview(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Take the review back before posting."""
        row["reviewed_by"] = None

    @action(L("记账", "Post"), source="reviewed", target="posted", event="posted")
    async def post(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Enter the voucher into the general ledger."""
        await actions.post(work, row)

    @action(
        L("红字冲销", "Reverse"),
        source="posted",
        event="reversal_requested",
        parameters={"date": Date(L("冲销日期", "Date")), "reason": Text(L("原因", "Reason"), required=True)},
    )
    async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
        """Make the red voucher, which is reviewed and posted like any other; then this one is reversed."""
        return await actions.reverse(work, row, parameters)

    @action(
        L("作废", "Void"),
        source="draft",
        target="void",
        event="voided",
        parameters={"reason": LongText(L("原因", "Reason"), required=True, max=500)},
    )
    async def void(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Give up a draft; its number stays taken."""
        row["summary"] = f"作废：{parameters['reason']}"[:200]


class GeneralLedger(
    Ledger,
    key="erp.general_ledger",
    label=L("总账分录", "General ledger entry"),
    plural="general-ledger",
    indexes=(("account_id", "period"),),
):
    """What has been posted: one row per voucher entry, never changed."""

    voucher_id = Ref(L("凭证", "Voucher"), to="erp.voucher", required=True, index=False)
    period = Text(L("期间", "Period"), max=7, required=True)
    posting_date = Date(L("日期", "Date"), required=True)
    account_id = Ref(L("科目", "Account"), to="erp.account", required=True, index=False)
    partner_id = Ref(L("往来单位", "Partner"), to="erp.partner", index=False)
    item_id = Ref(L("物料", "Item"), to="erp.item", index=False)
    charged_department_id = DepartmentRef(L("部门", "Department"), index=False)
    summary = Text(L("摘要", "Summary"), max=200)
    debit = Money(L("借方", "Debit"), default=ZERO)
    credit = Money(L("贷方", "Credit"), default=ZERO)
