"""Events and audit in the cell's OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cellkit.labels import L, Label

Schema = dict[str, Any]
_READ_ERRORS = (400, 401, 403, 503)
_WRITE_ERRORS = (*_READ_ERRORS, 404, 409, 413, 415, 422)
_OBJECT: Schema = {"type": "object"}
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_NULLABLE: Schema = {"type": ["string", "null"]}
_EVENT: Schema = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "tenantid", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        **dict.fromkeys(("id", "source", "type", "subject", "tenantid", "partitionkey", "actor"), _TEXT),
        "time": {"type": "string", "format": "date-time"},
        "data": _OBJECT,
    },
}
_PAGE_PARAMETERS = ("limit", "cursor", "total")


def messaging_paths(cell: str) -> Schema:
    """The paths of the inbox, the outbox console and the audit trail."""
    base = f"/api/v1/{cell}"
    letters = f"{base}/_outbox/dead-letters"
    letter = [
        {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
        {"name": "subscriber", "in": "path", "required": True, "schema": _TEXT},
    ]
    counts = _answer(dict.fromkeys(("unrouted", "pending", "retrying", "dead"), _NUMBER), subscribers=True)
    changed = _answer(dict.fromkeys(("event_id", "subscriber", "state"), _TEXT))
    reason = {"type": "object", "properties": {"reason": {**_TEXT, "maxLength": 500}}, "additionalProperties": False}
    verified = _answer({"holds": {"type": "boolean"}, "checked": _NUMBER, "complete": {"type": "boolean"}})
    entries = ("entity", "entity_id", "user_id", "action", "from", "to", *_PAGE_PARAMETERS)
    return {
        f"{base}/_inbox": {
            "post": _operation("inbox", L("接收事件", "take an event"), _answer({"status": _TEXT}), _WRITE_ERRORS)
            | _body(_EVENT, required=True)
        },
        f"{base}/_outbox": {"get": _operation("outbox", L("待发事件数", "events that wait"), counts, _READ_ERRORS)},
        letters: {
            "get": _operation("dead_letters", L("死信", "dead letters"), _page(), _READ_ERRORS)
            | {"parameters": _queries("subscriber", *_PAGE_PARAMETERS)}
        },
        f"{letters}/{{event_id}}/{{subscriber}}/replay": {
            "parameters": letter,
            "post": _operation("replay", L("重发死信", "send again"), changed, _WRITE_ERRORS) | _body(reason),
        },
        f"{letters}/{{event_id}}/{{subscriber}}/discard": {
            "parameters": letter,
            "post": _operation("discard", L("放弃死信", "give up"), changed, _WRITE_ERRORS)
            | _body({**reason, "required": ["reason"]}, required=True),
        },
        f"{base}/_audit": {
            "get": _operation("audit", L("审计日志", "audit trail"), _page(), _READ_ERRORS)
            | {"parameters": _queries(*entries)}
        },
        f"{base}/_audit/verify": {
            "get": _operation("verify_audit", L("校验审计链", "verify the audit chain"), verified, _READ_ERRORS)
            | {"parameters": _queries("cursor")}
        },
    }


def _operation(name: str, label: Label, schema: Schema, errors: Iterable[int]) -> Schema:
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    success = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": f"kit_{name}",
        "summary": f"{label.zh} {label.en}",
        "tags": ["kit"],
        "responses": {"200": success}
        | {str(code): {"description": "错误 / error", "content": problem} for code in errors},
    }


def _answer(properties: Schema, *, subscribers: bool = False) -> Schema:
    listed: Schema = {"subscribers": {"type": "array", "items": _OBJECT}} if subscribers else {}
    return {"type": "object", "required": list(properties), "properties": properties | listed}


def _page() -> Schema:
    return {
        "type": "object",
        "required": ["items", "next", "total"],
        "properties": {
            "items": {"type": "array", "items": _OBJECT},
            "next": _NULLABLE,
            "total": {"type": ["integer", "null"]},
        },
    }


def _queries(*names: str) -> list[Schema]:
    return [{"name": name, "in": "query", "schema": _TEXT} for name in names]


def _body(schema: Schema, *, required: bool = False) -> Schema:
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}
