"""Tenant A finds nothing of tenant B's on any route, and nothing in the database: the wall has no gate."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.declare import Document, Ref, Table
from cellkit.http.messages import from_json
from cellkit.testing import Api
from cellkit.testing.cells import Answer
from tests.contract.answers import check_error
from tests.contract.samples import Samples, plain_value
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PARAMETER = re.compile(r"\{[^}]+\}")
WITHOUT_TENANT = frozenset({"kit_version", "cell_version"})
PASSING = frozenset({"kit_pgqueuer", "kit_pgqueuer_log"})
"""Tables of the job queue's library: their rows come and go while a test runs, under numbers instead of ids."""


@dataclass(slots=True)
class Neighbour:
    """A tenant with rows in every table, and what betrays him."""

    samples: Samples
    ids: dict[str, str] = field(default_factory=dict)
    traces: set[str] = field(default_factory=set)

    @property
    def api(self) -> Api:
        return self.samples.api


_neighbours: dict[str, Neighbour] = {}


@pytest_asyncio.fixture(loop_scope="session")
async def neighbour(subject: Subject) -> Neighbour:
    """Tenant B of this worker's database, filled once."""
    if subject.name not in _neighbours:
        samples = await Samples.open(subject, subject.tenant())
        await samples.populate()
        made = Neighbour(samples)
        for table in subject.tables:
            if table in WITHOUT_TENANT:
                continue
            for text in await subject.rows_of(table, samples.api.tenant_id):
                row = from_json(text)
                made.traces.update(_UUID.findall(text))
                if "id" in row and table not in PASSING:
                    made.ids.setdefault(table, row["id"])
        made.traces.add(samples.api.tenant_id)
        _neighbours[subject.name] = made
    return _neighbours[subject.name]


@pytest_asyncio.fixture(loop_scope="session")
async def untouched(subject: Subject, neighbour: Neighbour) -> AsyncIterator[None]:
    """Tenant B's rows are the same after the test."""

    async def rows() -> dict[str, list[str]]:
        tables = [table for table in subject.tables if table not in WITHOUT_TENANT and not table.startswith("kit_")]
        return {table: sorted(await subject.rows_of(table, neighbour.api.tenant_id)) for table in tables}

    before = await rows()
    yield
    assert await rows() == before


def betrays(neighbour: Neighbour, answer: Answer, sent: str = "") -> list[str]:
    """What of tenant B stands in an answer, apart from what the caller himself sent."""
    text = answer.body.decode(errors="replace") + str(answer.headers)
    return sorted(trace for trace in neighbour.traces if trace in text and trace not in sent)


async def both(api: Api, method: str, template: str, key: str, body: Any = None) -> tuple[Answer, Answer]:
    """The answers for a row of tenant B and for one that never was."""
    never = str(uuid.uuid4())
    return (
        await api.call(method, _PARAMETER.sub(key, template), body),
        await api.call(method, _PARAMETER.sub(never, template), body),
    )


async def test_no_route_with_a_row_tells_or_does_anything(
    subject: Subject, neighbour: Neighbour, untouched: None, cell_name: str
) -> None:
    """Every route with a parameter, with every id of tenant B, answers as for a row that never was."""
    api = (await Samples.open(subject, subject.tenant())).api
    by_plural = {table.plural: table for table in subject.cell.documents}
    tried = 0
    for method, template in subject.routes():
        if "{" not in template:
            continue
        parts = template.removeprefix(subject.base + "/").split("/")
        table = by_plural.get(parts[0])
        named = [neighbour.ids[table.table_name]] if table is not None and table.table_name in neighbour.ids else []
        own = [neighbour.ids[name] for name in neighbour.ids if name.startswith("kit_")]
        body = None if method == "GET" else await _likely_body(api, neighbour, table, parts)
        for key in named or [*own, *list(neighbour.ids.values())[:3], neighbour.api.tenant_id, neighbour.api.user_id]:
            theirs, never = await both(api, method, template, key, body)
            place = f"{method} {template}"
            assert 400 <= theirs.status < 500, f"{place}: {theirs.status} {theirs.body[:300]!r}"
            assert theirs.status == never.status, f"{place}: {theirs.status} tells it from {never.status}"
            assert theirs.json["code"] == never.json["code"], place
            assert betrays(neighbour, theirs, key) == [], place
            tried += 1
    assert tried >= len([1 for table in subject.cell.documents for _ in range(1)])


async def _likely_body(api: Api, neighbour: Neighbour, table: type[Table] | None, parts: list[str]) -> Any:
    """A body that a route would take for a row of the caller's own."""
    if table is None or not issubclass(table, Document) or len(parts) != 3 or parts[2] not in table.actions:
        return {"version": 1}
    return {
        name: str(uuid.uuid4()) if isinstance(item, Ref) else plain_value(item)
        for name, item in table.actions[parts[2]].parameters.items()
        if item.required
    }


