"""Take a file for the wizard: store it, count its rows, suggest what its columns mean."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.declare.document import Document
from cellkit.errors import BadRequest
from cellkit.exchange import store
from cellkit.exchange.errors import NoDataRows, TooManyColumns
from cellkit.exchange.limits import MOST_COLUMNS
from cellkit.exchange.pace import Pace
from cellkit.exchange.suggesting import fingerprint, suggest
from cellkit.exchange.tables import Cells, RowSource, open_rows
from cellkit.exchange.upload import receive
from cellkit.http.messages import Request
from cellkit.ids import uuid7
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.work import Work

SAMPLES = 5
_LONGEST_NAME = 200
_LONGEST_SAMPLE = 200


async def take_upload(engine: Engine, document: type[Document], request: Request, role: RoleDocument) -> UUID:
    """Receive and store the file; the import's id."""
    name = request.query.get("name", "").strip()
    if len(name) > _LONGEST_NAME:
        raise BadRequest(reason=L(f"name 最多 {_LONGEST_NAME} 字", f"name: {_LONGEST_NAME} characters at most"))
    encoding = request.query.get("encoding", "auto")
    upload = await receive(request)
    identity = uuid7()
    try:
        source = await open_rows(upload, encoding)
        try:
            header, samples, rows = await _look_at(source)
        finally:
            source.close()
        prints = fingerprint(header)

        async def operation(work: Work) -> Answer | None:
            await work.begin()
            user_id = request.caller.user_id
            chosen = await store.chosen_before(work.connection, work.tenant_id, user_id, document.key, prints)
            suggested = suggest(document, header, chosen)
            new = store.NewImport(
                id=identity,
                document=document.key,
                file_name=name or document.plural,
                encoding=encoding,
                rows=rows,
                headings=header,
                samples=samples,
                mapping={item.column: item.field for item in suggested if item.column},
                reasons={item.column: item.reason for item in suggested if item.column},
                user_id=user_id,
                now=work.now,
            )
            await store.save(engine, work.connection, work.tenant_id, new, upload)
            told = {"document": document.key, "rows": rows, "size": upload.size}
            work.record(f"{engine.cell}.import.upload", "kit.import", str(identity), told)
            return None

        await execute(engine, request.caller, role, operation)
    finally:
        upload.close()
    return identity


async def _look_at(source: RowSource) -> tuple[list[str], list[list[str]], int]:
    """The headings, the first rows, and how many rows there are."""
    rows = source.rows()
    try:
        header: Cells = next(rows, (0, []))[1]
        while header and not header[-1].strip():
            header = header[:-1]
        if not header:
            raise NoDataRows
        if len(header) > MOST_COLUMNS:
            raise TooManyColumns(limit=MOST_COLUMNS)
        samples: list[list[str]] = []
        last = 1
        pace = Pace()
        for number, cells in rows:
            if any(map(str.strip, cells)):
                last = number
                if len(samples) < SAMPLES:
                    samples.append([cell.strip()[:_LONGEST_SAMPLE] for cell in cells[: len(header)]])
            if pace.due:
                await pace.breathe()
        if last == 1:
            raise NoDataRows
    finally:
        close: Any = getattr(rows, "close", None)
        if close is not None:
            close()
    return [heading.strip() for heading in header], samples, last - 1
