"""What a browser calls itself, in words for people: ``Chrome 141 · Windows``."""

from __future__ import annotations

import re

# Those that carry the name of another beside their own come first: an app's built-in browser says Chrome or Safari too.
_PROGRAMS = (
    ("企业微信 WeCom", re.compile(r"wxwork/(\d+)", re.IGNORECASE)),
    ("微信 WeChat", re.compile(r"MicroMessenger/(\d+)")),
    ("钉钉 DingTalk", re.compile(r"DingTalk/(\d+)")),
    ("飞书 Feishu", re.compile(r"(?:Lark|Feishu)/(\d+)")),
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\S+ )?Safari/")),
)
_SYSTEMS = (
    ("HarmonyOS", re.compile(r"HarmonyOS|OpenHarmony")),
    ("Android", re.compile(r"Android")),
    ("iPhone", re.compile(r"iPhone")),
    ("iPad", re.compile(r"iPad")),
    ("Windows", re.compile(r"Windows NT")),
    ("macOS", re.compile(r"Mac OS X|Macintosh")),
    ("Linux", re.compile(r"Linux|X11")),
)
_LONGEST = 60


def device_name(agent: str) -> str:
    """Browser and system; what is neither known, the first word of what it says; "" for nothing said."""
    program = next((f"{name} {found[1]}" for name, pattern in _PROGRAMS if (found := pattern.search(agent))), "")
    system = next((name for name, pattern in _SYSTEMS if pattern.search(agent)), "")
    return " · ".join(part for part in (program, system) if part) or agent.partition(" ")[0][:_LONGEST]