async def test_no_route_without_a_row_tells_anything(
    subject: Subject, neighbour: Neighbour, untouched: None, cell_name: str
) -> None:
    """Lists, reports, exports, whatever a cell adds: nothing of tenant B stands in any answer to tenant A."""
    api = subject.tenant()
    for method, template in subject.routes():
        if method == "GET" and "{" not in template and not subject.is_open(template):
            for query in ("", "?total=true&limit=200", "?format=csv", "?format=xlsx"):
                answer = await api.call("GET", template + query)
                assert answer.status < 500, f"{template}{query}: {answer.body[:300]!r}"
                assert betrays(neighbour, answer) == [], template + query


async def test_lists_are_empty(neighbour: Neighbour, subject: Subject, table: type[Table]) -> None:
    api = subject.tenant()
    key = neighbour.ids.get(table.table_name)
    assert key is not None, f"{table.key}: tenant B has no row; the wall would be tested on nothing"
    empty: dict[str, Any] = {"items": [], "next": None}
    assert (await api.get(f"/{table.plural}", total="true")).json == {**empty, "total": 0}
    assert (await api.get(f"/{table.plural}", filter={"id": key})).json == {**empty, "total": None}
    assert (await neighbour.api.get(f"/{table.plural}", filter={"id": key})).json["items"] != []
    for sort in ("id", "-id"):
        assert (await api.get(f"/{table.plural}", sort=sort)).json["items"] == []


async def test_search_and_cursors_do_not_cross(neighbour: Neighbour, subject: Subject, table: type[Table]) -> None:
    api = subject.tenant()
    page = (await neighbour.api.get(f"/{table.plural}", limit="1")).json
    if page["next"] is not None:
        assert (await api.get(f"/{table.plural}", cursor=page["next"])).json["items"] == []
    for row in page["items"]:
        for name, value in row.items():
            if isinstance(value, str) and 1 < len(value) <= 100:
                answer = await api.get(f"/{table.plural}", q=value)
                assert answer.status == 400 or answer.json["items"] == [], name
                answer = await api.get(f"/{table.plural}", filter={name: value})
                assert answer.status == 400 or answer.json["items"] == [], name


async def test_reports_are_those_of_an_empty_tenant(neighbour: Neighbour, subject: Subject, cell_name: str) -> None:
    """Two tenants without rows get the same report, whatever the neighbour did."""
    first, second = subject.tenant(), subject.tenant()
    for report in subject.cell.reports:
        values = {name: plain_value(item) for name, item in report.parameters.items() if item.required}
        answers = [await api.get(f"/reports/{report.name}", **values) for api in (first, second)]
        assert answers[0].status < 500, answers[0].body
        if answers[0].status == 200:
            assert answers[0].json == answers[1].json, report.name
        assert betrays(neighbour, answers[0]) == [], report.name


async def test_references_cannot_reach_over(
    subject: Subject, samples: Samples, neighbour: Neighbour, untouched: None, document: type[Document]
) -> None:
    """A reference to a row of tenant B is refused exactly like one to nothing."""
    if not document.creatable:
        return
    good = await samples.body(document)
    places: list[tuple[str, str | None, Ref]] = [
        (name, None, item) for name, item in document.fields.items() if isinstance(item, Ref) and not item.readonly
    ]
    places += [
        (name, grid.name, item)
        for grid in document.lines.values()
        for name, item in grid.fields.items()
        if isinstance(item, Ref) and not item.readonly and good.get(grid.name)
    ]
    for name, grid_name, item in places:
        target = neighbour.ids.get(subject.cell.tables[item.to].table_name)
        assert target is not None, item.to
        answers: list[Answer] = []
        for key in (target, str(uuid.uuid4())):
            body: dict[str, Any] = {**good}
            if grid_name is None:
                body[name] = key
            else:
                body[grid_name] = [{**good[grid_name][0], name: key}, *good[grid_name][1:]]
            answers.append(await samples.api.post(samples.path(document), body))
        theirs, never = answers
        check_error(theirs, 404, 409, 422)
        assert (theirs.status, theirs.json["code"]) == (never.status, never.json["code"]), name
        assert betrays(neighbour, theirs, target) == [], name


async def test_repeats_do_not_cross(subject: Subject, samples: Samples, document: type[Document]) -> None:
    """The kept answer of tenant A's request is not tenant B's, even with the same user and request id."""
    if not document.creatable:
        return
    first = await samples.api.post(samples.path(document), await samples.body(document), request_id="same")
    assert first.status == 201
    other = await Samples.open(subject, subject.tenant(user_id=samples.api.user_id))
    second = await other.api.post(samples.path(document), await other.body(document), request_id="same")
    assert second.status == 201, second.body.decode()
    assert second.json["id"] != first.json["id"]


# The database itself


