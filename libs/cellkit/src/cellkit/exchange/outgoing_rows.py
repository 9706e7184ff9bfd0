"""The rows of an export: the caller's list, page by page, as cells under their columns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from cellkit.approval.rights import rights_of, seen_in_approval
from cellkit.context import Caller
from cellkit.db.reading import finish, line_arrays, row_of
from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Row, Table
from cellkit.declare.fields import Ref
from cellkit.errors import BadRequest
from cellkit.exchange.headings import Target, targets
from cellkit.exchange.limits import PAGE_ROWS
from cellkit.exchange.pace import Pace
from cellkit.exchange.references import natural_key, title_name
from cellkit.exchange.values import shown
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine, zone
from cellkit.pipeline.tracked import ColumnWriter
from cellkit.read.keyset import make_cursor
from cellkit.read.listing import add_search, cursor_row, parse_list, select_page
from cellkit.read.projection import in_clear, projection

_MOST_KEPT = 20_000
_HOUSEKEEPING = frozenset(
    {
        "id",
        "version",
        "owner_id",
        "department_id",
        "source",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "line_no",
    }
)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is exported, for whom: ``list_query`` holds the list's own q, filter and sort."""

    engine: Engine
    table: type[Table]
    caller: Caller
    role: RoleDocument
    list_query: dict[str, str]
    columns: list[Target]
    lines: bool
    # Why masked values go out in clear; empty: they stay masked.
    reason: str = ""


def choose_columns(engine: Engine, table: type[Table], role: RoleDocument, wanted: str, *, lines: bool) -> list[Target]:
    """The columns of an export that the caller may see, all or those named; raises for a name he cannot have."""
    seen = projection(table, role)
    visible = [
        target
        for target in targets(table)
        if (target.name not in seen.hidden if target.grid is None else lines and _line_visible(target, seen))
    ]
    if wanted:
        known = {target.place: target for target in visible}
        names = list(dict.fromkeys(name.strip() for name in wanted.split(",") if name.strip()))
        unknown = [name for name in names if name not in known]
        if unknown or not names:
            named = unknown[0][:60] if unknown else ""
            raise BadRequest(reason=L(f"columns 中有未知的列 {named}", f"columns: unknown column {named}"))
        return [known[name] for name in names]
    return [target for target in visible if _usual(engine, target, role)]


def _line_visible(target: Target, seen: Any) -> bool:
    return target.grid not in seen.hidden and target.name not in seen.lines[target.grid].hidden


def _usual(engine: Engine, target: Target, role: RoleDocument) -> bool:
    if target.name in _HOUSEKEEPING and target.field is None:
        return False
    if _is_title(target):
        # Where rows have no code, the reference's own column shows the title already.
        return natural_key(engine.tables[target.field.to], role) is not None  # type: ignore[union-attr]  # titles belong to references
    return True


def _is_title(target: Target) -> bool:
    return isinstance(target.field, Ref) and target.name == target.field.label_name


