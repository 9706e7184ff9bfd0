"""What must be true of any answer."""

from __future__ import annotations

import re
from typing import Any

from cellkit.testing.cells import Answer

TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
STATUS_OF = {
    "BAD_REQUEST": 400, "MISSING_HEADER": 400, "MISSING_TENANT_ID": 400, "UNAUTHORIZED": 401, "FORBIDDEN": 403,
    "SIGNATURE_INVALID": 403, "NOT_FOUND": 404, "METHOD_NOT_ALLOWED": 405, "REQUEST_TIMEOUT": 408, "CONFLICT": 409,
    "IDEMPOTENT_CONFLICT": 409, "PAYLOAD_TOO_LARGE": 413, "UNSUPPORTED_MEDIA_TYPE": 415, "VALIDATION_FAILED": 422,
    "BUSINESS_RULE_VIOLATION": 422, "RATE_LIMIT": 429, "HEADERS_TOO_LARGE": 431, "INTERNAL": 500, "UNAVAILABLE": 503,
}  # fmt: skip


def check_headers(answer: Answer, request_id: str | None = None) -> None:
    """The headers that every answer carries."""
    given = answer.headers.get("x-request-id", "")
    assert re.fullmatch(r"[A-Za-z0-9._:\-]{1,128}", given), answer.headers
    if request_id is not None:
        assert given == request_id
    assert re.fullmatch(r"\d+\.\d+", answer.headers.get("x-response-time", "")), answer.headers
    assert TRACEPARENT.fullmatch(answer.headers.get("traceparent", "")), answer.headers
    if answer.body:
        assert answer.headers.get("content-type"), answer.headers
    if answer.status in {429, 503}:
        assert answer.headers.get("retry-after", "").isdigit(), answer.headers


def check_error(answer: Answer, *statuses: int, code: str | None = None) -> dict[str, Any]:
    """An error in the contract's shape with one of ``statuses``; returns its JSON."""
    shown = f"{answer.status} {answer.body[:500]!r}"
    assert answer.status in statuses if statuses else 400 <= answer.status < 500, shown
    check_headers(answer)
    assert answer.headers["content-type"].startswith("application/json"), shown
    error: dict[str, Any] = answer.json
    assert set(error) == {"code", "message", "details", "requestId"}, shown
    assert re.fullmatch(r"[A-Z][A-Z0-9_]*", error["code"]), shown
    assert STATUS_OF.get(error["code"], answer.status) == answer.status, shown
    assert error["message"], shown
    assert error["requestId"] == answer.headers["x-request-id"], shown
    if error["code"] == "VALIDATION_FAILED":
        assert error["details"], shown
        for item in error["details"]:
            assert set(item) == {"field", "rule", "message"}, shown
            assert all(isinstance(value, str) for value in item.values()), shown
    else:
        assert isinstance(error["details"], dict), shown
    if code is not None:
        assert error["code"] == code, shown
    return error
