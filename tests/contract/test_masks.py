"""Secret and masked fields: never in clear to somebody without the right, on no way out; secrets never at rest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from cellkit.declare import Document
from cellkit.testing import Api
from cellkit.testing.cells import Answer
from tests.contract.answers import check_error
from tests.contract.samples import Samples
from tests.contract.subject import NO_TRACE, Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(slots=True)
class Case:
    """A row whose masked fields hold values that stand nowhere else, and a clerk who may do all but reveal."""

    document: type[Document]
    samples: Samples
    clerk: Api
    row: dict[str, Any]
    clear: dict[str, str]

    async def ready(self, verb: str) -> dict[str, Any]:
        """A row on which an action may run, its masked fields filled where they may still be."""
        samples, document = self.samples, self.document
        row = await samples.ready(document, verb)
        if document.states is not None and row["state"] not in document.states.editable:
            return row
        changes = {
            name: await samples.value(document.fields[name]) for name in list(self.clear) if name in document.fields
        }
        path = samples.path(document, row["id"])
        changed: dict[str, Any] = await samples.api.must("PATCH", path, {"version": row["version"], **changes})
        self.clear |= {f"{name} before {verb}": str(value) for name, value in changes.items()}
        return changed

    def leaks(self, text: str) -> list[str]:
        """The fields whose clear value stands in a text."""
        return [name for name, value in self.clear.items() if value in text or json.dumps(value)[1:-1] in text]

    def check(self, answer: Answer) -> None:
        """An answer to the clerk tells none of the values."""
        assert self.leaks(answer.body.decode(errors="replace") + str(answer.headers)) == [], answer.body[:400]


async def case_of(subject: Subject, samples: Samples, document: type[Document]) -> Case | None:
    hidden = document.fields.items()
    names = tuple(name for name, item in hidden if item.mask and not item.readonly and not item.write_only)
    if not names or not document.creatable:
        return None
    body = await samples.body(document, also=names)
    row = await samples.api.must("POST", samples.path(document), body)
    clear = {name: str(body[name]) for name in names if body.get(name)}
    assert clear.keys() == set(names), "the samples fill every masked field"
    assert all(len(value) >= 4 for value in clear.values())
    clerk = samples.api.as_user([name for name in subject.permissions() if name != f"{document.key}.reveal"])
    return Case(document, samples, clerk, row, clear)


def masked_lines(document: type[Document]) -> list[str]:
    return [f"{name}.{key}" for name, grid in document.lines.items() for key, item in grid.fields.items() if item.mask]


async def test_reads_and_answers(subject: Subject, samples: Samples, document: type[Document]) -> None:
    case = await case_of(subject, samples, document)
    if case is None:
        return
    path = samples.path(document, case.row["id"])
    shown = await case.clerk.get(path)
    case.check(shown)
    for name in case.clear:
        assert "*" in shown.json[name], f"{name} is neither shown nor masked"
    for query in ({}, {"limit": "200"}, {"total": "true"}, {"filter": {"id": case.row["id"]}}):
        case.check(await case.clerk.get(samples.path(document), **query))
    for file_format in ("csv", "xlsx", "json"):
        case.check(await case.clerk.get(f"/exports/{document.plural}", format=file_format))
    editable = document.states is None or case.row["state"] in document.states.editable
    if editable:
        changed = await case.clerk.patch(path, {"version": case.row["version"], "extension": {"a": 1}})
        assert changed.status == 200, changed.body.decode()
        case.check(changed)
        # Sent back as it was shown, the mask changes nothing behind it.
        mask = {name: shown.json[name] for name in case.clear}
        again = await case.clerk.patch(path, {**mask, "version": changed.json["version"]})
        case.check(again)
        if again.status == 200:
            asked = {"fields": list(case.clear), "reason": "对照"}
            seen = await samples.api.must("POST", f"{path}/reveal", asked)
            assert seen["values"] == case.clear
    for verb in document.actions:
        row = await case.ready(verb)
        body = await samples.parameters(document, verb, row)
        answer = await case.clerk.post(samples.path(document, row["id"], verb), body)
        assert answer.status == 200, answer.body.decode()
        case.check(answer)


async def test_hidden_fields_are_not_there(subject: Subject, samples: Samples, document: type[Document]) -> None:
    """Any field may be hidden from a role by the tenant's own rule, masked ones and others alike."""
    masked = document.fields.items()
    also = tuple(name for name, item in masked if item.mask and not item.readonly and not item.write_only)
    row = await samples.make(document, also)
    path = samples.path(document, row["id"])
    rules = {f"{document.key}.{name}": "hide" for name in document.fields}
    clerk = samples.api.as_user(["*"], field_rules=rules)
    shown = (await clerk.get(path)).json
    assert not shown.keys() & document.fields.keys()
    listed = (await clerk.get(samples.path(document), limit="200")).json["items"]
    assert listed
    assert not {name for item in listed for name in item} & document.fields.keys()
    labels = {name.removesuffix("_id") + "_label" for name, item in document.fields.items() if item.kind == "reference"}
    assert not (shown.keys() | listed[0].keys()) & labels
    for name in document.fields:
        check_error(await clerk.get(samples.path(document), filter={name: "x"}), 400)
        check_error(await clerk.get(samples.path(document), filter={name: {"null": True}}), 400)
        check_error(await clerk.get(samples.path(document), sort=name), 400)
        answer = await clerk.patch(path, {"version": row["version"], name: None})
        assert answer.status in {409, 422}, f"{name}: {answer.body[:300]!r}"
    export = await clerk.get(f"/exports/{document.plural}", format="csv")
    values = [str(row[name]) for name in document.fields if isinstance(row.get(name), str) and len(row[name]) >= 6]
    own = {str(value) for name, value in row.items() if name not in document.fields}
    assert not [value for value in values if value not in own and value in export.body.decode(errors="replace")]


