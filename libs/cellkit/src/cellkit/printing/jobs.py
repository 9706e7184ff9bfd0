"""Large batches are printed outside of the request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.jobs import JobContext, job
from cellkit.labels import L
from cellkit.pipeline.work import Work
from cellkit.printing.printer import Asked, Printer

SERVICE = "printing"


@job("print-batch", label=L("批量打印", "Print a batch"), attempts=3, timeout_seconds=1800)
async def print_batch(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Typeset all documents; the result names the file, which stays its caller's for a day."""
    printer: Printer = context.engine.services[SERVICE]
    asked = Asked(
        context.engine.tables[payload["entity"]],
        payload["print"],
        tuple(UUID(one) for one in payload["ids"]),
        payload["format"],
        payload["code"],
        payload["copies"],
        payload["language"],
        payload["dpi"],
    )
    context.role.require(f"{asked.table.key}.print")
    chosen = await printer.choose(asked.table, asked.print, asked.code, context.role, asked.language)

    async def progress(done: int) -> None:
        await context.progress(done, len(asked.ids))
        context.check()

    async def finish(stored: Any, earlier: dict[UUID, int]) -> dict[str, Any]:
        async def operation(work: Work) -> dict[str, Any]:
            return await printer.record(work, asked, chosen, stored, earlier)

        return dict(await context.step("record", operation))

    return dict(await printer.attempt(asked, chosen, context.role, finish, progress))


def payload_of(asked: Asked) -> dict[str, Any]:
    """What the job is told."""
    return {
        "entity": asked.table.key,
        "print": asked.print,
        "ids": [str(one) for one in asked.ids],
        "format": asked.format,
        "code": asked.code,
        "copies": asked.copies,
        "language": asked.language,
        "dpi": asked.dpi,
    }
