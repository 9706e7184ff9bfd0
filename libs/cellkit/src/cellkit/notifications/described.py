"""Notifications in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import (
    FLAG,
    NULLABLE,
    NUMBER,
    OBJECT,
    PAGE_PARAMETERS,
    READ_ERRORS,
    TEXT,
    WRITE_ERRORS,
    Schema,
    body,
    operation,
    page,
    path_id,
    queries,
    query,
    shape,
)
from cellkit.labels import L

_NOTICE = shape(
    {
        "id": TEXT,
        "kind": TEXT,
        "title": TEXT,
        "text": NULLABLE,
        "link": NULLABLE,
        "restricted": FLAG,
        "must_read": FLAG,
    },
    optional=dict.fromkeys(("entity", "entity_id", "created_at", "read_at", "confirmed_at", "archived_at"), NULLABLE),
)
_PREFERENCES: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "channels": OBJECT,
        "kinds": OBJECT,
        "quiet": {"type": ["object", "null"]},
        "digest": {"enum": ["immediate", "hourly", "daily"]},
        "digest_at": TEXT,
        "email": NULLABLE,
    },
}
_NOTHING: Schema = {"type": "object", "additionalProperties": False}


def notification_paths(cell: str) -> Schema:
    """The paths of the inbox."""
    base = f"/api/v1/{cell}/_notifications"
    which: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"ids": {"type": "array", "maxItems": 200, "items": TEXT}, "all": {"const": True}, "kind": TEXT},
    }
    state = query("state", {"enum": ["inbox", "unread", "must-read", "archived", "all"]})
    paths: Schema = {
        base: {
            "get": operation("notifications", L("我的通知", "my notices"), page(_NOTICE), READ_ERRORS)
            | {"parameters": [state, *queries("kind", *PAGE_PARAMETERS)]}
        },
        f"{base}/unread-count": {
            "get": operation(
                "unread_notifications",
                L("未读通知数", "unread notices"),
                shape({"unread": NUMBER, "must_read": NUMBER, "capped": FLAG}),
                READ_ERRORS,
            )
        },
        f"{base}/read": {
            "post": operation("read_notifications", L("标为已读", "mark read"), shape({"read": NUMBER}), WRITE_ERRORS)
            | body(which, required=True)
        },
        f"{base}/preferences": {
            "get": operation("notification_preferences", L("通知偏好", "preferences"), _PREFERENCES, READ_ERRORS),
            "put": operation(
                "prefer_notifications", L("修改通知偏好", "change preferences"), _PREFERENCES, WRITE_ERRORS
            )
            | body(_PREFERENCES, required=True),
        },
        f"{base}/{{id}}": {
            "parameters": [path_id()],
            "get": operation("notification", L("一条通知", "one notice"), _NOTICE, (*READ_ERRORS, 404)),
        },
    }
    delivery = shape(
        {"id": TEXT, "state": TEXT, "attempts": NUMBER},
        optional=dict.fromkeys(("last_error", "next_at", "channel_id", "user_id", "kind"), NULLABLE),
    )
    states = query("state", {"enum": ["pending", "sending", "sent", "dead", "discarded"]})
    paths[f"{base}/deliveries"] = {
        "get": operation("notification_deliveries", L("发送记录", "deliveries"), page(delivery), READ_ERRORS)
        | {"parameters": [states, *queries("channel_id", *PAGE_PARAMETERS)]}
    }
    for verb, label in {"replay": L("重新发送", "send again"), "discard": L("放弃发送", "give up")}.items():
        paths[f"{base}/deliveries/{{id}}/{verb}"] = {
            "parameters": [path_id()],
            "post": operation(f"{verb}_delivery", label, shape({"id": TEXT, "state": TEXT}), WRITE_ERRORS)
            | body(_NOTHING),
        }
    labels = {
        "read": L("标为已读", "mark read"),
        "confirm": L("确认必读通知", "confirm"),
        "archive": L("归档", "archive"),
        "restore": L("移回收件箱", "back to the inbox"),
    }
    for verb, label in labels.items():
        paths[f"{base}/{{id}}/{verb}"] = {
            "parameters": [path_id()],
            "post": operation(f"{verb}_notification", label, _NOTICE, WRITE_ERRORS) | body(_NOTHING),
        }
    return paths
