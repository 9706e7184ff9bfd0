"""What an approval refuses, for people."""

from __future__ import annotations

from cellkit.approval.illegal import Illegal
from cellkit.errors import BusinessRuleViolation, Conflict, Forbidden, RateLimited, ServiceError
from cellkit.labels import L, Label


class InApproval(Conflict):
    """The document waits for an approval; only what the approval itself does may change it."""

    zh = "单据正在审批中（{step}），不能{action}；请先撤回，或等待审批结束"
    en = "The document is in approval ({step}); {action} is not possible until it is withdrawn or decided"


class ApproverIsMaker(BusinessRuleViolation):
    """Who asked for an approval may not give it."""

    code = "APPROVER_IS_MAKER"
    zh = "提交人不能审批自己的单据"
    en = "Whoever submitted a document may not approve it"


class NotYourTask(Forbidden):
    """The caller has no open task in this approval."""

    zh = "您在此审批中没有待处理的任务，或任务已被他人处理"
    en = "You have no open task in this approval, or somebody else has dealt with it"


class ApprovalEnded(Conflict):
    """It has been decided."""

    zh, en = "审批已结束", "The approval has ended"


class UrgedTooSoon(RateLimited):
    """Reminders have a pause between them."""

    zh = "催办过于频繁，请 {minutes} 分钟后再试"
    en = "Reminded a moment ago; try again in {minutes} minutes"


class ApprovalRefused(BusinessRuleViolation):
    """The approval's rules do not allow the action now."""

    code = "APPROVAL_REFUSED"


class NobodyToAsk(BusinessRuleViolation):
    """A step whose people the starter must choose has none."""

    code = "APPROVERS_REQUIRED"
    zh = "请为步骤“{step}”选择 {least}–{most} 位审批人"
    en = "Choose {least}–{most} approvers for the step “{step}”"


class FlowInUse(BusinessRuleViolation):
    """A flow that was published stays."""

    code = "FLOW_IN_USE"
    zh, en = "已发布过的流程不能删除，请停用", "A flow that was published cannot be deleted; deactivate it"


_REASONS: dict[str, Label] = {
    "order": L("此操作不符合审批顺序", "This is not the moment for it"),
    "unknown": L("未知的审批操作", "There is no such action"),
    "too_many": L("审批任务过多", "Too many tasks in one approval"),
    "seat_only": L("此任务只能同意或不同意", "This task can only be approved or rejected"),
    "target": L("目标不正确", "This target is not possible"),
    "not_returned": L("单据没有被退回给您", "The document was not returned to you"),
    "starter_only": L("只有提交人可以执行此操作", "Only whoever submitted it may do this"),
    "withdraw": L("流程不允许撤回，或已有人审批", "The flow does not allow withdrawing, or somebody has approved"),
    "already": L("此人已在本步骤中，或就是您本人", "This person is already part of the step, or it is yourself"),
    "returned": L("单据已退回，等待重新提交", "The document was returned and waits to be submitted again"),
    "recall": L(
        "下一位已处理，或最后一次审批不是您的，不能收回", "Somebody has acted since, or the last approval is not yours"
    ),
    "not_due": L("没有超时的任务", "Nothing is overdue"),
}


def refusal(error: Illegal, *, urge_minutes: int = 10) -> ServiceError:
    """The contract's error for what the rules refuse."""
    if error.reason == "starter":
        return ApproverIsMaker()
    if error.reason == "not_yours":
        return NotYourTask()
    if error.reason == "ended":
        return ApprovalEnded()
    if error.reason == "urged":
        return UrgedTooSoon(minutes=urge_minutes, retry_after_seconds=urge_minutes * 60)
    return ApprovalRefused(reason=_REASONS.get(error.reason, _REASONS["order"]))