class ExportRows:
    """Reads the pages; ``count`` is how many rows of the list it has handed out so far."""

    def __init__(self, asked: ExportRequest) -> None:
        self._asked = asked
        seen = in_clear if asked.reason else projection
        self._seen = seen(asked.table, asked.role)
        self._writer = ColumnWriter(asked.engine.keys, asked.caller.tenant_id)
        self._zone = zone(asked.role.time_zone)
        self._grids = list(dict.fromkeys(target.grid for target in asked.columns if target.grid is not None))
        self._known: dict[str, dict[UUID, tuple[str, str]]] = {}
        self.count = 0

    async def pages(self) -> AsyncIterator[list[list[Any]]]:
        """Lists of cells, page by page; at least one page, which may be empty."""
        cursor: str | None = ""
        pace = Pace()
        while cursor is not None:
            rows, cursor = await self._page(cursor)
            cells: list[list[Any]] = []
            for row in rows:
                cells += self._cells(row)
                if pace.due:
                    await pace.breathe()
            self.count += len(rows)
            yield cells

    async def _page(self, cursor: str) -> tuple[list[Row], str | None]:
        asked = self._asked
        tenant_id = asked.caller.tenant_id
        query = parse_list(asked.engine, asked.table, {**asked.list_query, "cursor": cursor}, asked.role, tenant_id)
        query.limit = PAGE_ROWS
        add_search(asked.table, query, asked.role)
        extra = line_arrays(asked.table) if self._grids else ""
        text = select_page(asked.engine, asked.table, query, labels=False, extra=extra)
        async with asked.engine.database.session(tenant_id) as connection:
            records = await connection.fetch(text, *query.parameters)
            following = None
            if len(records) > query.limit:
                records = records[: query.limit]
                following = make_cursor(query.sorts, cursor_row(self._asked.table, records[-1]))
            rows = await self._reveal(records)
            rights = await rights_of(connection, asked.role, asked.table, rows)
            await self._look_up(connection, rows)
        return [self._shown(row, rights) for row in rows], following

    def _shown(self, row: Row, rights: Mapping[UUID, Any]) -> Row:
        seen = seen_in_approval(self._asked.table, self._asked.role, self._seen, rights, row)
        shown = seen.apply(row)
        # A column that is hidden in this row alone stays empty there.
        return shown if seen is self._seen else {**dict.fromkeys(row), **shown}

    async def _reveal(self, records: list[Any]) -> list[Row]:
        table, pace = self._asked.table, Pace()
        rows = []
        for record in records:
            row = row_of(table, record, lines=bool(self._grids))
            if shape_of(table).secrets:
                self._writer.reveal(shape_of(table), row)
            for name in self._grids:
                shape = shape_of_lines(table.lines[name])
                for line in row[name] if shape.secrets else ():
                    self._writer.reveal(shape, line)
            finish(table, row)
            rows.append(row)
            if pace.due:
                await pace.breathe()
        return rows

    async def _look_up(self, connection: Any, rows: list[Row]) -> None:
        """The codes and titles of referenced rows, one query a referenced table."""
        wanted: dict[str, set[UUID]] = {}
        for target in self._asked.columns:
            if isinstance(target.field, Ref):
                holders = rows if target.grid is None else [line for row in rows for line in row[target.grid]]
                ids = wanted.setdefault(target.field.to, set())
                ids.update(holder[target.field.name] for holder in holders if holder[target.field.name] is not None)
        for key, ids in wanted.items():
            known = self._known.setdefault(key, {})
            if len(known) > _MOST_KEPT:
                known.clear()
            table = self._asked.engine.tables[key]
            title = title_name(table, self._asked.role)
            code = natural_key(table, self._asked.role) or title
            columns = [f't."{name}"' if name else "NULL" for name in (code, title)]
            records = await connection.fetch(
                f'SELECT t.id, {columns[0]} AS code, {columns[1]} AS title FROM "{table.table_name}" t '
                "WHERE t.tenant_id = $1 AND t.id = ANY($2)",
                UUID(self._asked.caller.tenant_id),
                [identity for identity in ids if identity not in known],
            )
            for record in records:
                known[record["id"]] = (record["code"] or str(record["id"]), record["title"] or "")

    def _cells(self, row: Row) -> Iterator[list[Any]]:
        lines = [row[name] for name in self._grids]
        first = True
        for together in zip_longest(*lines):
            by_grid = dict(zip(self._grids, together, strict=True))
            first = False
            yield [
                self._cell(target, row if target.grid is None else by_grid[target.grid])
                for target in self._asked.columns
            ]
        if first:
            yield [self._cell(target, row if target.grid is None else None) for target in self._asked.columns]

    def _cell(self, target: Target, holder: Row | None) -> Any:
        if holder is None:
            return ""
        language = self._asked.caller.language
        if isinstance(target.field, Ref):
            identity = holder.get(target.field.name)
            if not isinstance(identity, UUID):
                return identity or ""
            named = self._known[target.field.to].get(identity, (str(identity), ""))
            return named[_is_title(target)]
        value = holder.get(target.name)
        if target.name == "state" and target.field is None and value:
            states = getattr(self._asked.table, "states", None)
            return states.label(value).text(language) if states is not None and value in states.items else value
        if isinstance(value, UUID):
            return str(value)
        return shown(target.field, value, self._zone, language)
