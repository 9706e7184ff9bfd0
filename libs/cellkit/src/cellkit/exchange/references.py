"""References in files: by id, by the target's unique field, by its number, or by its title where only one has it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Table
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection
from cellkit.read.scope import scope_condition

_MOST_KEPT = 50_000


class AmbiguousError(Exception):
    """Several rows have this title."""


class References:
    """Finds the rows that texts name, one query a referenced table and batch; what was found is kept for the next.

    Rows are found only where the caller's data scope reaches, as everywhere, so that a file cannot be used to ask what
    else exists.
    """

    def __init__(self, engine: Engine, tenant_id: UUID, role: RoleDocument) -> None:
        self._engine = engine
        self._tenant_id = tenant_id
        self._role = role
        self._found: dict[str, dict[str, tuple[UUID, ...]]] = {}

    async def look_up(self, connection: Any, key: str, texts: Collection[str]) -> None:
        """Look up the texts that are not known yet."""
        known = self._found.setdefault(key, {})
        if len(known) > _MOST_KEPT:
            known.clear()
        missing = [text for text in texts if text not in known]
        if not missing:
            return
        table = self._engine.tables[key]
        unique, title = _unique_names(table, self._role), title_name(table, self._role)
        await self._query(connection, table, unique, missing, known, ids=True)
        missing = [text for text in missing if text not in known]
        if missing and title is not None and title not in unique:
            await self._query(connection, table, [title], missing, known, ids=False)

    def get(self, key: str, text: str) -> UUID | None:
        """The row that a text names; None when there is none, :class:`AmbiguousError` when there are several."""
        found = self._found[key].get(text, ())
        if len(found) > 1:
            raise AmbiguousError
        return found[0] if found else None

    async def _query(
        self,
        connection: Any,
        table: type[Table],
        names: list[str],
        texts: list[str],
        known: dict[str, tuple[UUID, ...]],
        *,
        ids: bool,
    ) -> None:
        parameters: list[Any] = [self._tenant_id]
        parts = []
        named = dict(zip(texts, texts, strict=True))
        scope = scope_condition(self._role, table, parameters)
        if ids:
            written = {identity: text for text in texts if (identity := _identity(text)) is not None}
            if written:
                parameters.append(list(written))
                parts.append(
                    f'SELECT t.id, NULL AS word FROM "{table.table_name}" t '
                    f"WHERE t.tenant_id = $1 AND t.id = ANY(${len(parameters)}){scope}"
                )
            named = {text: text for text in texts if text not in written.values()}
        if named and names:
            parameters.append(list(named))
            parts += [
                f'SELECT t.id, t."{name}" AS word FROM "{table.table_name}" t '
                f'WHERE t.tenant_id = $1 AND t."{name}" = ANY(${len(parameters)}::text[]){scope}'
                for name in names
            ]
        if not parts:
            return
        for record in await connection.fetch(" UNION ALL ".join(parts), *parameters):
            word = written[record["id"]] if record["word"] is None else record["word"]
            if record["id"] not in known.get(word, ()):
                known[word] = (*known.get(word, ()), record["id"])


def natural_key(table: type[Table], role: RoleDocument) -> str | None:
    """The column by which exports name a row of ``table``, so that imports find it again; None: its id."""
    names = _unique_names(table, role)
    return names[0] if names else None


def _unique_names(table: type[Table], role: RoleDocument) -> list[str]:
    seen = projection(table, role)
    found = [
        item.name
        for item in table.fields.values()
        if item.unique and not item.secret and item.array_type == "text" and seen.readable(item.name)
    ]
    if issubclass(table, Document) and table.number is not None:
        found.append("number")
    return found


def title_name(table: type[Table], role: RoleDocument) -> str | None:
    """The column that names a row of ``table`` to people, if the caller may read it."""
    name = table.title
    if name == "number" and issubclass(table, Document) and table.number is not None:
        return name
    item = table.fields.get(name or "")
    if item is None or item.secret or item.array_type != "text" or not projection(table, role).readable(item.name):
        return None
    return name


def _identity(text: str) -> UUID | None:
    try:
        return parse_uuid(text)
    except FieldError:
        return None
