"""No route of any cell gives a value that its caller may not see: every path of the OpenAPI document is asked.

A row is made whose text fields hold values that stand nowhere else. A clerk from whom the tenant hides (or masks) all
of them asks every readable path there is, so that a new outlet is covered the day it is described.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cellkit import openapi
from cellkit.declare import Document, LongText, Text
from cellkit.testing import Api
from tests.contract.samples import NoSample, Samples
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")
_LEAST = 6
_PLAIN = (Text, LongText)
# Ids name rows that the clerk may see elsewhere.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SLOW = re.compile(r"/_audit/verify|/docs$|/openapi\.json$")


def readable_paths(subject: Subject) -> list[tuple[str, dict[str, Any]]]:
    """Every described path that can be read, with its description."""
    document = openapi.document(subject.cell, subject.app)
    return [(path, item) for path, item in document["paths"].items() if "get" in item and not _SLOW.search(path)]


def filled(path: str, row: dict[str, Any], document: type[Document], others: dict[str, str]) -> str | None:
    """The path with the row's own ids; None where it is of another document's rows."""
    holders = path.split("/")
    if "{" not in path:
        return path
    own = f"/{document.plural}/" in path or f"/{document.plural}" == "/" + holders[-1]
    found = path
    for name in re.findall(r"\{(\w+)\}", path):
        value = row["id"] if name in ("id", "document_id", "entity_id") and (own or "/_" in path) else others.get(name)
        if value is None:
            return None
        found = found.replace("{" + name + "}", value)
    return found


def queries(path: str, item: dict[str, Any], row: dict[str, Any], document: type[Document]) -> list[dict[str, str]]:
    """What each path is asked with: nothing, and whatever it takes that narrows it to the row."""
    names = {one["name"] for one in item["get"].get("parameters", ()) if one.get("in") == "query"}
    asked: list[dict[str, str]] = [{}]
    about = {"entity": document.key, "entity_id": row["id"], "id": row["id"], "document_id": row["id"]}
    narrowing = {name: value for name, value in about.items() if name in names}
    if narrowing:
        asked.append(narrowing)
    if path.endswith(f"/exports/{document.plural}"):
        asked += [{"format": "csv", "lines": "true"}, {"format": "csv"}]
    if "limit" in names:
        asked.append({**narrowing, "limit": "200"})
    return asked


@pytest.mark.parametrize("rule", ["hide", "mask"])
async def test_no_path_tells(subject: Subject, samples: Samples, document: type[Document], rule: str) -> None:
    names = [
        name for name, item in document.fields.items()
        if isinstance(item, Text) and not item.readonly and not item.write_only
    ]  # fmt: skip
    plain = [name for name in names if document.fields[name].check is None and type(document.fields[name]) in _PLAIN]
    try:
        row = await samples.make(document, tuple(plain))
    except NoSample:
        # A text with a meaning of its own (a code of another table, a month): what is filled anyway has to do.
        row = await samples.make(document)
    # Values that are found nowhere else by chance, and not in what everybody may see of the row.
    open_values = json.dumps({name: row[name] for name in row if name not in document.fields}, default=str)
    planted = {
        name: row[name] for name in names
        if isinstance(row.get(name), str) and len(row[name]) >= _LEAST and row[name] not in open_values
        and "*" not in row[name] and row[name] not in subject.cell.tables and not _ID.fullmatch(row[name])
    }  # fmt: skip
    if not planted:
        return
    clerk = samples.api.as_user(["*"], field_rules={f"{document.key}.{name}": rule for name in document.fields})
    asked = 0
    for path, item in readable_paths(subject):
        place = filled(path, row, document, {})
        if place is None:
            continue
        for query in queries(path, item, row, document):
            answer = await clerk.get(place, **query)
            asked += answer.status == 200
            leaks = leaking(planted, answer.body.decode(errors="replace"), rule)
            assert not leaks, f"{place} {query} tells {leaks}: {answer.body[:600]!r}"
    assert asked > 10, "hardly any path answered: the test asks the wrong questions"


def leaking(planted: dict[str, str], body: str, rule: str) -> list[str]:
    """The fields whose value stands in an answer; a short mask may leave a name's first letter, never all of it."""
    del rule
    return [name for name, value in planted.items() if value in body or json.dumps(value)[1:-1] in body]


async def test_no_error_of_a_write_tells(subject: Subject, samples: Samples, document: type[Document]) -> None:
    """A clerk who repeats a unique value, or names a row he cannot reach, learns nothing of it but the refusal."""
    if not document.creatable:
        return
    row = await samples.make(document)
    clerk: Api = samples.api.as_user(["*"], scope="self")
    if not document.scoped:
        return
    path = samples.path(document, row["id"])
    values = [str(value) for name, value in row.items() if name in document.fields and len(str(value)) >= _LEAST]
    own = {row["id"]}
    for answer in (
        await clerk.get(path),
        await clerk.patch(path, {"version": row["version"]}),
        await clerk.delete(path, version=row["version"]),
        *[await clerk.post(samples.path(document, row["id"], verb), {}) for verb in document.actions],
    ):
        assert answer.status == 404, answer.body[:300]
        assert not [value for value in values if value not in own and value in answer.body.decode()]
