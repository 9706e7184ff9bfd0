"""Lists in the contract's envelope: keyset pages, search, filter, sort."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from cellkit.errors import BadRequest

DEFAULT_LIMIT = 20
_LONGEST_QUERY = 100
_MOST_SORT_KEYS = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """What may be listed of one table. ``sortable`` columns are never null; ``filterable`` ones compare by equality."""

    table: str
    columns: str
    sortable: Mapping[str, str]
    filterable: Mapping[str, str]
    searchable: tuple[str, ...] = ()
    default_sort: str = "-created_at"
    tenant_owned: bool = True
    condition: str = ""
    # Filters that are no column: the value's type, and SQL with ``{}`` in its place.
    computed: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What the caller asked for."""

    q: str = ""
    filter: str = ""
    sort: str = ""
    limit: int = DEFAULT_LIMIT
    cursor: str = ""
    total: bool = False


def page_parameters(
    q: Annotated[str, Query(max_length=_LONGEST_QUERY)] = "",
    filter: Annotated[str, Query(max_length=2000)] = "",  # noqa: A002 - the contract's name
    sort: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = DEFAULT_LIMIT,
    cursor: Annotated[str, Query(max_length=2000)] = "",
    total: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
) -> Page:
    """The list parameters of the contract, as a FastAPI dependency."""
    return Page(q, filter, sort, limit, cursor, total)


PageAsked = Annotated[Page, Depends(page_parameters)]
VersionAsked = Annotated[int, Query(alias="version", ge=1, le=2_147_483_647)]


@dataclass(slots=True)
class _Statement:
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def value(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    @property
    def where(self) -> str:
        return " AND ".join(self.conditions) or "true"


async def answer_list(connection: Any, listing: Listing, page: Page, tenant_id: UUID | None) -> dict[str, Any]:
    """``{"items", "next", "total"}``; raises :class:`BadRequest` for a filter, sort or cursor that cannot be read."""
    statement = _conditions(listing, page, tenant_id)
    total = None
    if page.total:
        counting = f"SELECT count(*) FROM {listing.table} WHERE {statement.where}"  # noqa: S608 - declared names only
        total = await connection.fetchval(counting, *statement.values)
    keys = _sort_keys(listing, page.sort)
    if page.cursor:
        _add_cursor(statement, listing, keys, page.cursor)
    order = ", ".join(f"{name} {'DESC' if falling else 'ASC'}" for name, falling in keys)
    limit = statement.value(page.limit + 1)
    rows = await connection.fetch(
        f"SELECT {listing.columns} FROM {listing.table} WHERE {statement.where} ORDER BY {order} LIMIT {limit}",  # noqa: S608 - declared names only
        *statement.values,
    )
    items = [dict(row) for row in rows[: page.limit]]
    following = _cursor(items[-1], keys) if len(rows) > page.limit else None
    return {"items": items, "next": following, "total": total}


async def every_row(connection: Any, listing: Listing, page: Page, tenant_id: UUID | None, most: int) -> list[Any]:
    """All rows of a search and filter, for a file; at most ``most`` and one, so that the caller sees there are more."""
    statement = _conditions(listing, page, tenant_id)
    order = ", ".join(f"{name} {'DESC' if falling else 'ASC'}" for name, falling in _sort_keys(listing, page.sort))
    found: list[Any] = await connection.fetch(
        f"SELECT {listing.columns} FROM {listing.table} WHERE {statement.where} ORDER BY {order} LIMIT {most + 1}",  # noqa: S608 - declared names only
        *statement.values,
    )
    return found


def _conditions(listing: Listing, page: Page, tenant_id: UUID | None) -> _Statement:
    statement = _Statement()
    if listing.tenant_owned:
        statement.conditions.append(f"tenant_id = {statement.value(tenant_id)}")
    if listing.condition:
        statement.conditions.append(listing.condition)
    _add_filter(statement, listing, page.filter)
    _add_search(statement, listing, page.q)
    return statement


def _add_filter(statement: _Statement, listing: Listing, text: str) -> None:
    if not text:
        return
    try:
        wanted = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(reason="filter: JSON") from None
    if not isinstance(wanted, dict):
        raise BadRequest(reason="filter: JSON object expected")
    for name, value in wanted.items():
        if name in listing.computed:
            computed_kind, condition = listing.computed[name]
            statement.conditions.append(condition.format(statement.value(_typed(computed_kind, value, "filter"))))
            continue
        kind = listing.filterable.get(name)
        if kind is None:
            raise BadRequest(reason=f"filter: {name[:50]}")
        if value is None:
            statement.conditions.append(f"{name} IS NULL")
        else:
            statement.conditions.append(f"{name} = {statement.value(_typed(kind, value, 'filter'))}")


def _add_search(statement: _Statement, listing: Listing, text: str) -> None:
    if not text or not listing.searchable:
        return
    if "\x00" in text:
        raise BadRequest(reason="q")
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    place = statement.value(f"%{escaped}%")
    statement.conditions.append("(" + " OR ".join(f"{name} ILIKE {place}" for name in listing.searchable) + ")")


def _sort_keys(listing: Listing, text: str) -> list[tuple[str, bool]]:
    keys: list[tuple[str, bool]] = []
    for part in (text or listing.default_sort).split(",")[:_MOST_SORT_KEYS]:
        name = part.removeprefix("-")
        if name not in listing.sortable or any(name == known for known, _ in keys):
            raise BadRequest(reason=f"sort: {part[:50]}")
        keys.append((name, part.startswith("-")))
    if not any(name == "id" for name, _ in keys):
        keys.append(("id", keys[-1][1]))
    return keys


def _add_cursor(statement: _Statement, listing: Listing, keys: list[tuple[str, bool]], cursor: str) -> None:
    try:
        given = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        kinds = [listing.sortable.get(name, "uuid") for name, _ in keys]
        values = [_typed(kind, value, "cursor") for kind, value in zip(kinds, given, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadRequest(reason="cursor") from None
    places = [statement.value(value) for value in values]
    alternatives = []
    for index, (name, falling) in enumerate(keys):
        equal = [f"{keys[before][0]} = {places[before]}" for before in range(index)]
        alternatives.append(" AND ".join([*equal, f"{name} {'<' if falling else '>'} {places[index]}"]))
    statement.conditions.append("(" + " OR ".join(f"({item})" for item in alternatives) + ")")


def _cursor(item: Mapping[str, Any], keys: list[tuple[str, bool]]) -> str:
    values = [item[name] for name, _ in keys]
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else _plain(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)


def _typed(kind: str, value: Any, where: str) -> Any:
    """The value as the column's type; JSON's own types are checked, since the driver would fail later."""
    try:
        if kind == "uuid" and isinstance(value, str):
            return UUID(value)
        if kind == "time" and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment
        if kind == "bool" and isinstance(value, bool):
            return value
        if kind == "integer" and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
            return value
        if kind == "text" and isinstance(value, str) and "\x00" not in value and value.isprintable():
            return value
    except ValueError:
        pass
    raise BadRequest(reason=f"{where}: {kind} expected")
