"""Errors of the wire contract: classes with a code, an HTTP status and a text in two languages.

A cell adds its own by subclassing :class:`BusinessRuleViolation`::

    class CreditExceeded(BusinessRuleViolation):
        code = "CREDIT_EXCEEDED"
        zh = "客户 {partner} 超出信用额度 {excess}"
        en = "Customer {partner} exceeds the credit limit by {excess}"


    raise CreditExceeded(partner="ALFKI", excess="120.00")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypedDict

from cellkit.labels import Label, language_of


class FieldProblem(TypedDict):
    """One entry of ``details`` in a ``VALIDATION_FAILED`` answer, its message still in both languages."""

    field: str
    rule: str
    message: Label


class ServiceError(Exception):
    """Base of every error that a caller may see.

    ``values`` fill the placeholders of the texts and are the default ``details``.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    zh: ClassVar[str] = "系统内部错误，请凭请求编号联系管理员"
    en: ClassVar[str] = "Internal error; please give the request id to your administrator"

    def __init__(
        self,
        *,
        details: Mapping[str, Any] | None = None,
        retry_after_seconds: int | None = None,
        **values: Any,
    ) -> None:
        self.values = values
        self._details = details
        self.retry_after_seconds = retry_after_seconds
        super().__init__(self.code)

    def label(self) -> Label:
        """The message in both languages."""
        return Label(
            self.zh.format_map(_Lenient(self._values("zh-CN"))), self.en.format_map(_Lenient(self._values("en-US")))
        )

    def _values(self, language: str) -> dict[str, Any]:
        """The values, those in two languages in the reader's."""
        return {key: value.text(language) if isinstance(value, Label) else value for key, value in self.values.items()}

    def message(self, language: str) -> str:
        """The message for a person who reads ``language``."""
        return self.label().text(language)

    def details(self, language: str) -> Any:
        """The machine-readable part: a mapping, or a list for validation errors."""
        if self._details is not None:
            return dict(self._details)
        return {
            key: value if isinstance(value, int | bool | None) else str(value)
            for key, value in self._values(language).items()
        }

    def headers(self) -> dict[str, str]:
        """Extra response headers."""
        return {} if self.retry_after_seconds is None else {"Retry-After": str(self.retry_after_seconds)}

    def __str__(self) -> str:
        return f"{self.code}: {self.label().en}"


class _Lenient(dict[str, Any]):
    """A message with a missing value must still reach the caller."""

    def __missing__(self, key: str) -> str:
        return "?"


class BadRequest(ServiceError):
    """The request cannot be read: syntax, types of the query, the body's encoding."""

    code, status = "BAD_REQUEST", 400
    zh, en = "请求格式不正确：{reason}", "The request cannot be read: {reason}"


class MissingHeader(ServiceError):
    """A header of the contract is missing."""

    code, status = "MISSING_HEADER", 400
    zh, en = "缺少请求头 {header}", "Header {header} is missing"


class MissingTenantId(ServiceError):
    """``X-Tenant-Id`` is missing where it is required."""

    code, status = "MISSING_TENANT_ID", 400
    zh, en = "缺少租户标识请求头 X-Tenant-Id", "Header X-Tenant-Id is missing"


class Unauthorized(ServiceError):
    """No valid token or credentials."""

    code, status = "UNAUTHORIZED", 401
    zh, en = "未登录或登录已失效，请重新登录", "Not logged in, or the login has expired"


class Forbidden(ServiceError):
    """The caller lacks a permission."""

    code, status = "FORBIDDEN", 403
    zh, en = "没有权限：{permission}", "Permission missing: {permission}"


class CellNotIncluded(ServiceError):
    """The tenant's package does not contain this cell."""

    code, status = "CELL_NOT_INCLUDED", 403
    zh, en = "本租户的套餐不含该业务系统，请联系管理员", "Your tenant's package does not include this cell"


class PasswordChangeRequired(ServiceError):
    """Nothing else is allowed before the password is changed."""

    code, status = "PASSWORD_CHANGE_REQUIRED", 403
    zh, en = "请先修改密码再继续使用", "Change your password first"


