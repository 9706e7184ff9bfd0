"""A request with the same id is answered once: the same answer again, one row, one event, one audit entry."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cellkit.declare import Document
from cellkit.testing.cells import Answer
from tests.contract.answers import check_error
from tests.contract.samples import Samples
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def repeat(subject: Subject, samples: Samples, method: str, path: str, body: Any, **query: Any) -> Answer:
    """Send a request twice, then with another body; check that only the first did anything."""

    async def send(content: Any) -> Answer:
        return await samples.api.call(method, path, content, request_id="once-only", query=query)

    first = await send(body)
    assert first.status < 300, first.body.decode()
    after = await subject.fingerprint()
    again = await send(body)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers.get("idempotent-replay") == "true"
    assert "idempotent-replay" not in first.headers
    for name in ("location", "content-type"):
        assert again.headers.get(name) == first.headers.get(name)
    if method != "DELETE":
        check_error(await send({**body, "extension": {"other": 1}}), 409, code="IDEMPOTENT_CONFLICT")
        check_error(await send(b"{}" if body else b'{"a":1}'), 409, code="IDEMPOTENT_CONFLICT")
    assert await subject.fingerprint() == after
    return first


async def test_create(subject: Subject, samples: Samples, document: type[Document]) -> None:
    if not document.creatable:
        check_error(await samples.api.post(samples.path(document), {}), 405)
        return
    body = await samples.body(document)
    made = await repeat(subject, samples, "POST", samples.path(document), body)
    assert made.status == 201
    assert made.headers["location"].endswith(samples.path(document, made.json["id"]))


async def test_change(subject: Subject, samples: Samples, document: type[Document]) -> None:
    row = await samples.make(document)
    body = {"version": row["version"], "extension": {"note": 1}}
    if document.states is not None and row["state"] not in document.states.editable:
        check_error(await samples.api.patch(samples.path(document, row["id"]), body), 409)
        return
    changed = await repeat(subject, samples, "PATCH", samples.path(document, row["id"]), body)
    assert changed.json["version"] == row["version"] + 1


async def test_delete(subject: Subject, samples: Samples, document: type[Document]) -> None:
    row = await samples.make(document)
    if document.states is not None and row["state"] not in document.states.deletable:
        check_error(await samples.api.delete(samples.path(document, row["id"])), 409)
        return
    path = samples.path(document, row["id"])
    # A document that others were made from may refuse; then nothing is kept and the refusal is repeated.
    first = await samples.api.call("DELETE", path, request_id="try")
    if first.status == 204:
        again = await samples.api.call("DELETE", path, request_id="try")
        assert (again.status, again.body, again.headers.get("idempotent-replay")) == (204, b"", "true")
        check_error(await samples.api.get(path), 404)
        check_error(await samples.api.call("DELETE", path), 404)
    else:
        check_error(first, 409, 422)
        assert (await samples.api.get(path)).status == 200


async def test_action(subject: Subject, samples: Samples, document: type[Document], verb: str) -> None:
    row = await samples.ready(document, verb)
    body = await samples.parameters(document, verb, row)
    await repeat(subject, samples, "POST", samples.path(document, row["id"], verb), body)


async def test_same_id_for_another_user_or_path_is_another_request(samples: Samples, document: type[Document]) -> None:
    if not document.creatable:
        return
    first = await samples.api.post(samples.path(document), await samples.body(document), request_id="shared")
    colleague = samples.as_api(samples.api.as_user())
    second = await colleague.api.post(samples.path(document), await samples.body(document), request_id="shared")
    assert (first.status, second.status) == (201, 201), second.body.decode()
    assert first.json["id"] != second.json["id"]


async def test_refused_request_may_be_sent_again(samples: Samples, document: type[Document]) -> None:
    if not document.creatable:
        return
    body = await samples.body(document)
    check_error(await samples.api.post(samples.path(document), {**body, "wrong": 1}, request_id="again"), 422)
    answer = await samples.api.post(samples.path(document), body, request_id="again")
    assert answer.status == 201, answer.body.decode()
    assert "idempotent-replay" not in answer.headers


async def test_simultaneous_creates(subject: Subject, samples: Samples, document: type[Document]) -> None:
    if not document.creatable:
        return
    body = await samples.body(document)
    before = await subject.rows_of(document.table_name, samples.api.tenant_id)
    events = len(await subject.events(samples.api.tenant_id))
    answers = await asyncio.gather(
        *(samples.api.post(samples.path(document), body, request_id="together") for _ in range(5))
    )
    assert {answer.status for answer in answers} == {201}, [answer.body for answer in answers]
    assert len({answer.body for answer in answers}) == 1
    assert sum("idempotent-replay" not in answer.headers for answer in answers) == 1
    assert len(await subject.rows_of(document.table_name, samples.api.tenant_id)) == len(before) + 1
    own = [
        item for item in (await subject.events(samples.api.tenant_id))[events:] if item["type"].startswith(document.key)
    ]
    assert sum(item["type"] == f"{document.key}.created.v1" for item in own) == 1


async def test_simultaneous_actions(subject: Subject, samples: Samples, document: type[Document], verb: str) -> None:
    row = await samples.ready(document, verb)
    body = await samples.parameters(document, verb, row)
    path = samples.path(document, row["id"], verb)
    answers = await asyncio.gather(*(samples.api.post(path, body, request_id="together") for _ in range(5)))
    assert {answer.status for answer in answers} == {200}, [answer.body for answer in answers]
    assert len({answer.body for answer in answers}) == 1
    entries = [
        item
        for item in await subject.audit(samples.api.tenant_id)
        if item["action"] == f"{document.key}.{verb}"
        and item["request_id"] == "together"
        and item["entity_id"] == row["id"]
    ]
    assert len(entries) == 1
