"""Export of users, and the template of an import."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cellkit.errors import BadRequest, BusinessRuleViolation
from cellkit.exchange.exporting import attachment
from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.exchange.sheets import SheetWriter
from cellkit.exchange.values import guard
from cellkit.http.messages import Reply, Request
from cellkit.labels import Label
from platform_identity.audit.trail import record
from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.listing import Page, every_row
from platform_identity.common.parts import Parts
from platform_identity.users.files.columns import export_columns, template_headings
from platform_identity.users.files.importing import PERMISSION as IMPORT
from platform_identity.users.files.store import department_paths
from platform_identity.users.listing import USERS

PERMISSION = "identity.user.export"
MOST_ROWS = 20_000
_TITLE = Label("用户", "Users")
_YES_NO = {True: Label("是", "Yes"), False: Label("否", "No")}
_ENCODING_MARK = "\ufeff"
_FORMATS = ("csv", "xlsx")
_PARAMETERS = frozenset({"format", "q", "filter", "sort"})


class TooManyForAFile(BusinessRuleViolation):
    """The list is longer than a file takes."""

    code = "TOO_MANY_ROWS"
    zh, en = "超过 {limit} 行，请先筛选", "More than {limit} rows; filter the list first"


async def export_users(parts: Parts, request: Request) -> Reply:
    """``GET /api/admin/users/export``: the list's ``q``, ``filter`` and ``sort`` as a file."""
    query, caller = request.query, caller_now()
    kind = _format(query, _PARAMETERS)
    page = Page(q=query.get("q", "")[:100], filter=query.get("filter", ""), sort=query.get("sort", ""))
    async with parts.database.transaction(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, PERMISSION)
        rows = await every_row(connection, USERS, page, actor.tenant_id, MOST_ROWS)
        if len(rows) > MOST_ROWS:
            raise TooManyForAFile(limit=MOST_ROWS)
        departments = await connection.fetch(
            "SELECT id, name, path FROM departments WHERE tenant_id = $1", actor.tenant_id
        )
        roles = await connection.fetch("SELECT id, code FROM roles WHERE tenant_id = $1", actor.tenant_id)
        told = {"format": kind, "rows": len(rows), "q": page.q, "filter": page.filter}
        await record(connection, caller, actor.tenant_id, "export", "identity.user", actor.tenant_id, after=told)
    paths = {department_id: path for path, department_id in department_paths(departments).items()}
    codes = {row["id"]: row["code"] for row in roles}
    zone = ZoneInfo(actor.document.time_zone)
    lines = [_line(row, paths, codes, zone, caller.language) for row in rows]
    headings = [column.label.text(caller.language) for column in export_columns()]
    return await _file(kind, headings, lines, caller.language)


async def import_template(parts: Parts, request: Request) -> Reply:
    """``GET /api/admin/users/import-template``."""
    caller = caller_now()
    kind = _format(request.query, frozenset({"format"}))
    async with parts.database.session(caller.tenant_id) as connection:
        await load_actor(connection, caller, IMPORT)
    return await _file(kind, template_headings(caller.language), [], caller.language)


def _format(query: dict[str, str], known: frozenset[str]) -> str:
    unknown = sorted(query.keys() - known)
    if unknown:
        raise BadRequest(reason=f"unknown query parameter {unknown[0][:60]}")
    kind = query.get("format", "xlsx")
    if kind not in _FORMATS:
        raise BadRequest(reason=f"format: {' | '.join(_FORMATS)}")
    return kind


def _line(row: Any, paths: dict[Any, str], codes: dict[Any, str], zone: ZoneInfo, language: str) -> list[str]:
    values = {
        **dict(row),
        "department": paths.get(row["department_id"], ""),
        "roles": "; ".join(codes[role_id] for role_id in row["role_ids"] if role_id in codes),
        "is_active": _YES_NO[row["is_active"]].text(language),
    }
    return [_text(values[column.name], zone) for column in export_columns()]


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)


async def _file(kind: str, headings: Sequence[str], lines: Sequence[Sequence[str]], language: str) -> Reply:
    content = await asyncio.to_thread(_csv if kind == "csv" else _sheet, headings, lines, language)
    name = f"{_TITLE.text(language)}.{kind}"
    return Reply(
        content,
        content_type=(f"{CSV_TYPE}; charset=utf-8" if kind == "csv" else XLSX_TYPE).encode(),
        headers=[(b"content-disposition", attachment(name, f"users.{kind}")), (b"cache-control", b"no-store")],
    )


def _csv(headings: Sequence[str], lines: Sequence[Sequence[str]], language: str) -> bytes:
    text = io.StringIO()
    # Excel reads Chinese CSV as GBK unless this mark says otherwise.
    text.write("" if language.startswith("en") else _ENCODING_MARK)
    writer = csv.writer(text)
    for line in (headings, *lines):
        writer.writerow([guard(cell) for cell in line])
    return text.getvalue().encode()


def _sheet(headings: Sequence[str], lines: Sequence[Sequence[str]], language: str) -> bytes:
    file = io.BytesIO()
    sheet = SheetWriter(file, _TITLE.text(language))
    sheet.header(list(headings))
    for line in lines:
        sheet.row(list(line))
    sheet.close()
    return file.getvalue()
