"""Answer an export: CSV as a stream, XLSX by way of a temporary file; every export leaves an audit entry."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote

import msgspec

from cellkit.declare.document import Table
from cellkit.errors import BadRequest
from cellkit.exchange.errors import TooManyForSheet
from cellkit.exchange.headings import Target
from cellkit.exchange.limits import CSV_TYPE, MOST_SHEET_ROWS, XLSX_TYPE
from cellkit.exchange.outgoing_rows import ExportRequest, ExportRows, choose_columns
from cellkit.exchange.pace import Pace
from cellkit.exchange.sheets import SheetWriter
from cellkit.exchange.values import guard
from cellkit.http.messages import Reply, Request, from_json
from cellkit.labels import L
from cellkit.messaging.pages import check_query, one_of
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.flush import flush
from cellkit.pipeline.work import Work
from cellkit.privacy.bodies import LONGEST_REASON, SHORTEST_REASON

FORMATS = ("csv", "xlsx")
_PARAMETERS = frozenset({"format", "q", "filter", "sort", "columns", "lines", "reveal"})
_LIST_PARAMETERS = ("q", "filter", "sort")
_CHUNK_BYTES = 64 * 1024
_BYTE_ORDER_MARK = "\ufeff"


async def export_rows(engine: Engine, table: type[Table], request: Request, role: RoleDocument) -> Reply:
    """The caller's list as a file."""
    query = request.query
    check_query(query, _PARAMETERS)
    kind = query.get("format", "csv")
    if kind not in FORMATS:
        raise BadRequest(reason=one_of("format", FORMATS))
    lines = query.get("lines", "") in ("true", "1")
    asked = ExportRequest(
        engine=engine,
        table=table,
        caller=request.caller,
        role=role,
        list_query={name: query[name] for name in _LIST_PARAMETERS if query.get(name)},
        columns=choose_columns(engine, table, role, query.get("columns", ""), lines=lines),
        lines=lines,
        reason=_reason(query, table, role),
    )
    headers = [(b"content-disposition", _disposition(asked, kind)), (b"cache-control", b"no-store")]
    if kind == "csv":
        return Reply(_csv_pieces(asked), content_type=f"{CSV_TYPE}; charset=utf-8".encode(), headers=headers)
    file = await _sheet(asked)
    return Reply(_file_pieces(file), content_type=XLSX_TYPE.encode(), headers=headers)


def _reason(query: dict[str, str], table: type[Table], role: RoleDocument) -> str:
    """Why masked values are wanted in clear (``reveal``); only who may reveal them may ask."""
    if "reveal" not in query:
        return ""
    role.require(f"{table.key}.reveal")
    reason = query["reveal"].strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        span = f"{SHORTEST_REASON}–{LONGEST_REASON}"
        raise BadRequest(reason=L(f"reveal 应为查看明文的原因（{span} 字）", f"reveal: the reason, {span} characters"))
    return reason


def header_row(columns: list[Target], language: str) -> list[str]:
    """The headings in the caller's language; where two columns share a label, by their names."""
    labels = [target.label.text(language) for target in columns]
    return [label if labels.count(label) == 1 else target.place for label, target in zip(labels, columns, strict=True)]


async def _csv_pieces(asked: ExportRequest) -> AsyncIterator[bytes]:
    rows = ExportRows(asked)
    language = asked.caller.language
    text = io.StringIO()
    writer = csv.writer(text)
    if not language.startswith("en"):
        # Excel reads Chinese CSV as GBK unless this mark says otherwise.
        text.write(_BYTE_ORDER_MARK)
    writer.writerow([guard(heading) for heading in header_row(asked.columns, language)])
    pace = Pace()
    try:
        async for page in rows.pages():
            for cells in page:
                writer.writerow([_csv_cell(cell) for cell in cells])
                if pace.due:
                    await pace.breathe()
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    finally:
        # Also when the client went away in the middle: what was sent has left the house.
        await _audit(asked, "csv", rows.count)


def _csv_cell(cell: Any) -> str:
    if isinstance(cell, str):
        return guard(cell)
    return format(cell, "f") if isinstance(cell, Decimal) else cell.isoformat() if isinstance(cell, date) else str(cell)


async def _sheet(asked: ExportRequest) -> IO[bytes]:
    rows = ExportRows(asked)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        sheet = SheetWriter(file, asked.table.label.text(asked.caller.language))
        sheet.header(header_row(asked.columns, asked.caller.language))
        pace = Pace()
        async for page in rows.pages():
            for cells in page:
                if sheet.rows > MOST_SHEET_ROWS:
                    raise TooManyForSheet(MOST_SHEET_ROWS)
                sheet.row(cells)
                if pace.due:
                    await pace.breathe()
        await asyncio.to_thread(sheet.close)
        await _audit(asked, "xlsx", rows.count)
    except BaseException:
        file.close()
        raise
    return file


async def _file_pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


async def _audit(asked: ExportRequest, kind: str, count: int) -> None:
    key = asked.table.key
    told: dict[str, Any] = {"format": kind, "rows": count, "columns": [target.place for target in asked.columns]}
    told |= asked.list_query
    if asked.reason:
        told["revealed"] = asked.reason
    if "filter" in told:
        told["filter"] = _without_secrets(asked.table, told["filter"])
    async with asked.engine.database.session(asked.caller.tenant_id) as connection:
        work = Work(asked.engine, connection, asked.caller, asked.role)
        work.record(f"{key}.export", key, asked.caller.request_id, told)
        await flush(work, None, None)


def _without_secrets(table: type[Table], text: str) -> Any:
    try:
        wanted = from_json(text)
    except msgspec.DecodeError:
        return None
    secret = {item.name for item in table.fields.values() if item.secret}
    return (
        {name: "***" if name in secret else value for name, value in wanted.items()}
        if isinstance(wanted, dict)
        else None
    )


def _disposition(asked: ExportRequest, kind: str) -> bytes:
    day = asked.engine.today(asked.role.time_zone, asked.engine.clock())
    name = f"{asked.table.label.text(asked.caller.language)}-{day.isoformat()}.{kind}"
    return attachment(name, f"{asked.table.plural}.{kind}")


def attachment(name: str, plain_name: str) -> bytes:
    """The header that lets a browser save the answer under ``name``."""
    return f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name, safe='')}".encode()