class SignatureInvalid(ServiceError):
    """The request did not come through the gateway, or is too old."""

    code, status = "SIGNATURE_INVALID", 403
    zh, en = "请求签名无效，请通过网关访问", "Invalid request signature; call through the gateway"


class NotFound(ServiceError):
    """Nothing there, or nothing that this caller may know of."""

    code, status = "NOT_FOUND", 404
    zh, en = "资源不存在", "Not found"


class MethodNotAllowed(ServiceError):
    """The resource exists but does not take this method."""

    code, status = "METHOD_NOT_ALLOWED", 405
    zh, en = "不支持的请求方法", "Method not allowed"


class Conflict(ServiceError):
    """A state or version that does not allow the write."""

    code, status = "CONFLICT", 409
    zh, en = (
        "数据已被他人修改或当前状态不允许此操作：{reason}",
        "The document has changed or its state forbids this: {reason}",
    )


class VersionConflict(Conflict):
    """The row's version is not the one the caller read."""

    zh = "单据已被他人修改，请刷新后重试（当前版本 {current}）"
    en = "The document has been changed by someone else; reload and try again (current version {current})"


class StateConflict(Conflict):
    """The action is not allowed from the document's state."""

    zh = "当前状态“{state}”不允许执行“{action}”"
    en = "State “{state}” does not allow “{action}”"


class IdempotentConflict(ServiceError):
    """The same request id came with another body."""

    code, status = "IDEMPOTENT_CONFLICT", 409
    zh = "请求编号 X-Request-ID 已被另一内容的请求使用"
    en = "This X-Request-ID was already used with another body"


class PayloadTooLarge(ServiceError):
    """The body or a file is larger than allowed."""

    code, status = "PAYLOAD_TOO_LARGE", 413
    zh, en = "请求内容超过上限 {limit}", "The content exceeds the limit of {limit}"


class UnsupportedMediaType(ServiceError):
    """The body's content type is not one this resource reads."""

    code, status = "UNSUPPORTED_MEDIA_TYPE", 415
    zh, en = "不支持的内容类型，请使用 {expected}", "Unsupported content type; use {expected}"


class ValidationFailed(ServiceError):
    """One or more fields break their rules; every problem is listed."""

    code, status = "VALIDATION_FAILED", 422
    zh, en = "提交的数据有 {count} 处不符合要求", "{count} problem(s) in the submitted data"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = list(problems)
        super().__init__(count=len(self.problems))

    def details(self, language: str) -> list[dict[str, str]]:
        """``[{"field", "rule", "message"}]`` in the caller's language."""
        return [
            {"field": item["field"], "rule": item["rule"], "message": item["message"].text(language)}
            for item in self.problems
        ]


class BusinessRuleViolation(ServiceError):
    """A rule of the business forbids it; cells subclass this with their own code."""

    code, status = "BUSINESS_RULE_VIOLATION", 422
    zh, en = "业务规则不允许：{reason}", "A business rule forbids this: {reason}"


class RateLimited(ServiceError):
    """Too many requests."""

    code, status = "RATE_LIMIT", 429
    zh, en = "请求过于频繁，请稍后再试", "Too many requests; try again later"


class Unavailable(ServiceError):
    """A part that this request needs is down; trying again later is right."""

    code, status = "UNAVAILABLE", 503
    zh, en = "服务暂时不可用，请稍后重试", "Temporarily unavailable; please try again"

    def __init__(self, *, retry_after_seconds: int = 2, **values: Any) -> None:
        super().__init__(retry_after_seconds=retry_after_seconds, **values)


def problem(field: str, rule: str, zh: str, en: str) -> FieldProblem:
    """A validation problem of one field."""
    return {"field": field, "rule": rule, "message": Label(zh, en)}


def error_body(error: ServiceError, accept_language: str | None, request_id: str) -> dict[str, Any]:
    """The contract's error shape."""
    language = language_of(accept_language)
    return {
        "code": error.code,
        "message": error.message(language),
        "details": error.details(language),
        "requestId": request_id,
    }
