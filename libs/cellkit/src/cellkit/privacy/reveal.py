"""``POST …/{id}/reveal``: masked values in clear, one document at a time, with a reason that is audited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from cellkit.db.shape import is_masked
from cellkit.declare.document import Document, Row, Table
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import FieldProblem, NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.http.router import Router
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.privacy.bodies import check_names, reason_of
from cellkit.privacy.rates import count_once
from cellkit.read.projection import Projection, projection
from cellkit.read.scope import in_scope

MOST_FIELDS = 50
_HOUR = 3600


class Reveal:
    """The routes; ``per_hour`` is how many documents a user may reveal within an hour."""

    def __init__(self, engine: Engine, per_hour: int) -> None:
        self._engine = engine
        self._per_hour = per_hour

    def add_to(self, router: Router) -> None:
        """Add the route of every document with masked fields."""
        for table in self._engine.tables.values():
            if has_reveal(table):
                base = f"/api/v1/{self._engine.cell}/{table.plural}"
                router.add("POST", base + "/{id}/reveal", self._endpoint(table))

    def _endpoint(self, declared: type[Table]) -> Callable[[Request], Awaitable[Reply]]:
        async def handle(request: Request) -> Reply:
            role = await self._engine.role_of(request.caller)
            role.require(f"{declared.key}.read")
            role.require(f"{declared.key}.reveal")
            table: Any = self._engine.table_for(role.tenant_id, declared)
            try:
                identity = parse_uuid(request.parameters["id"])
            except FieldError:
                raise NotFound from None
            body = await request.json_object()
            seen = projection(table, role)
            names = _read_body(body, seen)
            reason: str = body["reason"].strip()

            async def operation(work: Work) -> Answer:
                row = await _visible(work, table, identity, role)
                await count_once(work, "reveal", self._per_hour, _HOUR)
                told = {"fields": names, "reason": reason}
                work.record(f"{table.key}.reveal", table.key, str(identity), told)
                values = _values(row, names)
                return lambda _made: json_reply({"id": identity, "values": values}, headers=[_NO_STORE])

            kept = Kept(request.method, request.path, body_hash(await request.body()))
            reply = await execute(self._engine, request.caller, role, operation, kept)
            assert reply is not None  # noqa: S101 - the operation always makes one
            return reply

        return handle


_NO_STORE = (b"cache-control", b"no-store")


def has_reveal(table: type[Table]) -> bool:
    """Whether a table's rows can be revealed."""
    return issubclass(table, Document) and is_masked(table)


def revealable(seen: Projection) -> list[str]:
    """What a role may reveal of a document: fields, and fields of lines as ``lines.field``."""
    found = sorted(seen.revealable)
    for grid, part in seen.lines.items():
        if grid not in seen.hidden:
            found += [f"{grid}.{name}" for name in sorted(part.revealable)]
    return found


def _read_body(body: dict[str, Any], seen: Projection) -> list[str]:
    problems: list[FieldProblem] = check_names(body, ("fields", "reason"))
    problems += reason_of(body)
    names = body.get("fields")
    if (
        not isinstance(names, list)
        or not 0 < len(names) <= MOST_FIELDS
        or not all(isinstance(one, str) for one in names)
    ):
        zh, en = f"请列出要查看的字段（1–{MOST_FIELDS} 个）", f"A list of 1–{MOST_FIELDS} fields"
        problems.append(problem("fields", "required", zh, en))
        raise ValidationFailed(problems)
    known = set(revealable(seen))
    for place, name in enumerate(names):
        if name not in known:
            zh, en = "该字段不存在、未脱敏或不可查看明文", "No such field, or it is not yours to reveal"
            problems.append(problem(f"fields[{place}]", "unknown", zh, en))
    if problems:
        raise ValidationFailed(problems)
    return list(dict.fromkeys(names))


async def _visible(work: Work, table: type[Document], identity: Any, role: RoleDocument) -> Row:
    row = await work.get(table, identity)
    if not in_scope(role, table, row):
        raise NotFound(entity=table.key, id=str(identity))
    return row


def _values(row: Row, names: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in names:
        grid, _, inner = name.partition(".")
        if not inner:
            values[name] = row.get(name)
            continue
        lines = values.setdefault(grid, [{"id": line["id"]} for line in row[grid]])
        for shown, line in zip(lines, row[grid], strict=True):
            shown[inner] = line.get(inner)
    return values
