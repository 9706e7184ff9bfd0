"""An empty file to fill in: headings, what each column takes, lists to choose from."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from itertools import islice
from typing import Any

import xlsxwriter

from cellkit.declare.document import Document
from cellkit.declare.fields import Choice, DictionaryChoice, Field, Flag, MultiChoice, Number, Ref, Tags, Text
from cellkit.errors import BadRequest
from cellkit.exchange.exporting import FORMATS, attachment, header_row
from cellkit.exchange.headings import Target, targets
from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.exchange.reference_lists import reference_lists
from cellkit.exchange.sheets import sheet_name
from cellkit.http.messages import Reply, Request
from cellkit.labels import L, Label
from cellkit.messaging.pages import one_of
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import Projection, projection

REQUIRED_MARK = "*"
_ROWS_WITH_LISTS = 10_000
_LONGEST_LIST = 255
_MOST_OPTIONS = 5_000
_NOTED_OPTIONS = 30
_NOTES = L("填写说明", "Notes")
_NOTE_HEADINGS = (L("列", "Column"), L("必填", "Required"), L("说明", "What it takes"))
_YES, _NO = L("是", "yes"), L("否", "no")
_KINDS: dict[str, tuple[Label, str]] = {
    "date": (L("日期，如 2026-03-05", "A date, like 2026-03-05"), "2026-03-05"),
    "moment": (L("时间，如 2026-03-05 08:00", "A time, like 2026-03-05 08:00"), "2026-03-05 08:00"),
    "integer": (L("整数", "A whole number"), "1"),
    "percent": (L("比率，如 0.15 或 15%", "A share, like 0.15 or 15%"), "0.15"),
    "time": (L("时间，如 08:00", "A time, like 08:00"), "08:00"),
    "currency": (L("币种代码，如 CNY", "A currency code, like CNY"), "CNY"),
    "multi_choice": (L("", ""), ""),
    "tags": (L("", ""), ""),
    "json": (L("JSON", "JSON"), "{}"),
    "user": (L("用户的系统编号", "A user's ID"), ""),
    "department": (L("部门的系统编号", "A department's ID"), ""),
}
_REFERENCE = L("编码、单号或名称（名称须唯一）", "Code, number or name (only if one has it)")
_SEVERAL = L("多个值用分号隔开", "Several, separated by semicolons")
_NUMBER = L("留空自动编号", "Left empty, it is numbered")


async def template_reply(engine: Engine, document: type[Document], role: RoleDocument, request: Request) -> Reply:
    """The template in the caller's language; ``example=true`` adds a row that shows how."""
    kind = request.query.get("format", "xlsx")
    if kind not in FORMATS:
        raise BadRequest(reason=one_of("format", FORMATS))
    language = request.caller.language
    seen = projection(document, role)
    columns = [target for target in targets(document) if target.use in ("field", "number") and _writable(target, seen)]
    columns = [target for target in columns if target.name != "extension"]
    labels = header_row(columns, language)
    marked = [
        label + REQUIRED_MARK if _required(target) else label for target, label in zip(columns, labels, strict=True)
    ]
    example = (
        [_example(target, language) for target in columns] if request.query.get("example") in ("true", "1") else None
    )
    name = f"{document.label.text(language)}-{L('导入模板', 'import template').text(language)}.{kind}"
    headers = [(b"content-disposition", attachment(name, f"{document.plural}-template.{kind}"))]
    if kind == "csv":
        return Reply(
            _csv(marked, example, language), content_type=f"{CSV_TYPE}; charset=utf-8".encode(), headers=headers
        )
    lists = await reference_lists(engine, columns, role, request.caller.tenant_id)
    body = _workbook(document, columns, marked, example, language, lists)
    return Reply(body, content_type=XLSX_TYPE.encode(), headers=headers)


def _writable(target: Target, seen: Projection) -> bool:
    if target.grid is None:
        return target.name not in seen.locked
    return target.grid not in seen.locked and target.name not in seen.lines[target.grid].locked


def _required(target: Target) -> bool:
    return target.field is not None and target.field.required


def _csv(headings: list[str], example: list[str] | None, language: str) -> bytes:
    text = io.StringIO()
    if not language.startswith("en"):
        text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(headings)
    if example is not None:
        writer.writerow(example)
    return text.getvalue().encode()


