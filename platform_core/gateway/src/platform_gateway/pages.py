"""What a browser shows when the gateway has to answer for a page itself: plain, without a script, in two languages."""

from __future__ import annotations

from html import escape
from typing import Any

from cellkit.labels import Label
from platform_gateway.resources import header

_SERVER_ERROR = 500
# Nothing may be loaded or run here, and the page's own style is all it needs.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;color:#303133;background:#f5f7fa;display:grid;place-items:center;"
    "min-height:100vh;margin:0}main{background:#fff;padding:2rem 2.5rem;border-radius:8px;max-width:34rem}"
    "h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.25rem 0}small{color:#606266}a{color:#0b57d0}"
    "@media(prefers-color-scheme:dark){body{background:#141414;color:#e5eaf3}main{background:#1d1e1f}"
    "small{color:#a3a6ad}a{color:#79bbff}}"
)
_AWAY = Label("页面暂时打不开", "The page is not available for now")
_AWAY_HELP = Label(
    "服务正在启动或重启，本页会自动重试。", "The service is starting again; this page tries again by itself."
)
_REFUSED = Label("请求无法处理", "The request cannot be handled")
_REFUSED_HELP = Label("请检查地址，或回到首页。", "Check the address, or go back to the start.")
_HOME = Label("回到首页", "Start page")
_NUMBER = Label("请求编号", "Request id")


def page(*, status: int, english: bool, request_id: str) -> str:
    """The page as Envoy's format text; ``request_id`` is one of Envoy's substitutions, or empty."""
    away = status >= _SERVER_ERROR
    title, help_ = (_AWAY, _AWAY_HELP) if away else (_REFUSED, _REFUSED_HELP)

    def say(label: Label) -> str:
        return _literal(label.en if english else label.zh)

    again = '<meta http-equiv="refresh" content="5">' if away else ""
    number = f"<p><small>{say(_NUMBER)} {request_id}</small></p>" if request_id else ""
    return (
        f'<!doctype html><html lang="{"en-US" if english else "zh-CN"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{again}<title>{say(title)}</title>'
        f"<style>{_literal(_STYLE)}</style></head><body><main><h1>{say(title)}</h1><p>{say(help_)}</p>"
        f'<p><a href="/">{say(_HOME)}</a></p>{number}</main></body></html>\n'
    )


def page_headers() -> list[dict[str, Any]]:
    """What such a page is sent with."""
    return [
        header("content-security-policy", _POLICY),
        header("x-content-type-options", "nosniff"),
        header("referrer-policy", "same-origin"),
        header("cache-control", "no-store"),
    ]


def _literal(text: str) -> str:
    """A text without markup, and without what Envoy would take for a substitution."""
    return escape(text, quote=False).replace("%", "%%")