@pytest_asyncio.fixture(loop_scope="session")
async def runtime(subject: Subject) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the role that the service runs as."""
    connection = await asyncpg.connect(subject.urls.app)
    yield connection
    await connection.close()


async def test_every_table_has_the_wall(subject: Subject, runtime: asyncpg.Connection, cell_name: str) -> None:
    tables = await subject.owner.fetch(
        "SELECT c.relname, c.relrowsecurity, c.relkind::text, "
        "EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' "
        "AND a.attnotnull) AS tenant, "
        "EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS policy "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') "
        "AND c.relkind IN ('r', 'p', 'm', 'v', 'f')"
    )
    open_tables = [
        record["relname"]
        for record in tables
        if not (record["tenant"] and record["relrowsecurity"] and record["policy"] and record["relkind"] in {"r", "p"})
        and record["relname"] not in WITHOUT_TENANT
    ]
    assert open_tables == []
    assert len(tables) > len(subject.cell.documents)
    role = await runtime.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, "
        "EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid) AS owns FROM pg_roles r WHERE rolname = current_user"
    )
    assert role is not None
    assert not any(role.values())


async def test_policies_name_the_tenant(subject: Subject, cell_name: str) -> None:
    """A policy that is always true would be no wall."""
    for record in await subject.owner.fetch(
        "SELECT tablename, qual, with_check, permissive, roles, cmd FROM pg_policies"
    ):
        for rule in (record["qual"], record["with_check"]):
            assert rule is not None, record["tablename"]
            assert "tenant_id = " in rule, record["tablename"]
            assert "cellkit.tenant" in rule, record["tablename"]
        if not record["tablename"].startswith("kit_"):
            assert SYSTEM_TENANT not in record["qual"], record["tablename"]


@pytest.mark.parametrize("setting", [None, "", "other", "system"])
async def test_the_service_sees_nothing_without_its_tenant(
    subject: Subject, neighbour: Neighbour, runtime: asyncpg.Connection, cell_name: str, setting: str | None
) -> None:
    if setting is not None:
        value = {"other": str(uuid.uuid4()), "system": SYSTEM_TENANT}.get(setting, setting)
        await runtime.execute("SELECT set_config('cellkit.tenant', $1, false)", value)
    for table in subject.tables:
        if table in WITHOUT_TENANT or (setting == "system" and table.startswith("kit_")):
            continue
        rows = await runtime.fetchval(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - a name from the catalogue
        assert rows == 0, table
        for statement in (f'UPDATE "{table}" SET tenant_id = tenant_id', f'DELETE FROM "{table}"'):  # noqa: S608
            try:
                assert (await runtime.execute(statement)).endswith(" 0"), statement
            except asyncpg.InsufficientPrivilegeError:
                continue
    functions = await subject.owner.fetch(
        "SELECT proname, proargtypes::regtype[]::text[] AS kinds FROM pg_proc "
        "WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    for function in functions:
        widest = {"text": "'%'", "integer": "1000", "bigint": "1000", "real": "0", "numeric": "0"}
        arguments = ", ".join(f"{widest.get(kind, 'NULL')}::{kind}" for kind in function["kinds"])
        found = await runtime.fetch(f'SELECT * FROM "{function["proname"]}"({arguments})')  # noqa: S608 - names from the catalogue
        assert found == [], function["proname"]


async def test_the_service_cannot_write_for_another_tenant(
    subject: Subject, neighbour: Neighbour, runtime: asyncpg.Connection, cell_name: str
) -> None:
    """A row of tenant B's offered by a connection of tenant A is refused by the wall, not by something else."""
    theirs = neighbour.api.tenant_id
    offered = 0
    for setting in (str(uuid.uuid4()), ""):
        await runtime.execute("SELECT set_config('cellkit.tenant', $1, false)", setting)
        for table in subject.tables:
            rows = [] if table in WITHOUT_TENANT else await subject.rows_of(table, theirs)
            for row in rows[:1]:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    await runtime.execute(
                        f'INSERT INTO "{table}" OVERRIDING SYSTEM VALUE '  # noqa: S608 - a name from the catalogue
                        f'SELECT * FROM jsonb_populate_record(NULL::"{table}", $1::text::jsonb)',
                        row,
                    )
                offered += 1
    assert offered > len(subject.cell.documents)


async def test_rows_cannot_be_given_away(
    subject: Subject, neighbour: Neighbour, runtime: asyncpg.Connection, cell_name: str
) -> None:
    """A connection of tenant B cannot move its rows to another tenant."""
    await runtime.execute("SELECT set_config('cellkit.tenant', $1, false)", neighbour.api.tenant_id)
    for table in subject.tables:
        if table in WITHOUT_TENANT or not (table in neighbour.ids or table in PASSING):
            continue
        moved = ""
        with suppress(asyncpg.PostgresError):
            moved = await runtime.execute(
                f'UPDATE "{table}" SET tenant_id = $1',  # noqa: S608 - a name from the catalogue
                uuid.uuid4(),
            )
        assert moved == "" or (table in PASSING and moved == "UPDATE 0"), table