def _workbook(
    document: type[Document],
    columns: list[Target],
    headings: list[str],
    example: list[str] | None,
    language: str,
    lists: Mapping[str, list[str]],
) -> bytes:
    output = io.BytesIO()
    workbook = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet(sheet_name(document.label.text(language)))
    notes = workbook.add_worksheet(sheet_name(_NOTES.text(language)))
    bold = workbook.add_format({"bold": True})
    required = workbook.add_format({"bold": True, "font_color": "#C00000"})
    # Without this, codes with zeros in front and long numbers lose digits as soon as they are typed.
    text = workbook.add_format({"num_format": "@"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    notes.set_column(0, 2, 30)
    for index, label in enumerate(_NOTE_HEADINGS):
        notes.write_string(0, index, label.text(language), bold)
    for index, (target, heading) in enumerate(zip(columns, headings, strict=True)):
        style = {"date": day}.get(
            target.field.kind if target.field else "", None if isinstance(target.field, Number) else text
        )
        sheet.set_column(index, index, max(14, len(heading) * 2), style)
        note = _note(target, language)
        sheet.write_string(0, index, heading, required if _required(target) else bold)
        if note:
            sheet.write_comment(0, index, note)
        _add_list(workbook, sheet, index, target, language, lists)
        for column, cell in enumerate((heading, (_YES if _required(target) else _NO).text(language), note)):
            notes.write_string(index + 1, column, cell)
        if example is not None:
            sheet.write_string(1, index, example[index])
    workbook.close()
    return output.getvalue()


def _add_list(
    workbook: Any, sheet: Any, index: int, target: Target, language: str, lists: Mapping[str, list[str]]
) -> None:
    item = target.field
    options = lists.get(item.to, []) if isinstance(item, Ref) else _options(item, language)
    if not options:
        return
    source: Any = options
    if len(",".join(options)) > _LONGEST_LIST or any("," in option for option in options):
        hidden = workbook.add_worksheet(f"_{index}")
        hidden.hide()
        for row, option in enumerate(options):
            hidden.write_string(row, 0, option)
        source = f"='_{index}'!$A$1:$A${len(options)}"
    # A reference may be written in other words than those of the list.
    free = {"show_error": False} if isinstance(item, Ref) else {}
    sheet.data_validation(1, index, _ROWS_WITH_LISTS, index, {"validate": "list", "source": source} | free)


def _options(item: Field | None, language: str) -> list[str]:
    if isinstance(item, Choice):
        return [label.text(language) for label in item.options.values()]
    if isinstance(item, DictionaryChoice):
        return list(islice(item.choices(language), _MOST_OPTIONS))
    return [_YES.text(language), _NO.text(language)] if isinstance(item, Flag) else []


def _note(target: Target, language: str) -> str:
    item = target.field
    if item is None:
        return _NUMBER.text(language)
    parts = [item.help.text(language)] if item.help else []
    if isinstance(item, Ref):
        parts.append(_REFERENCE.text(language))
    elif isinstance(item, Choice | Flag | DictionaryChoice):
        options = _options(item, language)
        more = " …" if len(options) > _NOTED_OPTIONS else ""
        parts.append(" / ".join(options[:_NOTED_OPTIONS]) + more)
    elif isinstance(item, MultiChoice):
        parts += [_SEVERAL.text(language), " / ".join(label.text(language) for label in item.options.values())]
    elif isinstance(item, Tags):
        parts.append(_SEVERAL.text(language))
    elif item.kind in _KINDS:
        parts.append(_KINDS[item.kind][0].text(language))
    elif isinstance(item, Number):
        parts.append(
            L(f"数字，最多 {item.scale} 位小数", f"A number, up to {item.scale} digits after the point").text(language)
        )
    elif isinstance(item, Text):
        parts.append(L(f"文本，最多 {item.max} 个字符", f"Text, up to {item.max} characters").text(language))
    return "\n".join(parts)


def _example(target: Target, language: str) -> str:
    item = target.field
    if item is None or isinstance(item, Ref):
        return ""
    options = _options(item, language)
    if options:
        return options[0]
    if item.kind in _KINDS:
        return _KINDS[item.kind][1]
    return "1" if isinstance(item, Number) else item.label.text(language)[:20]
