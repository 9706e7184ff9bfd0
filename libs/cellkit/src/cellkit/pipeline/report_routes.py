"""The route of a report."""

from __future__ import annotations

from cellkit.expression.errors import FieldNotReadable
from cellkit.http.messages import Reply, Request, to_json
from cellkit.http.router import Router
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.routes import query_values
from cellkit.pipeline.validate import parameters_row
from cellkit.pipeline.work import Work
from cellkit.reports import Report


def add_report_routes(router: Router, engine: Engine, report: Report) -> None:
    """``GET /api/v1/<cell>/reports/<name>``."""
    for name in report.reads:
        key, _, field = name.rpartition(".")
        if key not in engine.tables or field not in engine.tables[key].fields:
            message = f"report {report.name} reads {name}, which is no field"
            raise ValueError(message)

    async def handle(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        role.require(f"{engine.cell}.report.{report.name}")
        refuse_hidden(role, report)
        values = parameters_row(report.parameters, query_values(report.parameters, request.query))

        async def compute() -> str:
            async with (
                engine.database.session(request.caller.tenant_id) as connection,
                # One snapshot for all statements of a report, so that its totals agree with each other.
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                return to_json(await report.function(Work(engine, connection, request.caller, role), values)).decode()

        if not report.cache_seconds:
            return Reply((await compute()).encode())
        # What a user sees hangs on his rights, so their version is part of the question.
        asked = to_json([role.user_id, role.version, request.caller.language, values]).decode()
        name = f"report:{report.name}"
        made = await engine.cache.remember(role.tenant_id, name, asked, compute, seconds=report.cache_seconds)
        return Reply(str(made).encode())

    router.add("GET", f"/api/v1/{engine.cell}/reports/{report.name}", handle)


def refuse_hidden(role: RoleDocument, report: Report) -> None:
    """Refuse a report that tells of a field which is hidden or masked for the caller."""
    for name in report.reads:
        if role.field_rule(name) in ("hide", "mask"):
            raise FieldNotReadable(field=name)