async def test_cannot_be_guessed(subject: Subject, samples: Samples, document: type[Document]) -> None:
    """No filter, order or search tells the clerk whether he guessed right."""
    case = await case_of(subject, samples, document)
    if case is None:
        return
    listing = samples.path(document)
    for name, value in case.clear.items():
        for condition in (value, {"eq": value}, {"ne": value}, {"gte": value}, {"lt": value + "z"}, {"in": [value]},
                          {"contains": value[:3]}, {"starts": value[:3]}, {"null": False}, None, [value]):  # fmt: skip
            check_error(await case.clerk.get(listing, filter={name: condition}), 400)
        for text in (name, f"-{name}", f"id,{name}"):
            check_error(await case.clerk.get(listing, sort=text), 400)
        for fragment in (value, value[: len(value) // 2 + 2], value.lower()):
            answer = await case.clerk.get(listing, q=fragment)
            if answer.status == 200:
                visible = [
                    item
                    for item in answer.json["items"]
                    if fragment.lower() not in json.dumps(item, ensure_ascii=False).lower()
                ]
                assert visible == [], f"a search for {name} tells the clerk that it is there"
        secret = document.fields[name]
        found = await case.samples.api.get(listing, filter={name: value})
        if secret.secret and secret.find:
            assert case.row["id"] in [item["id"] for item in found.json["items"]], name
        elif secret.secret:
            check_error(found, 400)
        check_error(await case.samples.api.get(listing, sort=name), 400) if secret.secret else None


async def test_errors_do_not_tell(subject: Subject, samples: Samples, document: type[Document]) -> None:
    case = await case_of(subject, samples, document)
    if case is None:
        return
    path = samples.path(document, case.row["id"])
    case.check(await case.clerk.patch(path, {"version": 999}))
    case.check(await case.clerk.patch(path, {"version": case.row["version"], "wrong": 1}))
    for verb in document.actions:
        case.check(await case.clerk.post(samples.path(document, case.row["id"], verb), {"version": 999}))
    # A second row with the same unique values: the refusal must not repeat what it collided with.
    unique = {name: case.row[name] for name, item in document.fields.items() if item.unique and name in case.clear}
    if unique:
        body = await samples.body(document)
        answer = await samples.api.post(samples.path(document), {**body, **unique})
        case.check(answer)


async def test_events_and_audit_do_not_tell(subject: Subject, samples: Samples, document: type[Document]) -> None:
    case = await case_of(subject, samples, document)
    if case is None:
        return
    editable = document.states is None or case.row["state"] in document.states.editable
    if editable:
        fresh = await samples.body(document, also=tuple(case.clear))
        changes = {name: fresh[name] for name in case.clear}
        path = samples.path(document, case.row["id"])
        changed = await samples.api.patch(path, {"version": case.row["version"], **changes})
        assert changed.status == 200, changed.body.decode()
        case.clear |= {f"{name} (new)": str(value) for name, value in changes.items()}
    for verb in document.actions:
        row = await case.ready(verb)
        body = await samples.parameters(document, verb, row)
        await samples.api.must("POST", samples.path(document, row["id"], verb), body)
    for event in await subject.events(samples.api.tenant_id):
        assert case.leaks(json.dumps(event, ensure_ascii=False, default=str)) == [], event["type"]
    for entry in await subject.audit(samples.api.tenant_id):
        assert case.leaks(f"{entry['before']} {entry['after']}") == [], entry["action"]
    shown = await case.clerk.get("/_audit", limit="200")
    case.check(shown)


async def test_secrets_are_nowhere_at_rest(subject: Subject, samples: Samples, document: type[Document]) -> None:
    """No table of the database holds a secret field's value in clear: not its own, not the kit's."""
    case = await case_of(subject, samples, document)
    if case is None:
        return
    secret = {name: value for name, value in case.clear.items() if document.fields[name].secret}
    found = []
    for table in subject.tables:
        if table in NO_TRACE:
            continue
        # bytea shows as hexadecimal, so the kept answers are read as text as well.
        columns = await subject.owner.fetch(
            "SELECT attname, atttypid::regtype::text AS kind FROM pg_attribute "
            "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
            table,
        )
        for column in columns:
            shown = (
                f"encode(\"{column['attname']}\", 'escape')"
                if column["kind"] == "bytea"
                else f'"{column["attname"]}"::text'
            )
            for name, value in secret.items():
                hits = await subject.owner.fetchval(
                    f'SELECT count(*) FROM "{table}" WHERE position($1 in {shown}) > 0',  # noqa: S608 - from the catalogue
                    value,
                )
                if hits:
                    found.append(f"{name} in {table}.{column['attname']}")
    assert found == []
