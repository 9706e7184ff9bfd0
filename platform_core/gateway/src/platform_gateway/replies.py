"""The bodies of what Envoy itself answers, in the contract's shape and the caller's language."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from platform_gateway import errors
from platform_gateway.errors import GatewayError
from platform_gateway.pages import page, page_headers
from platform_gateway.resources import CEL_FILTER, any_of, header
from platform_gateway.routing import PLATFORM_ROUTES

_PLATFORM_PATHS = sorted({route.path for route in PLATFORM_ROUTES})
_INTERFACE = {"safe_regex": {"regex": "/api([/?].*)?"}}
_GIVEN_ID = "%REQ(X-REQUEST-ID)%"
_GIVEN_TRACE = "%REQ(TRACEPARENT)%"
# A request that is refused early may have neither; its arrival in nanoseconds and its connection make an id that is
# the same in header and body, and decimal digits are hexadecimal digits for a trace.
_MADE_ID = "%START_TIME(%s.%9f)%-%CONNECTION_ID%"
_MADE_TRACE = "00-5aa50000000000%START_TIME(%s%8f)%-%START_TIME(%s%6f)%-01"

# By the flag that Envoy sets; the first that matches counts.
_BY_FLAG: tuple[tuple[tuple[str, ...], GatewayError], ...] = (
    (("UT",), errors.CELL_TIMEOUT),
    (("UF", "UC", "UR", "LR", "UPE", "URX"), errors.CELL_UNREACHABLE),
    (("UH",), errors.RED_LIGHT),
    (("UO", "NC"), errors.UNAVAILABLE),
)
_BY_STATUS: tuple[tuple[int, GatewayError], ...] = (
    (401, errors.UNAUTHORIZED),
    (404, errors.NOT_FOUND),
    (408, errors.REQUEST_TIMEOUT),
    (413, errors.PAYLOAD_TOO_LARGE),
    (429, errors.RATE_LIMIT),
    (431, errors.HEADERS_TOO_LARGE),
    (501, errors.BAD_REQUEST),  # a transfer encoding that Envoy does not know
    (502, errors.CELL_UNREACHABLE),
    (503, errors.UNAVAILABLE),
    (504, errors.CELL_TIMEOUT),
)


def local_replies(*, pages: bool = False) -> dict[str, Any]:
    """How Envoy's own answers are rewritten; those that the Lua filter wrote keep their body.

    With ``pages`` a browser that asked for a page gets one, while the interface keeps the contract's shape.
    """
    return {
        "mappers": [
            {
                "filter": _cel("response.code_details in ['lua_response', 'direct_response']"),
                "headers_to_add": _headers(_GIVEN_ID, _GIVEN_TRACE),
            },
            *(_pages() if pages else []),
            # Refused before the policy filter gave it a trace: by the parser, a limit or the token check.
            *_by_status([_absent("traceparent"), _given_request_id()], _GIVEN_ID, _MADE_TRACE),
            *_by_status([_absent("traceparent")], _MADE_ID, _MADE_TRACE),
            *(mapper for flags, error in _BY_FLAG for mapper in _by_path(_flags(flags), error)),
            *_by_status([], _GIVEN_ID, _GIVEN_TRACE),
        ]
    }


def _pages() -> list[dict[str, Any]]:
    """The answers to what is no path of the interface; a request without a readable path is taken for a program's."""
    conditions = [
        _present(":path"),
        {"header_filter": {"header": {"name": ":path", "string_match": _INTERFACE, "invert_match": True}}},
    ]
    return [
        {
            "filter": {"and_filter": {"filters": [*conditions, _status("GE", status), *given, *language]}},
            "headers_to_add": [*_headers(request_id, trace), *page_headers()],
            "body_format_override": {
                "text_format_source": {
                    "inline_string": page(status=status, english=bool(language), request_id=request_id)
                },
                "content_type": "text/html; charset=utf-8",
            },
        }
        for status in (500, 400)
        for given, request_id, trace in (
            ([_given_request_id(), _present("traceparent")], _GIVEN_ID, _GIVEN_TRACE),
            ([], _MADE_ID, _MADE_TRACE),
        )
        for language in ([_english()], [])
    ]


