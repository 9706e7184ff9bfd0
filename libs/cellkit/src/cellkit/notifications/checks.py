"""What is checked when a tenant saves rules and channels, beyond the fields' own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Document, Row
from cellkit.declare.fields import Field
from cellkit.declare.fields.references import UserRef
from cellkit.errors import BusinessRuleViolation, FieldProblem, ValidationFailed, problem
from cellkit.labels import L, Label
from cellkit.notifications.conditions import checked
from cellkit.notifications.writing import Notice
from cellkit.read.projection import projection

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

TEST_KIND = "notification.test"
HAPPENINGS = ("created", "updated", "deleted")
STATE_PREFIX = "state:"
RECIPIENTS = {"owner": False, "creator": False, "leader": False, "role": True, "user": True, "field": True}
_MOST = 50


class NoEncryptionKeys(BusinessRuleViolation):
    """Passwords can only be kept encrypted."""

    code = "ENCRYPTION_KEYS_MISSING"
    zh = "尚未配置字段加密密钥（FIELD_ENCRYPTION_KEYS），不能保存密码与密钥"
    en = "No encryption keys are configured (FIELD_ENCRYPTION_KEYS); passwords and secrets cannot be kept"


def check_channel(work: Work, row: Row) -> None:
    """Secrets need keys; an address must be one."""
    if work.engine.keys is None and any(row.get(name) for name in ("password", "url", "secret")):
        raise NoEncryptionKeys
    url = row.get("url")
    if url and not str(url).startswith(("https://", "http://")):
        raise ValidationFailed([problem("url", "url", "地址应以 https:// 开头", "An address begins with https://")])


def queue_test(work: Work, row: Row) -> dict[str, Any]:
    """A message to the caller by this channel alone; how it went stands in the deliveries."""
    work.notices.append(
        Notice(
            (work.caller.user_id,),
            TEST_KIND,
            L(f"测试消息：{row['name']}", f"Test message: {row['name']}"),
            L("收到此消息，说明该渠道设置正确。", "You read this, so the channel is set up correctly."),
            channels=(row["code"],),
        )
    )
    return {"queued": True}


def check_rule(work: Work, row: Row) -> None:
    """The entity, the happening, recipients and channels of a rule must be ones that can be."""
    problems: list[FieldProblem] = []
    table = work.engine.tables.get(row["entity"])
    if table is None or not issubclass(table, Document):
        raise ValidationFailed([problem("entity", "unknown", "没有这种单据", "No such document type")])
    if row["happens"] not in happenings(table):
        usable = ", ".join(happenings(table))
        problems.append(problem("happens", "unknown", f"应为以下之一：{usable}", f"One of: {usable}"))
    problems += _recipient_problems(table, row["recipients"])
    if row["condition"]:
        problems += _condition_problems(work, table, row["condition"])
    channels = row["channels"]
    if channels is not None and not (
        isinstance(channels, list) and len(channels) <= _MOST and all(isinstance(item, str) for item in channels)
    ):
        problems.append(problem("channels", "type", "应为渠道编码列表", "A list of channel codes expected"))
    if problems:
        raise ValidationFailed(problems)


def _condition_problems(work: Work, table: type[Document], text: str) -> list[FieldProblem]:
    """A condition must not tell its author of fields that he may not read."""
    seen = projection(table, work.role)
    return [
        problem("condition", "permission", f"没有查看字段 {name} 的权限", f"No right to see field {name}")
        for name in sorted(checked(text, table).uses)
        if not seen.readable(name)
    ]


def happenings(table: type[Document]) -> list[str]:
    """All that a rule may wait for."""
    states = table.states.items if table.states is not None else ()
    return [*HAPPENINGS, *table.actions, *(STATE_PREFIX + state for state in states)]


def _recipient_problems(table: type[Document], recipients: Any) -> list[FieldProblem]:
    if not isinstance(recipients, list) or not 0 < len(recipients) <= _MOST:
        return [_wrong("recipients", L(f"应为 1–{_MOST} 项的列表", f"A list of 1–{_MOST} entries expected"))]
    found: list[FieldProblem] = []
    for index, item in enumerate(recipients):
        place = f"recipients[{index}]"
        kind = item.get("type") if isinstance(item, dict) else None
        if kind not in RECIPIENTS or not item.keys() <= {"type", "value"}:
            usable = ", ".join(RECIPIENTS)
            found.append(_wrong(f"{place}.type", L(f"应为以下之一：{usable}", f"One of: {usable}")))
        elif RECIPIENTS[kind] != isinstance(item.get("value"), str):
            found.append(_wrong(f"{place}.value", L("此类接收人的 value 不正确", "Wrong value for this type")))
        elif kind == "field" and not is_user_field(table.fields.get(item["value"])):
            found.append(_wrong(f"{place}.value", L("不是用户字段", "Not a field that holds a user")))
    return found


def is_user_field(item: Field | None) -> bool:
    """Whether a field holds a user's id."""
    return isinstance(item, UserRef) and not item.secret


def _wrong(place: str, label: Label) -> FieldProblem:
    return problem(place, "invalid", label.zh, label.en)
