"""Notices as one reader may see them: placeholders through his projection, nothing of documents he may not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cellkit.db.shape import shape_of
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Choice, Flag, Ref
from cellkit.http.messages import from_json
from cellkit.labels import Label
from cellkit.notifications.rules import fill, placeholders
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection
from cellkit.read.scope import in_scope

UNKNOWN = "—"
Shown = dict[str, Any]


class Reader:
    """Renders notices for one role in one language; ``connection`` is the tenant's."""

    def __init__(self, engine: Engine, connection: Any, role: RoleDocument, language: str) -> None:
        self._engine = engine
        self._connection = connection
        self._role = role
        self._language = language
        self._tenant = UUID(role.tenant_id)

    async def show(self, notices: Sequence[Mapping[str, Any]]) -> list[Shown]:
        """``title``, ``text``, ``link``, ``restricted`` of every notice; one query an entity."""
        rows = await self._rows(notices)
        titles = await self._titles(notices, rows)
        return [self._one(notice, rows, titles) for notice in notices]

    async def _rows(self, notices: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Any] | None]:
        """The values of each notice's document as the reader may have them; None where he may not read it."""
        asked: dict[str, dict[str, dict[str, Any] | None]] = defaultdict(dict)
        for notice in notices:
            if notice["entity"] and notice["entity_id"]:
                kept = (from_json(notice["details"]) if notice["details"] else {}).get("row")
                asked[notice["entity"]].setdefault(notice["entity_id"], kept)
        found: dict[tuple[str, str], dict[str, Any] | None] = {}
        for key, wanted in asked.items():
            table = self._engine.tables.get(key)
            allowed = table is not None and self._role.allows(f"{key}.read")
            current = await self._current(table, list(wanted)) if allowed and table is not None else {}
            for identity, kept in wanted.items():
                row = current.get(identity)
                # A document that is gone is judged by what it was when the notice was written.
                judged = row if row is not None else kept
                visible = allowed and table is not None and judged is not None and in_scope(self._role, table, judged)
                found[key, identity] = judged if visible else None
        return found

    async def _current(self, table: type[Table], ids: list[str]) -> dict[str, dict[str, Any]]:
        columns = [
            name for name in shape_of(table).public if name not in {item.name for item in shape_of(table).secrets}
        ]
        quoted = ", ".join(f't."{name}"' for name in columns)
        records = await self._connection.fetch(
            f'SELECT {quoted} FROM "{table.table_name}" t WHERE t.tenant_id = $1 AND t.id = ANY($2)',
            self._tenant,
            [UUID(identity) for identity in ids],
        )
        return {str(record["id"]): dict(record) for record in records}

    async def _titles(
        self, notices: Iterable[Mapping[str, Any]], rows: Mapping[tuple[str, str], dict[str, Any] | None]
    ) -> dict[tuple[str, str], str]:
        """The titles of the documents that placeholders refer to, where the reader may read them."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for notice in notices:
            table = self._engine.tables.get(notice["entity"] or "")
            values = _values(notice, rows)
            for name in _names(notice) if table is not None else ():
                item = table.fields.get(name) if table is not None else None
                if isinstance(item, Ref) and values.get(name):
                    wanted[item.to].add(str(values[name]))
        found: dict[tuple[str, str], str] = {}
        for key, ids in wanted.items():
            table = self._engine.tables[key]
            item = table.fields.get(table.title or "")
            seen = projection(table, self._role)
            if not self._role.allows(f"{key}.read") or table.title is None or not seen.readable(table.title):
                continue
            if item is not None and item.secret:
                continue
            for identity, row in (await self._current(table, list(ids))).items():
                if in_scope(self._role, table, row):
                    found[key, identity] = str(row[table.title])
        return found

    def _one(
        self,
        notice: Mapping[str, Any],
        rows: Mapping[tuple[str, str], dict[str, Any] | None],
        titles: Mapping[tuple[str, str], str],
    ) -> Shown:
        about = bool(notice["entity"] and notice["entity_id"])
        restricted = about and rows.get((notice["entity"], notice["entity_id"])) is None
        details = from_json(notice["details"]) if notice["details"] else {}
        given: dict[str, Any] = {} if restricted else details.get("given") or {}
        table = self._engine.tables.get(notice["entity"] or "")
        values = {} if restricted or table is None else self._seen(table, _values(notice, rows))

        def shown(name: str) -> str:
            if name in given:
                return _plain(given[name], self._language)
            if table is None or name not in values:
                return UNKNOWN
            return self._text(table, name, values[name], titles)

        label = Label(notice["title_zh"], notice["title_en"] or notice["title_zh"])
        text = Label(notice["text_zh"], notice["text_en"] or notice["text_zh"])
        return {
            "title": fill(label.text(self._language), shown),
            "text": None if restricted else fill(text.text(self._language), shown),
            "link": None if restricted else notice["link"] or self._link(notice),
            "restricted": restricted,
        }

    def _seen(self, table: type[Table], values: dict[str, Any]) -> dict[str, Any]:
        """Header values through the one serializer."""
        lines: dict[str, Any] = {name: [] for name in table.lines}
        shown = projection(table, self._role).apply({**values, **lines})
        return {name: value for name, value in shown.items() if name not in lines}

    def _link(self, notice: Mapping[str, Any]) -> str | None:
        table = self._engine.tables.get(notice["entity"] or "")
        if table is None:
            return None
        return f"/{self._engine.cell}/{table.plural}/{notice['entity_id']}"

    def _text(self, table: type[Table], name: str, value: Any, titles: Mapping[tuple[str, str], str]) -> str:
        if value is None:
            return UNKNOWN
        item = table.fields.get(name)
        if isinstance(item, Ref):
            return titles.get((item.to, str(value)), UNKNOWN)
        if isinstance(item, Choice) and value in item.options:
            return item.options[value].text(self._language)
        if isinstance(item, Flag) and isinstance(value, bool):
            return _plain(value, self._language)
        if name == "state" and issubclass(table, Document) and table.states is not None:
            state = table.states.items.get(value)
            return state.label.text(self._language) if state is not None else str(value)
        return _plain(value, self._language)


def _names(notice: Mapping[str, Any]) -> set[str]:
    texts = (notice[name] or "" for name in ("title_zh", "title_en", "text_zh", "text_en"))
    return {name for text in texts for name in placeholders(text)}


def _values(notice: Mapping[str, Any], rows: Mapping[tuple[str, str], dict[str, Any] | None]) -> dict[str, Any]:
    """What the document was when the notice was written, else what it is now; nothing for who may not read it."""
    current = rows.get((notice["entity"] or "", notice["entity_id"] or ""))
    if current is None:
        return {}
    kept = (from_json(notice["details"]) if notice["details"] else {}).get("row")
    return kept if isinstance(kept, dict) else current


def _plain(value: Any, language: str) -> str:
    if isinstance(value, bool):
        yes, no = ("yes", "no") if language.startswith("en") else ("是", "否")
        return yes if value else no
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return Label(str(value["zh"]), str(value["en"])).text(language)
    return UNKNOWN if value is None else str(value)
