"""The REST routes of a document: create, read, change, delete and its actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from cellkit.approval.rights import role_in_approval, waits_in_approval
from cellkit.db.reading import finish, reference_labels, row_of, select_document
from cellkit.db.shape import is_masked, shape_of, shape_of_lines
from cellkit.declare.actions import Action
from cellkit.declare.document import Document, Row, Table
from cellkit.declare.fields import Field, FieldError, parse_uuid
from cellkit.errors import BadRequest, NotFound, ValidationFailed, VersionConflict, problem
from cellkit.http.messages import Reply, Request, empty_reply, from_json, to_json
from cellkit.http.router import Router
from cellkit.ops.access import RoleDocument
from cellkit.permissions.references import require_parameters, require_references
from cellkit.pipeline.answers import RowsJson, titled
from cellkit.pipeline.changing import change_row, refuse_held, state_conflict
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.presets import preset_of
from cellkit.pipeline.tracked import ColumnWriter, public_row
from cellkit.pipeline.validate import new_row
from cellkit.pipeline.work import Work
from cellkit.read.listing import label_sources, list_rows
from cellkit.read.projection import Projection, projection
from cellkit.read.scope import in_scope, scope_condition
from cellkit.read.titles import Titles, add_line_titles, add_titles, refers, with_titles

Endpoint = Callable[[Request], Awaitable[Reply]]


def add_table_routes(router: Router, engine: Engine, table: type[Table]) -> None:
    """Routes of a document, or the read-only ones of a ledger or balance."""
    base = f"/api/v1/{engine.cell}/{table.plural}"
    router.add(
        "GET",
        base,
        _guarded(
            engine,
            f"{table.key}.read",
            lambda request, role: list_rows(engine, engine.table_for(role.tenant_id, table), request, role),
        ),
    )
    router.add(
        "GET",
        base + "/{id}",
        _guarded(
            engine,
            f"{table.key}.read",
            lambda request, role: _read(engine, engine.table_for(role.tenant_id, table), request, role),
        ),
    )
    if not issubclass(table, Document):
        return
    document: type[Document] = table
    if document.creatable:
        router.add(
            "POST",
            base,
            _guarded(engine, f"{document.key}.create", lambda request, role: _create(engine, document, request, role)),
        )
    router.add(
        "PATCH",
        base + "/{id}",
        _guarded(engine, f"{document.key}.update", lambda request, role: _change(engine, document, request, role)),
    )
    router.add(
        "DELETE",
        base + "/{id}",
        _guarded(engine, f"{document.key}.delete", lambda request, role: _delete(engine, document, request, role)),
    )
    for verb, action in document.actions.items():
        router.add(
            "POST",
            f"{base}/{{id}}/{verb}",
            _guarded(engine, f"{document.key}.{verb}", _action_endpoint(engine, document, action)),
        )
        if action.preset is not None:
            router.add(
                "GET",
                f"{base}/{{id}}/{verb}",
                _guarded(engine, f"{document.key}.{verb}", _preset_endpoint(engine, document, action)),
            )


def _guarded(
    engine: Engine, permission: str, endpoint: Callable[[Request, RoleDocument], Awaitable[Reply]]
) -> Endpoint:
    async def handle(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        role.require(permission)
        return await endpoint(request, role)

    return handle


async def _create(engine: Engine, declared: type[Document], request: Request, role: RoleDocument) -> Reply:
    body = await request.json_object()

    async def operation(work: Work) -> Answer:
        document = work.document(declared)
        seen = projection(document, role)
        seen.refuse_locked(body, creating=True)
        row = new_row(document, body)
        await require_references(work, document, row, role)
        row = await work.add(document, row)
        place = f"/api/v1/{engine.cell}/{document.plural}/{row['id']}".encode()

        def make(made: RowsJson, titles: Titles | None) -> Reply:
            shown = _shown(work, document, seen, row, made, titles)
            return Reply(shown, status=201, headers=[(b"location", place)])

        return titled(work, document, row, make)

    return await _run(engine, request, role, operation, declared)


async def _change(engine: Engine, declared: type[Document], request: Request, role: RoleDocument) -> Reply:
    key = _row_id(request)
    body = await request.json_object()

    async def operation(work: Work) -> Answer:
        document = work.document(declared)
        seen = projection(document, role)
        row = await _visible(work, document, key, role)
        version = _version(body.get("version"))
        if version is None:
            raise ValidationFailed([problem("version", "required", "缺少版本号 version", "version is required")])
        _check_version(row, version)
        await change_row(work, document, row, body, role)
        return titled(work, document, row, lambda made, titles: Reply(_shown(work, document, seen, row, made, titles)))

    return await _run(engine, request, role, operation, declared)


async def _delete(engine: Engine, document: type[Document], request: Request, role: RoleDocument) -> Reply:
    key = _row_id(request)
    asked = request.query.get("version")
    version = None if asked is None else _version(int(asked) if asked.isascii() and asked.isdigit() else asked)

    async def operation(work: Work) -> Answer:
        row = await _visible(work, document, key, role)
        if version is not None:
            _check_version(row, version)
        await refuse_held(work, document, row)
        if document.states is not None and row["state"] not in document.states.deletable:
            raise state_conflict(work, document, row, "删除", "delete")
        await work.remove(row)
        return lambda _made: empty_reply()

    return await _run(engine, request, role, operation)


def _action_endpoint(
    engine: Engine, declared: type[Document], action: Action
) -> Callable[[Request, RoleDocument], Awaitable[Reply]]:
    async def endpoint(request: Request, role: RoleDocument) -> Reply:
        key = _row_id(request)
        body = await request.json_object()

        async def operation(work: Work) -> Answer:
            document = work.document(declared)
            seen = projection(document, role)
            row = await _visible(work, document, key, role)
            version = _version(body.get("version"))
            if version is not None:
                _check_version(row, version)
            await require_parameters(work, action.parameters, body, role)
            approvals = engine.approvals
            asked = work.act if approvals is None else partial(approvals.held.act, work)
            result = await asked(document, row, action.verb, body)
            return titled(
                work, document, row, lambda made, titles: Reply(_shown(work, document, seen, row, made, titles, result))
            )

        return await _run(engine, request, role, operation, declared)

    return endpoint


def _preset_endpoint(
    engine: Engine, declared: type[Document], action: Action
) -> Callable[[Request, RoleDocument], Awaitable[Reply]]:
    async def endpoint(request: Request, role: RoleDocument) -> Reply:
        key = _row_id(request)
        async with engine.database.session(request.caller.tenant_id) as connection:
            work = Work(engine, connection, request.caller, role)
            document = work.document(declared)
            row = await _visible(work, document, key, role)
            made = await preset_of(work, document, row, action, projection(document, role))
        return Reply(to_json({"parameters": made}))

    return endpoint


async def _read(engine: Engine, table: type[Table], request: Request, role: RoleDocument) -> Reply:
    key = _row_id(request)
    parameters: list[Any] = [UUID(request.caller.tenant_id), key]
    text = select_document(table, lines=True)
    labels = reference_labels(table, label_sources(engine, table))
    text = text.replace(f' FROM "{table.table_name}" t WHERE', f'{labels} FROM "{table.table_name}" t WHERE', 1)
    text += " AND t.id = $2" + scope_condition(role, table, parameters)
    async with engine.database.session(request.caller.tenant_id) as connection:
        record = await connection.fetchrow(text, *parameters)
        if record is not None and waits_in_approval(table, record):
            role = await role_in_approval(connection, role, table, record)
        if record is None:
            raise NotFound(entity=table.key, id=str(key))
        row = row_of(table, record, lines=True)
        await add_line_titles(connection, engine, UUID(request.caller.tenant_id), table, row)
    columns = ColumnWriter(engine.keys, request.caller.tenant_id)
    shape = shape_of(table)
    if shape.secrets:
        columns.reveal(shape, row)
    for name, grid in table.lines.items():
        shape = shape_of_lines(grid)
        for line in row[name] if shape.secrets else ():
            columns.reveal(shape, line)
    finish(table, row)
    return Reply(to_json(projection(table, role).apply(row, request.caller.language)))


async def _run(
    engine: Engine, request: Request, role: RoleDocument, operation: Any, document: type[Document] | None = None
) -> Reply:
    async def again(connection: Any, body: bytes) -> bytes:
        assert document is not None  # noqa: S101 - only then it is given
        table = engine.table_for(role.tenant_id, document)
        shown = from_json(body)
        # What an action answered stands after everything, unless it took the place of a field of that name.
        of_action = "result" in shown and "result" not in shape_of(table).shown
        result = {"result": shown.pop("result")} if of_action else {}
        await add_titles(connection, engine, UUID(role.tenant_id), table, shown)
        return to_json({**projection(table, role).apply(shown, request.caller.language), **result})

    kept = Kept(request.method, request.path, body_hash(await request.body()), None if document is None else again)
    reply = await execute(engine, request.caller, role, operation, kept)
    return reply if reply is not None else empty_reply()


async def _visible(work: Work, document: type[Document], key: UUID, role: RoleDocument) -> Row:
    row = await work.get(document, key)
    if not in_scope(role, document, row):
        raise NotFound(entity=document.key, id=str(key))
    return row


def _shown(
    work: Work,
    document: type[Document],
    seen: Projection,
    row: Row,
    made: RowsJson,
    titles: Titles | None,
    result: Any = None,
) -> bytes:
    """The answer to a write: the row as reading it answers.

    Without titles it is what is kept for repeats; then the JSON made for audit and events serves again where the caller
    sees everything.
    """
    if titles is None or not refers(document):
        ready = made.get(id(row))
        if ready is not None and result is None and seen.plain and not is_masked(document):
            return ready
    shown = public_row(document, row)
    if titles is not None:
        shown = with_titles(work.engine, document, shown, titles)
    shown = seen.apply(shown, work.caller.language)
    if result is not None:
        shown = {**shown, "result": result}
    return to_json(shown)


def _row_id(request: Request) -> UUID:
    try:
        return parse_uuid(request.parameters["id"])
    except FieldError:
        raise NotFound(id=request.parameters["id"][:60]) from None


def _version(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**62:
        raise ValidationFailed([problem("version", "type", "版本号应为整数", "version must be a whole number")])
    return value


def _check_version(row: Row, version: int) -> None:
    if row["version"] != version:
        raise VersionConflict(current=row["version"])


def query_values(parameters: dict[str, Field], query: dict[str, str]) -> dict[str, Any]:
    """Query parameters as JSON-like values for :func:`parameters_row`."""
    values: dict[str, Any] = {}
    for name, text in query.items():
        item = parameters.get(name)
        if item is not None and item.kind == "json":
            try:
                values[name] = from_json(text)
            except ValueError:
                raise BadRequest(reason=f"{name}: JSON") from None
        elif text != "":
            values[name] = item.from_text(text) if item is not None else text
    return values
