"""What a write leaves besides its row: one audit entry and its events; a refused write leaves neither."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from cellkit.declare import Document
from cellkit.testing.cells import Answer
from tests.contract.samples import Samples
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Traces:
    """Audit entries and events that a request added."""

    def __init__(self, subject: Subject, samples: Samples) -> None:
        self.subject, self.samples = subject, samples
        self.entries: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []

    async def of(self, method: str, path: str, body: Any = None) -> Answer:
        tenant = self.samples.api.tenant_id
        entries, events = len(await self.subject.audit(tenant)), len(await self.subject.events(tenant))
        request_id = f"trace-{uuid.uuid4()}"
        answer = await self.samples.api.call(
            method, path, body, request_id=request_id, headers={"x-client-address": "203.0.113.7"}
        )
        self.entries = (await self.subject.audit(tenant))[entries:]
        self.events = (await self.subject.events(tenant))[events:]
        for entry in self.entries:
            assert entry["user_id"] == self.samples.api.user_id
            assert entry["request_id"] == request_id
            assert entry["address"] == "203.0.113.7"
            assert abs((datetime.now(UTC) - entry["at"]).total_seconds()) < 60
            assert len(entry["row_hash"]) == 32
        for event in self.events:
            self._check_event(event)
        return answer

    def _check_event(self, event: dict[str, Any]) -> None:
        subject, api = self.subject, self.samples.api
        assert event["specversion"] == "1.0"
        assert uuid.UUID(event["id"]).version == 7
        assert event["source"] == f"/cells/{subject.name}"
        assert event["type"].startswith(f"{subject.name}.")
        assert event["type"].endswith(".v1")
        assert event["type"] in subject.cell.published_types(), f"{event['type']} is not announced"
        assert event["subject"]
        assert event["partitionkey"]
        assert event["tenantid"] == api.tenant_id
        assert event["actor"] == api.user_id
        assert event["datacontenttype"] == "application/json"
        assert event["traceparent"].startswith("00-")
        assert datetime.fromisoformat(event["time"]).tzinfo is not None
        assert isinstance(event["data"], dict)
        # CloudEvents: extension names are lower-case letters and digits.
        assert all(name.isalnum() and name.islower() for name in event)

    def named(self, action: str, key: str) -> list[dict[str, Any]]:
        """The entries of an action on one row."""
        return [item for item in self.entries if item["action"] == action and item["entity_id"] == key]

    def typed(self, event_type: str, key: str) -> list[dict[str, Any]]:
        """The events of a type about one row."""
        return [item for item in self.events if item["type"] == event_type and item["subject"] == key]


async def test_create(subject: Subject, samples: Samples, document: type[Document]) -> None:
    if not document.creatable:
        await samples.make(document)
        actions = [
            item["action"] for item in await subject.audit(samples.api.tenant_id) if item["entity"] == document.key
        ]
        assert f"{document.key}.create" in actions
        return
    traces = Traces(subject, samples)
    answer = await traces.of("POST", samples.path(document), await samples.body(document))
    assert answer.status == 201, answer.body.decode()
    key = answer.json["id"]
    entry = traces.named(f"{document.key}.create", key)
    assert len(entry) == 1
    assert entry[0]["entity"] == document.key
    assert entry[0]["before"] is None
    assert key in entry[0]["after"]
    assert len(traces.typed(f"{document.key}.created.v1", key)) == 1


async def test_change_and_delete(subject: Subject, samples: Samples, document: type[Document]) -> None:
    row = await samples.make(document)
    if document.states is not None and row["state"] not in document.states.editable & document.states.deletable:
        return
    traces, path = Traces(subject, samples), samples.path(document, row["id"])
    changed = await traces.of("PATCH", path, {"version": row["version"], "extension": {"note": "值"}})
    assert changed.status == 200, changed.body.decode()
    assert len(traces.named(f"{document.key}.update", row["id"])) == 1
    assert len(traces.typed(f"{document.key}.updated.v1", row["id"])) == 1
    gone = await traces.of("DELETE", path)
    if gone.status == 204:
        assert len(traces.named(f"{document.key}.delete", row["id"])) == 1
        assert traces.named(f"{document.key}.delete", row["id"])[0]["after"] is None
        assert len(traces.typed(f"{document.key}.deleted.v1", row["id"])) == 1
    else:
        assert (traces.entries, traces.events) == ([], [])


async def test_action(subject: Subject, samples: Samples, document: type[Document], verb: str) -> None:
    row = await samples.ready(document, verb)
    traces, action = Traces(subject, samples), document.actions[verb]
    body = await samples.parameters(document, verb, row)
    answer = await traces.of("POST", samples.path(document, row["id"], verb), body)
    assert answer.status == 200, answer.body.decode()
    assert len(traces.named(f"{document.key}.{verb}", row["id"])) == 1
    if action.event is not None:
        assert len(traces.typed(f"{document.key}.{action.event}.v1", row["id"])) == 1


async def test_refused_writes_leave_nothing(subject: Subject, samples: Samples, document: type[Document]) -> None:
    row = await samples.make(document)
    path, traces = samples.path(document, row["id"]), Traces(subject, samples)
    refused = [
        ("PATCH", path, {"version": 999}),
        ("PATCH", path, {"version": row["version"], "wrong": 1}),
        ("DELETE", path + "?version=999", None),
        ("PATCH", samples.path(document, uuid.uuid4()), {"version": 1}),
    ]
    refused += [("POST", f"{path}/{verb}", {"version": 999}) for verb in document.actions]
    refused += [("POST", samples.path(document), {"wrong": 1})]
    for method, target, body in refused:
        answer = await traces.of(method, target, body)
        assert answer.status >= 400
        assert (traces.entries, traces.events) == ([], [])


async def test_reading_leaves_nothing(subject: Subject, samples: Samples, document: type[Document]) -> None:
    row = await samples.make(document)
    traces = Traces(subject, samples)
    for path in (samples.path(document), samples.path(document, row["id"])):
        assert (await traces.of("GET", path)).status == 200
        assert (traces.entries, traces.events) == ([], [])


async def test_entries_cannot_be_changed_by_the_service(
    subject: Subject, samples: Samples, document: type[Document]
) -> None:
    await samples.make(document)
    connection = await asyncpg.connect(subject.urls.app)
    try:
        await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", samples.api.tenant_id)
        assert await connection.fetchval("SELECT count(*) FROM kit_audit") > 0
        for statement in (
            "UPDATE kit_audit SET user_id = 'somebody'",
            "UPDATE kit_audit SET after = NULL",
            "UPDATE kit_audit SET at = now()",
            "UPDATE kit_audit SET row_hash = '\\x00'",
            "UPDATE kit_audit SET sequence = 1, user_id = 'somebody'",
            "DELETE FROM kit_audit",
            "TRUNCATE kit_audit",
            "ALTER TABLE kit_audit DISABLE TRIGGER ALL",
            "DROP TABLE kit_audit",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement)
    finally:
        await connection.close()
