"""Bad input of every kind: a clear 4xx in the contract's shape, and nothing written."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from cellkit.declare import (
    Choice,
    Date,
    Document,
    ExternalRef,
    Field,
    Flag,
    Integer,
    Json,
    Moment,
    Number,
    Ref,
    Table,
    Text,
)
from tests.contract.answers import check_error
from tests.contract.samples import Samples
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")
MEGABYTE = 1024 * 1024


@pytest_asyncio.fixture(loop_scope="session")
async def nothing_written(subject: Subject, samples: Samples, document: type[Document]) -> AsyncIterator[Any]:
    """Compares the whole database before and after; ``begin`` is called once the test's own rows are made."""
    before: dict[str, Any] = {}

    async def begin() -> None:
        before.update(await subject.fingerprint())

    yield begin
    assert before, "the test never began"
    assert await subject.fingerprint() == before


def wrong_values(item: Field) -> Iterator[Any]:  # noqa: C901 - one branch a kind of field
    """Values that no field of this kind may take."""
    yield [1]
    yield {"a": 1}
    if isinstance(item, Choice):
        yield from ("no-such-choice", 5)
    elif isinstance(item, Text):
        yield from (5, True, "x" * (item.max + 1), "中" * (item.max + 1))
    elif isinstance(item, Integer):
        yield from ("five", "5", True, 2**63, -(2**63) - 1, 10**40)
        if item.min is not None:
            yield item.min - 1
        if item.max is not None:
            yield item.max + 1
    elif isinstance(item, Number):
        yield from ("abc", "1e5", "", " 1", "1,000", "NaN", "Infinity", "0x10", "1_000", "١", True)
        yield from ("9" * 40, "-" + "9" * 40, 10**40, "0." + "1" * (item.scale + 1))
        if item.min is not None:
            yield str(item.min - 1)
        if item.max is not None:
            yield str(item.max + 1)
        if item.above is not None:
            yield from (str(item.above), str(item.above - 1))
    elif isinstance(item, Date):
        yield from (
            "2026-13-01",
            "2026-02-30",
            "26-1-1",
            "20260301",
            "2026-W01-1",
            "soon",
            20260301,
            "2026-03-01T00:00:00Z",
        )
    elif isinstance(item, Moment):
        yield from ("2026-03-01T00:00:00", "soon", 5, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
    elif isinstance(item, Flag):
        yield from ("yes", 1, 0, "true")
    elif isinstance(item, Ref) or item.array_type == "uuid":
        yield from ("x", 5, "0" * 36, str(uuid.uuid4()) + "0", "../../etc")
    elif isinstance(item, ExternalRef):
        yield from (5, "", "x" * 101)


def wrong_bodies(document: type[Document], good: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, body) for every field and every wrong value of it, one at a time."""
    for name, item in document.fields.items():
        if isinstance(item, Json):
            continue
        if item.readonly:
            yield name, {**good, name: "1"}
            continue
        for value in wrong_values(item):
            yield name, {**good, name: value}
        if item.required and item.default is None:
            yield name, {**good, name: None}
            yield name, {key: value for key, value in good.items() if key != name}
    yield from _wrong_lines(document, good)
    for name in (
        "no_such_field",
        "id",
        "tenant_id",
        "number",
        "state",
        "owner_id",
        "source",
        "created_by",
        "version",
        "result",
    ):
        if name not in document.fields:
            yield name, {**good, name: "1"}
    for value in ("x", 5, [], True):
        yield "extension", {**good, "extension": value}


def _wrong_lines(document: type[Document], good: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, grid in document.lines.items():
        whole: tuple[Any, ...] = ("x", 5, {}, [1], ["x"], [None], [[]], None)
        for value in whole:
            yield name, {**good, name: value}
        for line in good.get(name, [])[:1]:
            for key, item in grid.fields.items():
                if isinstance(item, Json):
                    continue
                for value in ["1"] if item.readonly else wrong_values(item):
                    body = copy.deepcopy(good)
                    body[name][0] = {**line, key: value}
                    yield f"{name}[0].{key}", body
            body = copy.deepcopy(good)
            body[name][0]["no_such_field"] = 1
            yield f"{name}[0].no_such_field", body
            yield name, {**good, name: [line] * (grid.max + 1)}
        if grid.min > 0:
            yield name, {**good, name: []}


async def test_wrong_values_on_create(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    """Each wrong value is refused with its field named."""
    if not document.creatable:
        await nothing_written()
        check_error(await samples.api.post(samples.path(document), {}), 405)
        return
    good = await samples.body(document)
    await nothing_written()
    accepted = []
    for place, body in wrong_bodies(document, good):
        answer = await samples.api.post(samples.path(document), body)
        if answer.status < 400:
            accepted.append((place, body))
            continue
        error = check_error(answer, 422)
        named = [item["field"] for item in error["details"]] if isinstance(error["details"], list) else []
        assert any(field.startswith(place.partition("[")[0]) for field in named), (place, body, error)
    assert accepted == []


async def test_wrong_values_on_change(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    row = await samples.make(document)
    await nothing_written()
    path, version = samples.path(document, row["id"]), row["version"]
    for place, body in wrong_bodies(document, {}):
        if body and place != "version" and list(body.values()) != [None]:
            answer = await samples.api.patch(path, {**body, "version": version})
            check_error(answer, 409, 422)
    for wrong in (None, "1", 1.5, True, 0, -1, 2**70, [1], {"a": 1}):
        check_error(await samples.api.patch(path, {"version": wrong}), 422)
    check_error(await samples.api.patch(path, {}), 422)


async def test_stale_version(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    row = await samples.make(document)
    await nothing_written()
    stale = row["version"] + 7
    error = check_error(
        await samples.api.patch(samples.path(document, row["id"]), {"version": stale}), 409, code="CONFLICT"
    )
    assert error["details"]["current"] == row["version"]
    check_error(await samples.api.delete(samples.path(document, row["id"]), version=stale), 409, code="CONFLICT")
    for verb in document.actions:
        answer = await samples.api.post(samples.path(document, row["id"], verb), {"version": stale})
        check_error(answer, 409, code="CONFLICT")
    for wrong in ("x", "1.5", "-1", "0", "", "9" * 30):
        check_error(await samples.api.delete(samples.path(document, row["id"]), version=wrong), 400, 422)


async def test_forbidden_state(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    """Every action from the first state that does not allow it."""
    row = await samples.make(document)
    await nothing_written()
    for verb, action in document.actions.items():
        if action.source is not None and row["state"] not in action.source:
            body = await samples.parameters(document, verb, row)
            check_error(await samples.api.post(samples.path(document, row["id"], verb), body), 409, code="CONFLICT")


async def test_wrong_parameters(samples: Samples, document: type[Document], verb: str, nothing_written: Any) -> None:
    row = await samples.ready(document, verb)
    good = await samples.parameters(document, verb, row)
    await nothing_written()
    path = samples.path(document, row["id"], verb)
    check_error(await samples.api.post(path, {**good, "no_such_field": 1}), 422)
    for name, item in document.actions[verb].parameters.items():
        if isinstance(item, Json):
            continue
        for value in wrong_values(item):
            check_error(await samples.api.post(path, {**good, name: value}), 422)
        if item.required and item.default is None:
            check_error(await samples.api.post(path, {key: good[key] for key in good if key != name}), 422)


BROKEN = {
    "no JSON": b"{",
    "text": b"hello",
    "list": b"[]",
    "number": b"5",
    "null": b"null",
    "string": b'"x"',
    "two values": b"{}{}",
    "trailing comma": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "not UTF-8": b'{"a":"\xff\xfe"}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "NUL character": b'{"extension":{"a":"x\\u0000y"}}',
    "NUL in a key": b'{"extension":{"a\\u0000":1}}',
    "raw NUL": b'{"a":"\x00"}',
    "lone surrogate": b'{"a":"\\ud800"}',
    "NaN": b'{"a":NaN}',
    "infinity": b'{"a":1e999999999}',
    "deep list": b'{"extension":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "long number": b'{"a":' + b"9" * 100_000 + b"}",
}


async def test_broken_json(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    row = await samples.make(document)
    await nothing_written()
    paths = [("PATCH", samples.path(document, row["id"]))]
    paths += [("POST", samples.path(document, row["id"], verb)) for verb in document.actions]
    if document.creatable:
        paths.append(("POST", samples.path(document)))
    for method, path in paths:
        for kind, raw in BROKEN.items():
            answer = await samples.api.call(method, path, raw)
            assert answer.status in {400, 422}, f"{kind} to {method} {path}: {answer.status} {answer.body[:300]!r}"
            check_error(answer, 400, 422)


async def test_special_characters_in_every_text(
    samples: Samples, document: type[Document], nothing_written: Any
) -> None:
    good = await samples.body(document) if document.creatable else None
    await nothing_written()
    if good is None:
        return
    for name, item in document.fields.items():
        if isinstance(item, Text | ExternalRef) and not item.readonly:
            raw = json.dumps({**good, name: "a\x00b"}).encode()
            check_error(await samples.api.call("POST", samples.path(document), raw), 400, 422)


async def test_too_large(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    row = await samples.make(document)
    await nothing_written()
    large = b'{"no_such_field":"' + b"x" * (10 * MEGABYTE) + b'"}'
    paths = [("PATCH", samples.path(document, row["id"]))]
    paths += [("POST", samples.path(document, row["id"], verb)) for verb in list(document.actions)[:1]]
    if document.creatable:
        paths.append(("POST", samples.path(document)))
    for method, path in paths:
        check_error(await samples.api.call(method, path, large), 413, code="PAYLOAD_TOO_LARGE")
    texts = [name for name, item in document.fields.items() if isinstance(item, Text) and not item.readonly]
    for name in texts[:1]:
        check_error(
            await samples.api.patch(paths[0][1], {name: "x" * (5 * MEGABYTE), "version": row["version"]}), 409, 422
        )


async def test_wrong_content_type(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    row = await samples.make(document)
    await nothing_written()
    for kind in ("text/plain", "application/xml", "multipart/form-data"):
        answer = await samples.api.call(
            "PATCH", samples.path(document, row["id"]), b"{}", headers={"content-type": kind}
        )
        check_error(answer, 415, code="UNSUPPORTED_MEDIA_TYPE")


ILLEGAL_IDS = ("x", "0", "%20", "%2e%2e", "'", "0" * 36, "1" * 5000, "null", "%00", "%ff", "{id}", "*")


async def test_illegal_ids(samples: Samples, document: type[Document], nothing_written: Any) -> None:
    await nothing_written()
    base = f"{samples.subject.base}/{document.plural}"
    for key in (*ILLEGAL_IDS, str(uuid.uuid4())):
        check_error(await samples.api.call("GET", f"{base}/{key}"), 404)
        check_error(await samples.api.call("PATCH", f"{base}/{key}", {"version": 1}), 404)
        check_error(await samples.api.call("DELETE", f"{base}/{key}"), 404)
        for verb in document.actions:
            check_error(await samples.api.call("POST", f"{base}/{key}/{verb}", {}), 404)


WRONG_QUERIES = (
    {"limit": "0"}, {"limit": "-1"}, {"limit": "201"}, {"limit": "x"}, {"limit": "1.5"}, {"limit": "9" * 40},
    {"limit": "１"}, {"cursor": "x"}, {"cursor": "%%"}, {"cursor": "W10"}, {"cursor": "bnVsbA"}, {"cursor": "x" * 3000},
    {"cursor": "中"},
    {"cursor": "W1siLWlkIiwgNV1d"}, {"cursor": "W1siLWlkIl1d"}, {"cursor": "e30"},
    {"sort": "no_such_field"}, {"sort": "--id"}, {"sort": "id;drop"}, {"sort": 'id"'}, {"sort": "id desc"},
    {"sort": "id,id,id,id,id"},
    {"filter": "{"}, {"filter": "[]"}, {"filter": "5"}, {"filter": "null"}, {"filter": '{"no_such_field":1}'},
    {"filter": '{"id":{"like":"x"}}'}, {"filter": '{"id":"x"}'}, {"filter": '{"id":[1]}'}, {"filter": '{"id":{}}x'},
    {"filter": '{"tenant_id":"x"}'}, {"filter": '{"search_text":"x"}'}, {"filter": "[" * 100_000},
    {"filter": '{"id":{"in":' + json.dumps([str(uuid.uuid4())] * 600) + "}}"},
    {"q": "x" * 101}, {"foo": "1"}, {"q": "a\x00b"},
)  # fmt: skip


async def test_broken_queries(subject: Subject, samples: Samples, table: type[Table]) -> None:
    for query in WRONG_QUERIES:
        answer = await samples.api.get(f"/{table.plural}", **query)
        check_error(answer, 400)
    for raw in ("q=%ff", "q=%00", "limit=%ff", "&".join(f"a{number}=1" for number in range(500))):
        target = f"{subject.base}/{table.plural}?{raw}"
        answer = await _raw(samples, target)
        check_error(answer, 400)


async def test_every_filter_of_every_field_is_answered(samples: Samples, table: type[Table]) -> None:
    """Any operator with any value: an answer or a clear refusal, never a failure of the server."""
    names = [*table.fields, "id", "number", "state", "version", "owner_id", "created_at", "source"]
    values: list[Any] = [
        "x",
        "",
        5,
        -1,
        1.5,
        "9" * 30,
        True,
        None,
        [],
        ["x", 1],
        {},
        "2026-03-01",
        "%",
        "\\",
        "'",
        str(uuid.uuid4()),
        10**30,
    ]
    for name in names:
        for operator in (None, "eq", "ne", "gt", "gte", "lt", "lte", "in", "null", "contains", "starts"):
            for value in values:
                condition = value if operator is None else {operator: value}
                answer = await samples.api.get(f"/{table.plural}", filter={name: condition}, limit="1")
                if answer.status != 200:
                    check_error(answer, 400)


async def _raw(samples: Samples, target: str) -> Any:
    from cellkit import signing
    from cellkit.testing.cells import SIGNING_SECRET, asgi_call

    api = samples.api
    headers = signing.signed_headers(SIGNING_SECRET, "GET", target, api.user_id, "raw-1", api.tenant_id)
    return await asgi_call(api.app, "GET", target, {name.lower(): value for name, value in headers.items()}, b"")
