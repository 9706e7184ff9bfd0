"""Events in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import (
    NUMBER,
    OBJECT,
    PAGE_PARAMETERS,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    body,
    operation,
    page,
    queries,
    shape,
)
from cellkit.labels import L

_EVENT: Schema = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "tenantid", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        **dict.fromkeys(("id", "source", "type", "subject", "tenantid", "partitionkey", "actor"), TEXT),
        "time": {"type": "string", "format": "date-time"},
        "data": OBJECT,
    },
}


def messaging_paths(cell: str) -> Schema:
    """The paths of the inbox and the outbox console."""
    base = f"/api/v1/{cell}"
    letters = f"{base}/_outbox/dead-letters"
    letter = [
        {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
        {"name": "subscriber", "in": "path", "required": True, "schema": TEXT},
    ]
    counts = shape(
        dict.fromkeys(("unrouted", "pending", "retrying", "dead"), NUMBER),
        optional={"subscribers": {"type": "array", "items": OBJECT}},
    )
    changed = shape(dict.fromkeys(("event_id", "subscriber", "state"), TEXT))
    received = shape({"source": TEXT, "event_id": TEXT, "type": TEXT, "handled_at": TEXT, "duplicates": NUMBER})
    told = shape({"event": OBJECT, "deliveries": {"type": "array", "items": OBJECT}})
    replayed = shape({"subscriber": TEXT, "events": NUMBER})
    moment = {**TEXT, "format": "date-time"}
    texts = {"type": "array", "items": TEXT, "minItems": 1}
    range_ = shape(
        {"subscriber": TEXT, "from": moment, "to": moment, "reason": {**TEXT, "minLength": 1, "maxLength": 500}},
        optional={"types": texts, "states": texts},
    ) | {"additionalProperties": False}
    reason = {"type": "object", "properties": {"reason": {**TEXT, "maxLength": 500}}, "additionalProperties": False}
    return {
        f"{base}/_inbox": {
            "post": operation("inbox", L("接收事件", "take an event"), shape({"status": TEXT}), WRITE_ERRORS)
            | body(_EVENT, required=True),
            "get": operation("inbox_events", L("已接收事件", "events handled"), page(received), READ_ERRORS)
            | {
                "parameters": queries(
                    "source", "type", "subject", "event_id", "duplicates", "from", "to", *PAGE_PARAMETERS
                )
            },
        },
        f"{base}/_outbox/events": {
            "get": operation("events", L("事件", "events"), page(), READ_ERRORS)
            | {"parameters": queries("type", "subject", "from", "to", *PAGE_PARAMETERS)}
        },
        f"{base}/_outbox/events/{{event_id}}": {
            "parameters": letter[:1],
            "get": operation("event", L("事件与投递", "an event with its deliveries"), told, (*READ_ERRORS, 404)),
        },
        f"{base}/_outbox/deliveries": {
            "get": operation("deliveries", L("投递", "deliveries"), page(), READ_ERRORS)
            | {
                "parameters": queries(
                    "event_id", "subscriber", "state", "type", "subject", "from", "to", *PAGE_PARAMETERS
                )
            }
        },
        f"{base}/_outbox/replays": {
            "post": operation("replays", L("按范围重放", "send a range again"), replayed, WRITE_ERRORS)
            | body(range_, required=True)
            | {"parameters": [REQUEST_ID]}
        },
        f"{base}/_outbox": {"get": operation("outbox", L("待发事件数", "events that wait"), counts, READ_ERRORS)},
        letters: {
            "get": operation("dead_letters", L("死信", "dead letters"), page(), READ_ERRORS)
            | {"parameters": queries("subscriber", *PAGE_PARAMETERS)}
        },
        f"{letters}/{{event_id}}/{{subscriber}}/replay": {
            "parameters": letter,
            "post": operation("replay", L("重发死信", "send again"), changed, WRITE_ERRORS) | body(reason),
        },
        f"{letters}/{{event_id}}/{{subscriber}}/discard": {
            "parameters": letter,
            "post": operation("discard", L("放弃死信", "give up"), changed, WRITE_ERRORS)
            | body({**reason, "required": ["reason"]}, required=True),
        },
    }
