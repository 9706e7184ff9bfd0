"""Every error that the gateway itself makes: code, status and the text in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from cellkit import errors
from cellkit.labels import Label


@dataclass(frozen=True, slots=True)
class GatewayError:
    """One error of the wire contract; ``retry_after_seconds`` 0 means that the answer names no pause.

    ``platform_label`` is said instead where the path is the platform's own.
    """

    code: str
    status: int
    label: Label
    retry_after_seconds: int = 0
    platform_label: Label | None = None


def _of(code: str, status: int, zh: str, en: str, retry_after_seconds: int = 0) -> GatewayError:
    return GatewayError(code, status, Label(zh, en), retry_after_seconds)


def _shared(kind: type[errors.ServiceError]) -> GatewayError:
    return _of(kind.code, kind.status, kind.zh, kind.en)


def _behind(code: str, status: int, zh: str, en: str, retry_after_seconds: int = 0) -> GatewayError:
    """An error of what is behind the gateway: ``{}`` stands for a cell or for a service of the platform."""
    cell = Label(zh.format("业务细胞"), en.format("cell"))
    platform = Label(zh.format("平台服务"), en.format("platform service"))
    return GatewayError(code, status, cell, retry_after_seconds, platform)


BAD_REQUEST = _of("BAD_REQUEST", 400, "请求格式不正确", "The request cannot be read")
MISSING_TENANT_ID = _shared(errors.MissingTenantId)
UNAUTHORIZED = _shared(errors.Unauthorized)
FORBIDDEN = _of(
    "FORBIDDEN", 403, "请求头 X-Tenant-Id 与登录租户不一致", "Header X-Tenant-Id differs from the tenant of the login"
)
PASSWORD_CHANGE_REQUIRED = _shared(errors.PasswordChangeRequired)
CELL_NOT_INCLUDED = _shared(errors.CellNotIncluded)
NOT_FOUND = _shared(errors.NotFound)
REQUEST_TIMEOUT = _of("REQUEST_TIMEOUT", 408, "请求发送超时", "The request took too long to arrive")
PAYLOAD_TOO_LARGE = _of("PAYLOAD_TOO_LARGE", 413, "请求内容超过上限", "The content exceeds the limit")
RATE_LIMIT = _shared(errors.RateLimited)
HEADERS_TOO_LARGE = _of("HEADERS_TOO_LARGE", 431, "请求头过大", "The request headers are too large")
INTERNAL = _shared(errors.ServiceError)
CELL_UNREACHABLE = _behind(
    "CELL_UNREACHABLE", 502, "{}连接失败，请稍后重试", "The {} cannot be reached; please try again"
)
CELL_NOT_FOUND = _of("CELL_NOT_FOUND", 503, "业务细胞不存在或未注册", "No such cell is registered", 10)
CIRCUIT_OPEN = _of(
    "CIRCUIT_OPEN", 503, "业务细胞出错过多，已熔断，请稍后重试", "The cell fails too often and is cut off for now", 10
)
RED_LIGHT = _behind("RED_LIGHT", 503, "{}暂停服务，请稍后重试", "The {} is out of service for now", 5)
UNAVAILABLE = _of("UNAVAILABLE", 503, errors.Unavailable.zh, errors.Unavailable.en, 1)
CELL_TIMEOUT = _behind("CELL_TIMEOUT", 504, "{}响应超时", "The {} did not answer in time")

ALL: dict[str, GatewayError] = {
    item.code: item
    for item in (
        BAD_REQUEST,
        MISSING_TENANT_ID,
        UNAUTHORIZED,
        FORBIDDEN,
        PASSWORD_CHANGE_REQUIRED,
        CELL_NOT_INCLUDED,
        NOT_FOUND,
        REQUEST_TIMEOUT,
        PAYLOAD_TOO_LARGE,
        RATE_LIMIT,
        HEADERS_TOO_LARGE,
        INTERNAL,
        CELL_UNREACHABLE,
        CELL_NOT_FOUND,
        CIRCUIT_OPEN,
        RED_LIGHT,
        UNAVAILABLE,
        CELL_TIMEOUT,
    )
}