def _by_status(conditions: list[dict[str, Any]], request_id: str, trace: str) -> list[dict[str, Any]]:
    """All errors that are known by their status; what is left is the caller's fault below 500, ours above."""
    known = [
        # The token check answers 403 for a wrong audience; to the caller it is a login that does not count.
        (_cel("response.code_details.startsWith('jwt_authn')"), errors.UNAUTHORIZED),
        *((_status("EQ", status), error) for status, error in _BY_STATUS),
        (_status("GE", 500), errors.INTERNAL),
        (_status("GE", 400), errors.BAD_REQUEST),
    ]
    return [mapper for last, error in known for mapper in _pair([*conditions, last], error, request_id, trace)]


def _by_path(condition: dict[str, Any], error: GatewayError) -> list[dict[str, Any]]:
    """The answers of one error; on the platform's own paths no cell is named."""
    if error.platform_label is None:
        return _pair([condition], error)
    own = replace(error, label=error.platform_label)
    return [*_pair([condition, _own_path()], own), *_pair([condition], error)]


def _own_path() -> dict[str, Any]:
    paths = "|".join(re.escape(path) for path in _PLATFORM_PATHS)
    matcher = {"safe_regex": {"regex": f"({paths})([/?].*)?"}}
    return {"header_filter": {"header": {"name": ":path", "string_match": matcher}}}


def _cel(expression: str) -> dict[str, Any]:
    return {
        "extension_filter": {
            "name": "envoy.access_loggers.extension_filters.cel",
            "typed_config": any_of(CEL_FILTER, {"expression": expression}),
        }
    }


def _present(name: str) -> dict[str, Any]:
    return {"header_filter": {"header": {"name": name, "present_match": True}}}


def _absent(name: str) -> dict[str, Any]:
    return {"header_filter": {"header": {"name": name, "present_match": True, "invert_match": True}}}


def _given_request_id() -> dict[str, Any]:
    matcher = {"safe_regex": {"regex": "[A-Za-z0-9._:-]+"}}
    return {"header_filter": {"header": {"name": "x-request-id", "string_match": matcher}}}


def _english() -> dict[str, Any]:
    matcher = {"prefix": "en", "ignore_case": True}
    return {"header_filter": {"header": {"name": "accept-language", "string_match": matcher}}}


def _flags(flags: tuple[str, ...]) -> dict[str, Any]:
    return {"response_flag_filter": {"flags": list(flags)}}


def _status(operator: str, status: int) -> dict[str, Any]:
    value = {"default_value": status, "runtime_key": f"superpaas.reply.{operator.lower()}{status}"}
    return {"status_code_filter": {"comparison": {"op": operator, "value": value}}}


def _pair(
    conditions: list[dict[str, Any]], error: GatewayError, request_id: str = _GIVEN_ID, trace: str = _GIVEN_TRACE
) -> list[dict[str, Any]]:
    """The English and the Chinese answer of one error."""
    return [
        _mapper([*conditions, _english()], error, error.label.en, request_id, trace),
        _mapper(conditions, error, error.label.zh, request_id, trace),
    ]


def _mapper(
    conditions: list[dict[str, Any]], error: GatewayError, message: str, request_id: str, trace: str
) -> dict[str, Any]:
    pause = error.retry_after_seconds
    return {
        "filter": conditions[0] if len(conditions) == 1 else {"and_filter": {"filters": conditions}},
        "status_code": error.status,
        "headers_to_add": _headers(request_id, trace) + ([header("retry-after", str(pause))] if pause else []),
        "body_format_override": {
            "json_format": {"code": error.code, "message": message, "details": {}, "requestId": request_id},
            "content_type": "application/json",
        },
    }


def _headers(request_id: str, trace: str) -> list[dict[str, Any]]:
    return [
        header("x-response-time", "%DURATION%"),
        header("traceparent", trace),
        header("x-request-id", request_id),
    ]
