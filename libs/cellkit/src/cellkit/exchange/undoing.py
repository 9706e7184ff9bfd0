"""Undo an import: remove the documents it made, as deletions through the pipeline, where nobody has touched them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Row, Table, references
from cellkit.errors import ServiceError
from cellkit.exchange import store
from cellkit.exchange.report import Problem
from cellkit.jobs import JobContext
from cellkit.labels import L, Label
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.work import Work
from cellkit.read.scope import in_scope

CHUNK = 200
_MOST_PASSES = 20
_CHANGED = L("导入后已被修改", "It was changed after the import")
_NOT_IN_SCOPE = L("不在您的数据范围内", "It is outside of your data scope")
_DONE = """
UPDATE kit_import SET state = 'undone', kept = $3, undone_at = $4, undone_by = $5 WHERE tenant_id = $1 AND id = $2
"""


class Undo:
    """One run; it may be cut off and run again at any point."""

    def __init__(self, context: JobContext, line: dict[str, Any]) -> None:
        self._context = context
        self._engine = context.engine
        self._line = line
        self._tenant_id = UUID(context.tenant_id)
        table = self._engine.table_for(context.tenant_id, self._engine.tables[line["document"]])
        assert issubclass(table, Document)  # noqa: S101 - the upload has seen to it
        self._document: type[Document] = table
        self._kept: list[Problem] = []

    async def run(self) -> dict[str, Any]:
        """Remove what can be, tell what cannot and why."""
        self._context.role.require(f"{self._document.key}.import")
        self._context.role.require(f"{self._document.key}.delete")
        removed = self._line["undone"]
        # Documents of the file may refer to each other: what one pass frees, the next can remove.
        for _ in range(_MOST_PASSES):
            self._kept, gone = [], 0
            for rows in self._chunks():
                self._context.check()
                gone += await self._chunk(rows)
                await self._context.progress(removed + gone, self._line["created"])
            removed += gone
            if not gone or not self._kept:
                break
        await self._finish()
        return {"undone": removed, "kept": len(self._kept)}

    def _chunks(self) -> Iterator[list[int]]:
        """The rows of the file, last first: later ones refer to earlier ones more often than the other way round."""
        last = self._line["rows"] + 1
        for end in range(last, 1, -CHUNK):
            yield list(range(max(2, end - CHUNK + 1), end + 1))

    async def _chunk(self, rows: Sequence[int]) -> int:
        sources = {f"import/{self._line['id']}/{row}": row for row in rows}
        removed = 0
        kept: list[Problem] = []

        async def operation(work: Work) -> Answer | None:
            nonlocal removed, kept
            removed, kept = 0, []
            found = await work.find(self._document, {"source": list(sources)}, lock=True, lines=True, limit=len(rows))
            held = await self._held(work, [row["id"] for row in found if row["version"] == 1])
            for row in sorted(found, key=lambda item: -sources[item["source"]]):
                reason = held.get(row["id"]) or self._refusal(row)
                if reason is None:
                    reason = await _remove(work, row)
                if reason is None:
                    removed += 1
                else:
                    kept.append(Problem(sources[row["source"]], "", "", "kept", reason))
            if removed:
                await work.connection.execute(
                    "UPDATE kit_import SET undone = undone + $3 WHERE tenant_id = $1 AND id = $2",
                    self._tenant_id,
                    self._line["id"],
                    removed,
                )
            return None

        await execute(self._engine, self._context.caller, self._context.role, operation)
        self._kept += kept
        return removed

    def _refusal(self, row: Row) -> Label | None:
        if row["version"] != 1:
            return _CHANGED
        if not in_scope(self._context.role, self._document, row):
            return _NOT_IN_SCOPE
        states = self._document.states
        if states is not None and row["state"] not in states.deletable:
            state = states.label(row["state"])
            return L(f"状态为“{state.zh}”，不能删除", f"It is in state “{state.en}”")
        return None

    async def _held(self, work: Work, ids: Sequence[UUID]) -> dict[UUID, Label]:
        """What other rows hold: references, postings in ledgers, documents made from it."""
        held: dict[UUID, Label] = {}
        if not ids:
            return held
        for table in self._engine.tables.values():
            for name, item in references(table):
                if item.to == self._document.key:
                    own = table.key == self._document.key and name != table.table_name
                    text = f'SELECT DISTINCT "{item.name}" AS id FROM "{name}" WHERE tenant_id = $1 '
                    text += f'AND "{item.name}" = ANY($2)'
                    # A line of the document itself goes with it.
                    text += f' AND parent_id <> "{item.name}"' if own else ""
                    for record in await work.rows(text, list(ids)):
                        held.setdefault(record["id"], _held_by(table))
            await self._made_from(work, table, ids, held)
        return held

    async def _made_from(self, work: Work, table: type[Table], ids: Sequence[UUID], held: dict[UUID, Label]) -> None:
        if table.kind != "document" or table.key == self._document.key:
            return
        origin = self._document.key.replace(".", "/")
        sources = {f"{origin}/{identity}": identity for identity in ids}
        text = f'SELECT source FROM "{table.table_name}" WHERE tenant_id = $1 AND source = ANY($2::text[])'
        for record in await work.rows(text, list(sources)):
            held.setdefault(sources[record["source"]], _held_by(table))

    async def _finish(self) -> None:
        async with self._context.work() as work:
            await work.begin()
            identity, now = self._line["id"], self._engine.clock()
            await store.write_problems(work.connection, self._tenant_id, identity, self._kept[: store.MOST_PROBLEMS])
            await work.connection.execute(
                _DONE, self._tenant_id, identity, len(self._kept), now, self._context.caller.user_id
            )
            told = {"kept": len(self._kept)}
            work.record(f"{self._document.key}.import-undo", self._document.key, str(identity), told)


async def _remove(work: Work, row: Row) -> Label | None:
    try:
        await work.remove(row)
    except ServiceError as error:
        if error.status >= 500:
            raise
        return error.label()
    return None


def _held_by(table: type[Table]) -> Label:
    if table.kind == "ledger":
        return L(f"已记入{table.label.zh}", f"It is posted in {table.label.en}")
    return L(f"被{table.label.zh}引用", f"{table.label.en} refers to it")
