"""Money received from customers, and its allocation to invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.receipts import actions
from cell_erp.selection import ChosenInvoice
from cellkit.declare import (
    Choice,
    Date,
    Document,
    Ledger,
    Line,
    Lines,
    LongText,
    Money,
    Ref,
    Rows,
    States,
    Text,
    action,
)
from cellkit.labels import L

ZERO = Decimal(0)


class ReceiptAllocation(Line):
    """What an invoice gets of the receipt."""

    invoice_id = Ref(L("发票", "Invoice"), to="erp.invoice", required=True)
    amount = Money(L("核销金额", "Amount"), required=True, above=0)
    allocated_on = Date(L("核销日期", "Allocated on"), readonly=True)


class Receipt(
    Document,
    key="erp.receipt",
    label=L("收款单", "Receipt"),
    number="SK{yyyy}{mm}{dd}-{seq:4}",
    number_date="receipt_date",
    indexes=(("partner_id", "state"),),
):
    """Money of a customer. What is not allocated to invoices stays on the customer's account as an advance."""

    partner_id = Ref(L("客户", "Customer"), to="erp.partner", required=True, list=True, index=False)
    receipt_date = Date(L("收款日期", "Date"), list=True, index=True)
    amount = Money(L("金额", "Amount"), required=True, above=0, list=True)
    method = Choice(L("收款方式", "Method"), "bank:银行转账:Bank transfer", "cash:现金:Cash", default="bank", list=True)
    account_id = Ref(L("收款科目（留空按方式）", "Account (empty: by method)"), to="erp.account", index=False)
    reference = Text(L("银行流水号", "Bank reference"), max=60, unique=True, list=True, search=True)
    allocation = Choice(
        L("过账时核销", "Allocate when posted"),
        "fifo:先进先出:Oldest first",
        "chosen:按明细:As listed",
        "none:不核销:Not yet",
        default="fifo",
    )
    note = LongText(L("备注", "Note"), max=2000, always_editable=True)
    allocations = Lines(L("核销明细", "Allocations"), of=ReceiptAllocation, max=500)
    allocated = Money(L("已核销", "Allocated"), readonly=True, default=ZERO)
    unallocated = Money(L("未核销（预收）", "Not allocated"), readonly=True, list=True, default=ZERO)
    reversed_on = Date(L("冲销日期", "Reversed on"), readonly=True)
    reverse_reason = Text(L("冲销原因", "Why reversed"), readonly=True)

    states = States("draft:草稿:Draft", "posted:已过账:Posted", "reversed:已冲销:Reversed")
    prepare = staticmethod(actions.prepare)

    @action(L("过账", "Post"), source="draft", target="posted", event="posted")
    async def post(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Post the money and allocate it as the receipt says."""
        await actions.post(work, row)

    @action(
        L("核销", "Allocate"),
        source="posted",
        parameters={
            "date": Date(L("核销日期", "Date")),
            "invoices": Rows(
                L("发票（留空先进先出）", "Invoices (empty: oldest first)"), of=ChosenInvoice, key="invoice_id", min=1
            ),
        },
        preset=actions.open_invoices,
    )
    async def allocate(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Allocate what is left to chosen invoices, or to the oldest ones."""
        await actions.allocate(work, row, parameters)

    @action(
        L("取消核销", "Unallocate"),
        source="posted",
        parameters={
            "date": Date(L("日期", "Date")),
            "invoice_id": Ref(L("发票（留空全部）", "Invoice (empty: all)"), to="erp.invoice"),
        },
    )
    async def unallocate(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Take allocations back; the invoices are open again."""
        await actions.unallocate(work, row, parameters)

    @action(
        L("红字冲销", "Reverse"),
        source="posted",
        target="reversed",
        event="reversed",
        parameters={"date": Date(L("冲销日期", "Date")), "reason": Text(L("原因", "Reason"), required=True)},
    )
    async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """The money did not arrive after all: take back allocations and posting."""
        await actions.reverse(work, row, parameters)


class Allocation(
    Ledger,
    key="erp.allocation",
    label=L("核销流水", "Allocation entry"),
    indexes=(("allocated_on",), ("invoice_id",)),
):
    """Every allocation and taking back, in order; what an invoice had open on a day follows from it."""

    partner_id = Ref(L("客户", "Customer"), to="erp.partner", required=True, index=False)
    receipt_id = Ref(L("收款单", "Receipt"), to="erp.receipt")
    invoice_id = Ref(L("发票", "Invoice"), to="erp.invoice", required=True, index=False)
    allocated_on = Date(L("日期", "Date"), required=True)
    amount = Money(L("金额", "Amount"), default=ZERO)
