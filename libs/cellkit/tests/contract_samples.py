"""Examples for the kit's own documents in the platform's contract tests: what the declarations cannot tell."""

from __future__ import annotations

import itertools
from typing import Any

_serial = itertools.count(1)


def sample(key: str, references: dict[str, str]) -> dict[str, Any]:
    """Fields to lay over the generic body."""
    number = next(_serial)
    values: dict[str, dict[str, Any]] = {
        # Under a condition that is never met, so that the action it is about stays as it is.
        "kit.approval_flow": {
            "entity": "sample.receipt",
            "verb": "post",
            "definition": {
                "when": "version < 0",
                "steps": [{"key": "one", "name": "审批", "who": {"kind": "leader"}}],
            },
        },
        "kit.approval_delegation": {
            "user_id": ...,
            "entity": ...,
            "valid_from": ...,
            "valid_to": "2099-01-01T00:00:00Z",
        },
        # Not in use: the label of a field in use heads the columns of everybody who may read the field.
        "kit.custom_field": {"entity": "sample.item", "name": f"x_field_{number}", "kind": "text", "active": False},
        "kit.print_template": {
            "entity": "sample.order",
            "print": "standard",
            "paper": "A4",
            "mode": "layout",
            "layout": {"facts": [{"field": "number"}]},
            "code": f"code-{number}",
            "logo": ...,
        },
        "kit.notification_rule": {
            "entity": "sample.item",
            "happens": "updated",
            "kind": "sample.changed",
            "condition": ...,
            "recipients": [{"type": "owner"}],
            "channels": ...,
            "active": False,
        },
        "kit.notification_template": {"kind": f"sample.kind-{number}"},
        # Switched off, so that the notices of other tests go nowhere.
        "kit.notification_channel": {
            "code": f"channel-{number}",
            "type": "webhook",
            "kinds": ["nothing.*"],
            "active": False,
            "url": f"https://hooks.example.com/planted-{number}-path",
            "secret": f"whsec-planted-{number}-secret",
            "password": ...,
            "username": ...,
            "link_base": ...,
            "host": ...,
            "sender": ...,
        },
        # Of a document that is not there, so that running it erases nothing of other tests.
        "kit.privacy_erasure": {
            "documents": [{"entity": "sample.item", "id": "01900000-0000-7000-8000-000000000000"}],
        },
        "kit.view": {
            "entity": "sample.order",
            "name": f"view {number}",
            "settings": {"columns": [{"field": "number"}, {"field": "amount"}]},
        },
        "kit.report_definition": {
            "entity": "sample.order",
            "name": f"report {number}",
            "definition": {"rows": ["month(order_date)"], "measures": ["sum(amount)"]},
            "sharing": "all",
        },
        "kit.dictionary": {"code": f"own.words_{number}", "items": [{"code": "a", "label_zh": "甲"}]},
    }
    return values.get(key, {})


async def body(key: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """A body that names another row, or the caller himself."""
    if key != "kit.report_subscription":
        return None
    report = await samples.make(samples.table(f"{api.cell}.report_definition"))
    name = f"subscription {next(_serial)}"
    return {"name": name, "report": report["id"], "cron": "0 8 * * 1", "recipients": [api.user_id]}


def also_needed(key: str) -> list[str]:
    """Permissions that a write asks for besides the document's own."""
    readable = ["sample.order.read"]
    return {
        "kit.view": readable,
        "kit.report_definition": [*readable, "sample.report_definition.share"],
        "kit.report_subscription": [*readable, "sample.report_subscription.share"],
    }.get(key, [])
