"""E-mail by SMTP: plain text and HTML, Chinese subjects and names encoded, TLS checked."""

from __future__ import annotations

import html
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from cellkit.labels import L, Label
from cellkit.notifications.channels.addresses import Networks, connect
from cellkit.notifications.channels.message import DeliveryFailed, Message, Target

TIMEOUT_SECONDS = 20.0
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_HTML = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>
<body style="font:15px/1.6 'PingFang SC','Microsoft YaHei',sans-serif;color:#222">{body}</body></html>"""


def compose(target: Target, message: Message) -> EmailMessage:
    """The mail: a header is one line whatever the texts hold."""
    mail = EmailMessage(policy=SMTP_POLICY)
    sender = Address(_one_line(target.sender_name), addr_spec=target.sender)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Subject"] = _one_line(message.subject)[:250]
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.identity}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Base64, because not every server on the way takes eight bits.
    mail.set_content(message.plain() or message.subject, cte="base64")
    mail.add_alternative(_html(message), subtype="html", cte="base64")
    return mail


async def send(networks: Networks, target: Target, message: Message) -> None:
    """Hand the mail to the server; raises :class:`DeliveryFailed`."""
    import aiosmtplib  # noqa: PLC0415 - a process that sends no mail need not hold it

    port = target.port or _PORTS[target.security]
    mail = compose(target, message)
    connected = await connect(networks, target.host, port, timeout_seconds=TIMEOUT_SECONDS)
    client = aiosmtplib.SMTP(
        hostname=target.host,
        sock=connected,
        timeout=TIMEOUT_SECONDS,
        use_tls=target.security == "tls",
        start_tls=target.security == "starttls",
        tls_context=None if target.security == "none" else ssl.create_default_context(),
        username=target.username or None,
        password=target.password or None,
    )
    try:
        async with client:
            await client.send_message(mail)
    except aiosmtplib.SMTPAuthenticationError as error:
        raise _refused(error.code, L("邮件服务器拒绝登录", "The mail server refused the login")) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        raise _refused(first.code, L("收件地址被拒绝", "The recipient was refused"), str(first.message)) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error.code, L("邮件服务器拒绝", "The mail server refused"), str(error.message)) from error
    except ssl.SSLCertVerificationError as error:
        raise DeliveryFailed(
            L("邮件服务器证书无效", "The mail server's certificate is not valid"), permanent=True
        ) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            wrong = L("邮件服务器证书无效", "The mail server's certificate is not valid")
            raise DeliveryFailed(wrong, permanent=True) from error
        if "STARTTLS" in str(error):
            wrong = L("邮件服务器不支持 STARTTLS", "The mail server has no STARTTLS")
            raise DeliveryFailed(wrong, permanent=True) from error
        name = type(error).__name__
        raise DeliveryFailed(L(f"邮件服务器没有应答（{name}）", f"No answer of the mail server ({name})")) from error
    finally:
        connected.close()


def _refused(code: int, label: Label, told: str = "") -> DeliveryFailed:
    more = f" {told[:200]}" if told else ""
    return DeliveryFailed(L(f"{label.zh}（{code}{more}）", f"{label.en} ({code}{more})"), permanent=code >= 500)


def _html(message: Message) -> str:
    parts = []
    for item in message.items:
        parts.append(f"<h3 style='margin:1em 0 .3em'>{html.escape(item.title)}</h3>")
        if item.text:
            parts.append(f"<p style='white-space:pre-line'>{html.escape(item.text)}</p>")
        if item.link and item.link.startswith(("https://", "http://")):
            parts.append(f'<p><a href="{html.escape(item.link, quote=True)}">{message.link_word}</a></p>')
    return _HTML.format(language=message.language, body="".join(parts))


def _one_line(text: str) -> str:
    return " ".join(text.split())
