"""Lists: filter, search, sort, pages, data scope and field rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.approval.rights import rights_of, seen_in_approval, without_hidden
from cellkit.db.reading import finish, reference_labels, spread, stored_columns
from cellkit.db.shape import shape_of
from cellkit.declare.document import Row, Table
from cellkit.errors import BadRequest
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.tracked import ColumnWriter
from cellkit.read.filters import filter_condition
from cellkit.read.keyset import Sort, after, make_cursor, order_by, parse_sort, read_cursor
from cellkit.read.projection import Projection, projection
from cellkit.read.scope import scope_condition
from cellkit.read.titles import clear_title
from cellkit.read.where import where_condition
from cellkit.text import like_pattern, search_pattern

DEFAULT_LIMIT = 20
MAX_LIMIT = 200
MOST_SEARCHED = 10_000
_PARAMETERS = frozenset({"q", "filter", "sort", "limit", "cursor", "total"})


@dataclass(slots=True)
class ListQuery:
    """A list's WHERE as SQL text and parameters (``$1`` is the tenant), its order and page."""

    where: str
    parameters: list[Any]
    sorts: tuple[Sort, ...]
    limit: int
    cursor: str | None
    search: str | None


def parse_list(
    engine: Engine, table: type[Table], query: dict[str, str], role: RoleDocument, tenant_id: str
) -> ListQuery:
    """Read a list's query parameters; raises :class:`BadRequest` with what is wrong."""
    unknown = query.keys() - _PARAMETERS
    if unknown:
        raise BadRequest(
            reason=L(f"未知的查询参数 {min(unknown)[:60]}", f"unknown query parameter {min(unknown)[:60]}")
        )
    seen = projection(table, role)
    parameters: list[Any] = [UUID(tenant_id)]
    where = "t.tenant_id = $1" + scope_condition(role, table, parameters)
    columns = ColumnWriter(engine.keys, tenant_id)
    used: set[str] = set()

    def findable(name: str) -> bool:
        used.add(name)
        return seen.findable(name)

    if query.get("filter"):
        where += filter_condition(
            table,
            query["filter"],
            parameters,
            readable=findable,
            blind_index=lambda name, value: columns.blind_index(shape_of(table), name, value),
            where=lambda source: where_condition(engine, table, role, source, parameters, used),
        )
    sorts = parse_sort(table, query.get("sort", ""), readable=seen.readable)
    used |= {item.name for item in sorts}
    where += without_hidden(role, table, used, parameters)
    return ListQuery(where, parameters, sorts, _limit(query), query.get("cursor") or None, _search(query))


def add_search(table: type[Table], query: ListQuery, role: RoleDocument) -> None:
    """Narrow the list to rows whose search text contains the fragment."""
    if query.search is None:
        return
    shape = shape_of(table)
    if "search_text" not in shape.by_name:
        raise BadRequest(reason=L("此列表不支持文本检索 q", "this list has no text search (q)"))
    seen = projection(table, role)
    query.where += without_hidden(role, table, {item.name for item in shape.searched}, query.parameters)
    query.parameters.append(search_pattern(query.search))
    pattern = f"${len(query.parameters)}"
    newest_first = query.sorts == (Sort("id", falling=True, nullable=False),)
    hidden = [item for item in shape.searched if not seen.readable(item.name)]
    # Only where every hit is shown may the first ones be enough for a page.
    alone = newest_first and not hidden and query.where == "t.tenant_id = $1"
    before = "NULL"
    if alone and query.cursor is not None:
        query.parameters.append(read_cursor(table, query.sorts, query.cursor)[0])
        before = f"${len(query.parameters)}::uuid"
    most = query.limit + 1 if alone else MOST_SEARCHED
    query.where += f' AND t.id IN (SELECT * FROM "{table.table_name}_search"({pattern}, {before}, {most}))'
    if hidden:
        # The search text holds fields this caller may not see; a hit must be found in what he does see.
        visible = [
            f"coalesce({shape.extracted(item.name)[0]}::text, '')" for item in shape.searched if item not in hidden
        ]
        query.parameters.append(like_pattern(query.search))
        found_in = f"lower(concat_ws(' ', {', '.join(visible) or 'NULL'}))"
        query.where += f" AND {found_in} LIKE ${len(query.parameters)}"


def select_page(engine: Engine, table: type[Table], query: ListQuery, *, labels: bool = True, extra: str = "") -> str:
    """The SELECT of one page (one row more than the limit tells whether there is a next); ``extra``: more columns."""
    shown = stored_columns(table) + extra
    if labels:
        shown += reference_labels(table, label_sources(engine, table))
    page = ""
    if query.cursor is not None:
        page = after(table, query.sorts, read_cursor(table, query.sorts, query.cursor), query.parameters)
    return (
        f'SELECT {shown} FROM "{table.table_name}" t WHERE {query.where}{page}'
        f"{order_by(table, query.sorts)} LIMIT {query.limit + 1}"
    )


def label_sources(engine: Engine, table: type[Table]) -> tuple[tuple[str, str, str | None], ...]:
    """(key, table name, title column) of every table this one refers to."""
    targets = {item.to for item in shape_of(table).references}
    return tuple((key, engine.tables[key].table_name, clear_title(engine.tables[key])) for key in sorted(targets))


async def list_rows(engine: Engine, table: type[Table], request: Request, role: RoleDocument) -> Reply:
    """Answer a list."""
    caller = request.caller
    query = parse_list(engine, table, request.query, role, caller.tenant_id)
    add_search(table, query, role)
    counting, counted = f'SELECT count(*) FROM "{table.table_name}" t WHERE {query.where}', len(query.parameters)
    text = select_page(engine, table, query)
    total = None
    async with engine.database.session(caller.tenant_id) as connection:
        records = await connection.fetch(text, *query.parameters)
        rights = await rights_of(connection, role, table, records)
        if request.query.get("total") in ("true", "1"):
            total = await connection.fetchval(counting, *query.parameters[:counted])
    following = None
    if len(records) > query.limit:
        records = records[: query.limit]
        following = make_cursor(query.sorts, cursor_row(table, records[-1]))
    seen = projection(table, role)
    columns = ColumnWriter(engine.keys, caller.tenant_id)
    items = [
        present_record(table, seen_in_approval(table, role, seen, rights, record), columns, record, caller.language)
        for record in records
    ]
    return json_reply({"items": items, "next": following, "total": total})


def cursor_row(table: type[Table], record: Any) -> Any:
    """A record with the tenant's own fields, by which its list may be sorted."""
    shape = shape_of(table)
    if not shape.custom:
        return record
    row = dict(record)
    spread(shape, row)
    return row


def present_record(
    table: type[Table], seen: Projection, columns: ColumnWriter, record: Any, language: str | None = None
) -> Row:
    """A record of a list as the caller sees it."""
    row: Row = dict(record)
    shape = shape_of(table)
    if shape.secrets:
        columns.reveal(shape, row)
    spread(shape, row)
    finish(table, row)
    return seen.apply(row, language)


def _limit(query: dict[str, str]) -> int:
    text = query.get("limit", "")
    if not text:
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_LIMIT:
        raise BadRequest(reason=L(f"limit 应在 1 与 {MAX_LIMIT} 之间", f"limit must be 1–{MAX_LIMIT}"))
    return int(text)


def _search(query: dict[str, str]) -> str | None:
    text = query.get("q", "").strip()
    if len(text) > 100:
        raise BadRequest(reason=L("检索内容最多 100 个字符", "q: at most 100 characters"))
    return text or None
