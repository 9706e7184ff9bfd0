"""The receipt document and the ledger of allocations."""

from __future__ import annotations

from cell_crm.common.approval import second_person
from cell_crm.receipts import actions, rules
from cellkit.declare import (
    Choice,
    Date,
    Document,
    Ledger,
    Line,
    Lines,
    LongText,
    Moment,
    Money,
    Ref,
    States,
    Text,
    UserRef,
    action,
)
from cellkit.labels import L


class ReceiptLine(Line):
    """Which plan how much of the money is for."""

    plan_id = Ref(L("回款计划", "Plan"), to="crm.receivable_plan", required=True)
    amount = Money(L("金额", "Amount"), required=True, above=0)


class Receipt(
    Document,
    key="crm.receipt",
    label=L("回款", "Receipt"),
    number="HK{yyyy}{mm}{dd}-{seq:4}",
    number_date="receipt_date",
):
    """Money received on a contract; without chosen allocations the oldest open plans are paid first."""

    contract_id = Ref(L("合同", "Contract"), to="crm.contract", required=True, list=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", readonly=True, list=True)
    receipt_date = Date(L("回款日期", "Received on"), list=True, index=True)
    amount = Money(L("金额", "Amount"), required=True, above=0, list=True)
    method = Choice(
        L("方式", "Method"),
        "transfer:银行转账:Bank transfer",
        "cash:现金:Cash",
        "cheque:支票:Cheque",
        "acceptance:承兑汇票:Acceptance",
        "online:在线支付:Online payment",
        "other:其他:Other",
        default="transfer",
        list=True,
    )
    bank_reference = Text(L("流水号", "Bank reference"), list=True, search=True, max=100)
    allocations = Lines(L("核销明细", "Allocations"), of=ReceiptLine, max=500)
    unallocated = Money(L("未核销", "Not allocated"), readonly=True, list=True)
    remark = LongText(L("备注", "Remark"), max=4000)
    submitted_by = UserRef(L("提交人", "Submitted by"), readonly=True, index=False)
    approved_by = UserRef(L("审批人", "Approved by"), readonly=True, index=False)
    approved_at = Moment(L("审批时间", "Approved at"), readonly=True)
    approval_comment = Text(L("审批意见", "Approval comment"), readonly=True, max=500)
    reversed_at = Moment(L("冲销时间", "Reversed at"), readonly=True)
    reverse_reason = Text(L("冲销原因", "Reversed because"), readonly=True, max=500)

    states = States(
        "draft:草稿:Draft", "approving:审批中:Approving", "approved:已审批:Approved", "reversed:已冲销:Reversed"
    )
    derive = staticmethod(rules.derive_receipt)
    prepare = staticmethod(actions.prepare)
    payload = staticmethod(rules.receipt_payload)

    flow = second_person("crm.receipt", L("回款审批", "Receipt approval"))
    submit = action(L("提交", "Submit"), source="draft", target="approving", event="submitted")(actions.submit)
    approve = action(
        L("批准", "Approve"),
        source="approving",
        target="approved",
        event="approved",
        parameters={"comment": Text(L("意见", "Comment"), max=500)},
    )(actions.approve)
    reject = action(
        L("驳回", "Send back"),
        source="approving",
        target="draft",
        event="sent_back",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.reject)
    reverse = action(
        L("冲销", "Reverse"),
        source="approved",
        target="reversed",
        event="reversed",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.reverse)


class AllocationEntry(
    Ledger,
    key="crm.allocation_entry",
    plural="allocation-entries",
    label=L("回款核销", "Receipt allocation"),
    indexes=(("plan_id", "position"),),
):
    """One allocation of money to a plan; a reversal adds the same with the opposite sign."""

    receipt_id = Ref(L("回款", "Receipt"), to="crm.receipt", required=True, list=True)
    plan_id = Ref(L("回款计划", "Plan"), to="crm.receivable_plan", required=True, index=False, list=True)
    contract_id = Ref(L("合同", "Contract"), to="crm.contract", required=True, list=True)
    amount = Money(L("金额", "Amount"), required=True, list=True)
