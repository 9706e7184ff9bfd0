"""Robots of group chats: their JSON, signatures and answers, after their makers' documents.

WeCom: developer.work.weixin.qq.com/document/path/91770; DingTalk: open.dingtalk.com custom robots; Feishu:
open.feishu.cn custom bots. Plain messages only: their Markdown has no way to escape what a document's text may hold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import msgspec

from cellkit.http.messages import from_json, to_json
from cellkit.labels import L
from cellkit.notifications.channels.message import DeliveryFailed, Message, Target
from cellkit.notifications.channels.posting import Posted, Poster, refuse_status

WECOM_BYTES = 2048
DINGTALK_BYTES = 18_000
FEISHU_BYTES = 18_000


@dataclass(frozen=True, slots=True)
class Codes:
    """What a maker's codes mean: too fast (with the pause it then wants), busy; every other one is a refusal."""

    too_fast: frozenset[int]
    pause_seconds: int
    busy: frozenset[int]


CODES = {
    "wecom": Codes(frozenset({45009, 45033}), 60, frozenset({-1})),
    # DingTalk shuts a robot that is too fast out for ten minutes.
    "dingtalk": Codes(frozenset({130101, 302033, 410100}), 600, frozenset({-1})),
    "feishu": Codes(frozenset({11232, 99991400}), 60, frozenset({1500, 10003})),
}
_HINTS = {
    ("wecom", 93000): L("机器人地址无效或机器人已被移除", "the robot's address is wrong or the robot is gone"),
    ("wecom", 40058): L("参数不合法", "a parameter is not valid"),
    ("dingtalk", 310000): L(
        "安全设置不通过（关键词、加签或 IP）", "the robot's security settings refuse it (keyword, sign or address)"
    ),
    ("dingtalk", 300001): L("access_token 无效", "the access token is wrong"),
    ("dingtalk", 300005): L("access_token 不存在", "the access token does not exist"),
    ("feishu", 19001): L("机器人地址无效", "the robot's address is wrong"),
    ("feishu", 19021): L("签名不正确或时间偏差过大", "the signature is wrong or the clock is off"),
    ("feishu", 19022): L("IP 不在白名单", "the address is not on the robot's list"),
    ("feishu", 19024): L("未包含机器人要求的关键词", "the robot's keyword is missing"),
}


def wecom(_target: Target, message: Message) -> dict[str, Any]:
    """WeCom: a text of at most 2,048 bytes; its address holds the key, there is no signature."""
    return {"msgtype": "text", "text": {"content": cut(_whole(message), WECOM_BYTES)}}


def dingtalk(_target: Target, message: Message) -> dict[str, Any]:
    """DingTalk: a text."""
    return {
        "msgtype": "text",
        "text": {"content": cut(_whole(message), DINGTALK_BYTES)},
        "at": {"isAtAll": False},
    }


def dingtalk_url(url: str, secret: str, milliseconds: int) -> str:
    r"""The address with ``timestamp`` and ``sign`` = base64(HMAC-SHA256(secret, "<timestamp>\n<secret>"))."""
    if not secret:
        return url
    text = f"{milliseconds}\n{secret}"
    made = base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())
    return f"{url}{'&' if '?' in url else '?'}timestamp={milliseconds}&sign={quote_plus(made)}"


def feishu(target: Target, message: Message, seconds: int) -> dict[str, Any]:
    r"""Feishu: a post; ``sign`` = base64(HMAC-SHA256(key "<timestamp>\n<secret>", empty text))."""
    lines: list[list[dict[str, Any]]] = []
    for item in message.items:
        texts = [item.title] if len(message.items) > 1 else []
        texts += [cut(item.text, FEISHU_BYTES // len(message.items))] if item.text else []
        lines += [[{"tag": "text", "text": text}] for text in texts]
        if item.link:
            lines.append([{"tag": "a", "text": message.link_word, "href": item.link}])
    body: dict[str, Any] = {
        "msg_type": "post",
        "content": {
            "post": {
                "en_us" if message.language.startswith("en") else "zh_cn": {
                    "title": cut(message.subject, 600),
                    "content": lines or [[{"tag": "text", "text": message.subject}]],
                }
            }
        },
    }
    if target.secret:
        body |= {"timestamp": str(seconds), "sign": feishu_sign(target.secret, seconds)}
    return body


def feishu_sign(secret: str, seconds: int) -> str:
    """Feishu's signature."""
    key = f"{seconds}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def judge(maker: str, answer: Posted) -> None:
    """Raise what an answer means that is no success."""
    refuse_status(answer)
    try:
        body = from_json(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise DeliveryFailed(L("对方的应答无法识别", "The answer is not a robot's"), permanent=True)
    code = body.get("errcode", body.get("code", body.get("StatusCode")))
    if code == 0:
        return
    codes = CODES[maker]
    told = str(body.get("errmsg") or body.get("msg") or body.get("StatusMessage") or "")[:200]
    hint = _HINTS.get((maker, code)) if isinstance(code, int) else None
    zh = f"机器人返回 {code}" + (f"：{hint.zh}" if hint else "") + (f"（{told}）" if told else "")
    en = f"The robot answered {code}" + (f": {hint.en}" if hint else "") + (f" ({told})" if told else "")
    if code in codes.too_fast:
        raise DeliveryFailed(L(zh, en), after_seconds=codes.pause_seconds)
    raise DeliveryFailed(L(zh, en), permanent=code not in codes.busy)


async def send(poster: Poster, target: Target, message: Message, now: float) -> None:
    """Post it to the robot; ``now`` is Unix time in seconds."""
    url = target.url
    if target.type == "wecom":
        body = wecom(target, message)
    elif target.type == "dingtalk":
        body = dingtalk(target, message)
        url = dingtalk_url(url, target.secret, int(now * 1000))
    else:
        body = feishu(target, message, int(now))
    judge(target.type, await poster.post(url, to_json(body), {}))


def cut(text: str, most_bytes: int) -> str:
    """``text`` cut to so many bytes of UTF-8, never inside a character."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"


def _whole(message: Message) -> str:
    plain = message.plain()
    return f"{message.subject}\n{plain}" if plain else message.subject
