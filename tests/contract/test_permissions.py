"""No route without its permission; data scopes hide what is not one's own."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cellkit.declare import Document, Table
from cellkit.meta import permissions_of
from cellkit.testing import Api
from cellkit.testing.cells import Answer
from tests.contract.answers import check_error
from tests.contract.samples import Samples
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")
# Of these every logged-in user sees the part that his rights allow: nothing, without rights.
SELF_DESCRIPTION = ("/_meta", "/openapi.json", "/docs")
# A person's notices, and what he is asked to decide on, are his whatever his rights; their own tests keep others out.
OWN = ("/_notifications", "/_approvals")


async def test_every_route_asks_for_a_permission(subject: Subject, cell_name: str) -> None:
    nobody = subject.tenant(permissions=())
    for method, template in subject.routes():
        if subject.is_open(template) or template.removeprefix(subject.base).startswith((*SELF_DESCRIPTION, *OWN)):
            continue
        target = "/".join(str(uuid.uuid4()) if part.startswith("{") else part for part in template.split("/"))
        answer = await nobody.call(method, target, None if method == "GET" else {})
        assert answer.status in {401, 403}, f"{method} {template}: {answer.status} {answer.body[:200]!r}"
        check_error(answer, 401, 403)


async def test_metadata_shows_nothing_without_rights(subject: Subject, cell_name: str) -> None:
    shown = (await subject.tenant(permissions=()).get(subject.base + "/_meta")).json
    assert (shown["entities"], shown["reports"]) == ([], [])


async def calls(samples: Samples, table: type[Table], verb: str) -> list[tuple[str, str, Any]]:
    """The requests that a permission is for, each ready to succeed: (method, path, body)."""
    path = f"/{table.plural}"
    if verb == "read":
        return [("GET", path, None)]
    if not issubclass(table, Document):
        return []
    if verb == "create":
        return [("POST", path, await samples.body(table))]
    if verb in table.actions:
        row = await samples.ready(table, verb)
        return [("POST", f"{path}/{row['id']}/{verb}", await samples.parameters(table, verb, row))]
    if verb not in {"update", "delete"}:
        return []
    row = await samples.make(table)
    states = table.states
    if states is not None and row["state"] not in (states.editable if verb == "update" else states.deletable):
        return []
    if verb == "update":
        return [("PATCH", f"{path}/{row['id']}", {"version": row["version"], "extension": {"a": 1}})]
    return [("DELETE", f"{path}/{row['id']}", None)]


async def test_one_permission_is_enough_and_all_others_are_not(
    subject: Subject, samples: Samples, table: type[Table]
) -> None:
    for permission in permissions_of(table):
        verb = permission.rsplit(".", 1)[1]
        for method, path, body in await calls(samples, table, verb):
            others = [name for name in subject.permissions() if name != permission]
            refused = await samples.api.as_user(others).call(method, path, body)
            error = check_error(refused, 403, code="FORBIDDEN")
            assert error["details"]["permission"] == permission
            answer = await samples.api.as_user([permission, *samples.also_needed(table)]).call(method, path, body)
            assert answer.status < 300 or (verb == "delete" and answer.status == 409), (
                f"{permission}: {method} {path} → {answer.status} {answer.body[:300]!r}"
            )


async def test_wildcards(samples: Samples, table: type[Table]) -> None:
    cell, entity = table.key.split(".")
    for granted in ("*", f"{cell}.*", f"{table.key}.*", f"*.{entity}.read", f"{cell}.*.read"):
        assert (await samples.api.as_user([granted]).get(f"/{table.plural}")).status == 200, granted
    for granted in (
        "platform.*",
        "other.*",
        f"{table.key}x.*",
        f"{cell}.{entity}",
        f"{table.key}.rea",
        "",
        "service.*",
    ):
        check_error(await samples.api.as_user([granted]).get(f"/{table.plural}"), 403)


async def test_reports_ask_for_their_permission(subject: Subject, cell_name: str) -> None:
    api = subject.tenant()
    for report in subject.cell.reports:
        permission = f"{subject.name}.report.{report.name}"
        others = [name for name in subject.permissions() if name != permission]
        check_error(await api.as_user(others).get(f"/reports/{report.name}"), 403, code="FORBIDDEN")
        answer = await api.as_user([permission]).get(f"/reports/{report.name}")
        assert answer.status != 403, report.name
        assert answer.status < 500, answer.body


async def test_own_scope_hides_the_rows_of_others(samples: Samples, document: type[Document]) -> None:
    """A row of the administrator's, seen by a colleague who reaches his own only."""
    row = await samples.make(document)
    path = samples.path(document, row["id"])
    colleague = samples.api.as_user(scope="self")
    if not document.scoped:
        assert (await colleague.get(path)).status == 200
        return
    owner = row["owner_id"]
    assert owner, f"{document.key} has no owner, so no scope can reach it"
    for scope in ("self", "team", "department", "custom"):
        stranger = samples.api.as_user(scope=scope, department_id=str(uuid.uuid4()), team_user_ids=(str(uuid.uuid4()),))
        listed = await stranger.get(samples.path(document), total="true", limit="200")
        assert listed.json == {"items": [], "next": None, "total": 0}, scope
        assert (await stranger.get(samples.path(document), filter={"id": row["id"]})).json["items"] == []
        never = str(uuid.uuid4())
        for method, suffix, body in _attempts(document, row):
            theirs = await stranger.call(method, path + suffix, body)
            nothing = await stranger.call(method, samples.path(document, never) + suffix, body)
            check_error(theirs, 404, 422)
            assert (theirs.status, theirs.json["code"]) == (nothing.status, nothing.json["code"]), (
                f"{scope} {method} {suffix}"
            )
    mine = samples.api.as_user(scope="self", user_id=owner)
    assert (await mine.get(path)).status == 200
    team = samples.api.as_user(scope="team", team_user_ids=(owner,))
    assert (await team.get(path)).status == 200
    assert row["id"] in _ids(await team.get(samples.path(document), limit="200"))
    everyone = samples.api.as_user(scope="all")
    assert (await everyone.get(path)).json["version"] == row["version"], "a stranger has changed it"


def _attempts(document: type[Document], row: dict[str, Any]) -> list[tuple[str, str, Any]]:
    attempts: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {"version": row["version"]}),
        ("DELETE", "", None),
    ]
    return attempts + [("POST", f"/{verb}", {}) for verb in document.actions]


def _ids(answer: Answer) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


async def test_department_scope_reaches_the_department(subject: Subject, document: type[Document]) -> None:
    department, other = str(uuid.uuid4()), str(uuid.uuid4())
    seller: Api = subject.tenant(department_id=department, department_ids=(department,))
    samples = await Samples.open(subject, seller)
    row = await samples.make(document)
    if not document.scoped or row["department_id"] != department:
        return
    path = samples.path(document, row["id"])
    for scope, reach in (
        ("department", {"department_ids": (department, other)}),
        ("custom", {"custom_department_ids": {"*": (department,)}}),
    ):
        assert (await seller.as_user(scope=scope, **reach).get(path)).status == 200, scope
    check_error(await seller.as_user(scope="department", department_ids=(other,)).get(path), 404)
    check_error(await seller.as_user(scope="custom", custom_department_ids={"*": (other,)}).get(path), 404)
