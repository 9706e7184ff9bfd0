"""What a tenant configures: texts by kind, rules, channels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cellkit.declare.actions import action, check
from cellkit.declare.document import Document, Row, Table
from cellkit.declare.fields import Choice, Flag, Integer, Json, LongText, Text
from cellkit.declare.fields.secret import Secret
from cellkit.labels import L
from cellkit.notifications import checks
from cellkit.notifications.rules import is_address, is_kind, is_pattern, stray_braces

_PATTERNS = (
    "patterns",
    lambda value: isinstance(value, list) and len(value) <= 100 and all(map(is_pattern, value)),
    L('应为类别列表，如 ["*"] 或 ["crm.*"]', 'A list of kinds expected, like ["*"] or ["crm.*"]'),
)
_KIND = ("kind", is_kind, L("只能含小写字母、数字、点、横线", "Lower-case letters, digits, dots and dashes only"))
_ADDRESS = ("email", is_address, L("邮箱格式不正确", "Not an e-mail address"))
_BRACES = (
    "placeholder",
    lambda text: not stray_braces(text),
    L("花括号只能用作占位符，如 {number}", "Braces are for placeholders only, like {number}"),
)


@lru_cache(maxsize=64)
def documents(cell: str) -> Sequence[type[Table]]:
    """The kit documents of notifications for a cell."""

    class NotificationTemplate(
        Document,
        key=f"{cell}.notification_template",
        label=L("通知模板", "Notification template"),
        kit=True,
        scoped=False,
        title="name",
    ):
        kind = Text(L("类别", "Kind"), required=True, unique=True, max=100, list=True, search=True, check=_KIND)
        name = Text(L("名称", "Name"), required=True, list=True, search=True)
        title_zh = Text(L("中文标题", "Chinese title"), required=True, list=True, check=_BRACES)
        title_en = Text(L("英文标题", "English title"), check=_BRACES)
        text_zh = LongText(L("中文正文", "Chinese text"), max=4000, required=True, check=_BRACES)
        text_en = LongText(L("英文正文", "English text"), max=4000, check=_BRACES)
        must_read = Flag(L("必读", "Must be read"))
        active = Flag(L("启用", "Active"), default=True, list=True)

    class NotificationRule(
        Document,
        key=f"{cell}.notification_rule",
        label=L("通知规则", "Notification rule"),
        kit=True,
        scoped=False,
        title="name",
    ):
        name = Text(L("名称", "Name"), required=True, list=True, search=True)
        entity = Text(L("单据类型", "Entity"), required=True, index=True, list=True, max=100)
        happens = Text(
            L("事件", "Happening"),
            required=True,
            list=True,
            max=100,
            help=L(
                "created、updated、deleted、动作名，或 state:状态",
                "created, updated, deleted, an action's verb, or state:<state>",
            ),
        )
        condition = LongText(
            L("条件", "Condition"), max=2000, help=L("表达式，空为总是", "An expression; empty: always")
        )
        kind = Text(L("类别", "Kind"), required=True, max=100, list=True, check=_KIND)
        recipients = Json(
            L("接收人", "Recipients"),
            required=True,
            help=L(
                '[{"type":"owner"|"creator"|"leader"|"role"|"user"|"field","value":…}]',
                '[{"type":"owner"|"creator"|"leader"|"role"|"user"|"field","value":…}]',
            ),
        )
        skip_actor = Flag(L("不通知操作人", "Not the one who did it"), default=True)
        channels = Json(L("渠道", "Channels"), help=L("渠道编码列表，空为按类别", "Codes of channels; empty: by kind"))
        must_read = Flag(L("必读", "Must be read"))
        active = Flag(L("启用", "Active"), default=True, list=True)

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            checks.check_rule(work, row)

    class NotificationChannel(
        Document,
        key=f"{cell}.notification_channel",
        label=L("通知渠道", "Notification channel"),
        kit=True,
        scoped=False,
        title="name",
    ):
        code = Text(
            L("编码", "Code"), required=True, unique=True, max=50, list=True, search=True, pattern=r"[a-z0-9_-]+"
        )
        name = Text(L("名称", "Name"), required=True, list=True, search=True)
        type = Choice(
            L("类型", "Type"),
            "email:邮件:E-mail",
            "webhook:Webhook:Webhook",
            "wecom:企业微信机器人:WeCom robot",
            "dingtalk:钉钉机器人:DingTalk robot",
            "feishu:飞书机器人:Feishu robot",
            required=True,
            list=True,
        )
        kinds = Json(L("类别", "Kinds"), default=lambda: ["*"], check=_PATTERNS)
        active = Flag(L("启用", "Active"), default=True, list=True)
        language = Choice(L("语言", "Language"), "zh-CN:中文:Chinese", "en-US:英文:English", default="zh-CN")
        link_base = Text(L("链接前缀", "Base of links"), max=300, pattern=r"https?://\S+")
        host = Text(L("SMTP 主机", "SMTP host"), max=253, pattern=r"[A-Za-z0-9._:-]+")
        port = Integer(L("SMTP 端口", "SMTP port"), min=1, max=65_535)
        security = Choice(
            L("加密", "Security"), "tls:SSL/TLS:TLS", "starttls:STARTTLS:STARTTLS", "none:无:None", default="tls"
        )
        username = Text(L("用户名", "User name"), max=254)
        password = Secret(L("密码", "Password"))
        sender = Text(L("发件地址", "Sender's address"), max=254, check=_ADDRESS)
        sender_name = Text(L("发件人名称", "Sender's name"), max=100)
        allowed_domains = Text(
            L("允许的收件域名", "Domains allowed"),
            max=500,
            help=L("空格分隔，空为不限", "Separated by blanks; empty: any"),
        )
        url = Secret(L("地址", "Address"))
        secret = Secret(L("签名密钥", "Signing secret"))
        per_minute = Integer(L("每分钟上限", "Most a minute"), min=1, max=6000)

        @check("请填写 SMTP 主机与发件地址", "SMTP host and sender's address are needed", field="host")
        def mail_is_complete(row: Row) -> bool:
            return row["type"] != "email" or bool(row["host"] and row["sender"])

        @check("请填写地址", "The address is needed", field="url")
        def address_is_given(row: Row) -> bool:
            return row["type"] == "email" or bool(row["url"])

        @check("Webhook 必须有签名密钥", "A webhook needs a signing secret", field="secret")
        def webhook_is_signed(row: Row) -> bool:
            return row["type"] != "webhook" or bool(row["secret"])

        @check("用户名与密码须一并填写，且不得以明文发送", "User name and password go together, and never in clear")
        def login_is_protected(row: Row) -> bool:
            if row["type"] != "email":
                return True
            return bool(row["username"]) == bool(row["password"]) and (not row["username"] or row["security"] != "none")

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            checks.check_channel(work, row)

        @action(L("发送测试", "Send a test"))
        async def test(work: Any, row: Row, parameters: Row) -> dict[str, Any]:
            return checks.queue_test(work, row)

    return (NotificationTemplate, NotificationRule, NotificationChannel)


STANDARD_PER_MINUTE = {"email": 120, "webhook": 120, "wecom": 20, "dingtalk": 20, "feishu": 20}
"""How many messages a minute a channel takes when its own figure is empty; the robots' are their makers' limits."""
