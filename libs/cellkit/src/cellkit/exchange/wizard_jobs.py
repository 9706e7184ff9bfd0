"""The jobs of the import wizard: check a file, write it, undo what it wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.declare.document import Document
from cellkit.errors import NotFound
from cellkit.exchange import store
from cellkit.exchange.errors import FileGone, ImportRefused
from cellkit.exchange.importing import ImportRequest, import_rows, only_one
from cellkit.exchange.report import Report
from cellkit.exchange.suggesting import fingerprint
from cellkit.exchange.tables import open_rows
from cellkit.exchange.undoing import Undo
from cellkit.jobs import JobContext, job
from cellkit.labels import L

_CHECKED = "UPDATE kit_import SET state = 'checked' WHERE tenant_id = $1 AND id = $2"
_COMMITTING = "UPDATE kit_import SET state = 'committing' WHERE tenant_id = $1 AND id = $2"
_COMMITTED = """
UPDATE kit_import SET state = 'committed', committed_at = $3, committed_by = $4 WHERE tenant_id = $1 AND id = $2
"""


class WizardRun:
    """One run of a check or commit."""

    def __init__(self, context: JobContext, line: dict[str, Any]) -> None:
        self._context = context
        self._engine = context.engine
        self._tenant_id = UUID(context.tenant_id)
        self._line = line
        self._identity: UUID = line["id"]
        self._state: str = line["state"]
        table = self._engine.table_for(context.tenant_id, self._engine.tables[line["document"]])
        assert issubclass(table, Document)  # noqa: S101 - the upload has seen to it
        self._document: type[Document] = table

    async def run(self, mode: str) -> dict[str, Any]:
        """``dry_run``, ``all`` or ``batch``; the counts."""
        self._context.role.require(f"{self._document.key}.import")
        report = Report(str(self._identity), mode, most=store.MOST_PROBLEMS)
        upload = await store.load(self._engine, self._context.tenant_id, self._line)
        try:
            source = await open_rows(upload, self._line["encoding"])
            try:
                async with only_one(self._engine, self._context.tenant_id, self._identity) as connection:
                    await self._on(connection, source, report)
            finally:
                source.close()
        finally:
            upload.close()
        return counts_of(report)

    async def _on(self, connection: Any, source: Any, report: Report) -> None:
        line = await store.line_of(connection, self._tenant_id, self._identity)
        if line is None or line["state"] in ("committed", "undone"):
            # A run that was taken for dead has finished after all.
            return
        if not line["has_file"]:
            raise FileGone
        self._state = line["state"]
        rehearsal = report.mode == "dry_run"
        asked = ImportRequest(
            self._engine, self._context.caller, self._context.role, self._document, report.mode, line["mapping"], None,
            existing=line["existing"], progress=self._progress,
            committing=None if rehearsal else self._committing,
        )  # fmt: skip
        try:
            await import_rows(asked, source, connection, report)
        except ImportRefused:
            report.created = report.updated = report.unchanged = 0
            await self._tell(connection, report)
            raise
        if rehearsal:
            await self._tell(connection, report)

    async def _progress(self, report: Report) -> None:
        self._context.check()
        await self._context.progress(report.rows, self._line["rows"])

    async def _tell(self, connection: Any, report: Report) -> None:
        """Nothing was written: keep what was found."""
        async with connection.transaction():
            await store.write_counts(connection, self._tenant_id, self._identity, report, fresh=True)
            await store.write_problems(connection, self._tenant_id, self._identity, report.problems)
            await connection.execute(_CHECKED, self._tenant_id, self._identity)
            await self._remember(connection)

    async def _committing(self, connection: Any, report: Report, what: str) -> None:
        fresh = self._state != "committing"
        await store.write_counts(connection, self._tenant_id, self._identity, report, fresh=fresh)
        if what == "batch":
            if fresh:
                await connection.execute(_COMMITTING, self._tenant_id, self._identity)
                self._state = "committing"
            return
        await store.write_problems(connection, self._tenant_id, self._identity, report.problems)
        now = self._engine.clock()
        await connection.execute(_COMMITTED, self._tenant_id, self._identity, now, self._context.caller.user_id)
        await self._remember(connection)

    async def _remember(self, connection: Any) -> None:
        headings = fingerprint(self._line["headings"])
        await store.remember(
            connection, self._tenant_id, self._context.caller.user_id, self._line["document"], headings,
            self._line["mapping"], self._engine.clock(),
        )  # fmt: skip


async def _line(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    async with context.engine.database.session(context.tenant_id) as connection:
        found = await store.line_of(connection, UUID(context.tenant_id), UUID(payload["import"]))
    if found is None:
        raise NotFound
    return found


@job("import-check", label=L("导入预检", "Check an import"), attempts=2)
async def check_import(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Rehearse an import: everything is found out, nothing is written."""
    return await WizardRun(context, await _line(context, payload)).run("dry_run")


@job("import-commit", label=L("导入数据", "Import"), timeout_seconds=6 * 3600)
async def commit_import(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Write a file's rows; killed in the middle it starts anew (all) or goes on (batch)."""
    line = await _line(context, payload)
    return await WizardRun(context, line).run(line["mode"])


@job("import-undo", label=L("撤销导入", "Undo an import"), timeout_seconds=6 * 3600)
async def undo_import(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Remove what an import made and nobody has touched since."""
    line = await _line(context, payload)
    if line["state"] == "undone":
        return {"undone": line["undone"], "kept": line["kept"]}
    return await Undo(context, line).run()


def counts_of(report: Report) -> dict[str, Any]:
    """What a run's result tells."""
    names = ("rows", "documents", "created", "updated", "unchanged", "failed")
    return {name: getattr(report, name) for name in names} | {"errors": report.problem_count}


JOBS = (check_import, commit_import, undo_import)
