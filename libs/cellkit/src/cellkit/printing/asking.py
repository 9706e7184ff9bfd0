"""What a request for a print says, read and checked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.declare.document import Table
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.http.messages import to_json
from cellkit.printing.printer import FORMATS, Asked, Printer

MOST_DOCUMENTS = 1000
MOST_COPIES = 99
_KNOWN = frozenset({"print", "ids", "filter", "q", "sort", "format", "code", "copies", "dpi"})
_TEXTS = {"print": 60, "format": 10, "code": 40, "q": 100, "sort": 200}
_DPI = (203, 300, 600)


def read_asked(
    body: dict[str, Any], table: type[Table], printer: Printer, language: str
) -> tuple[Asked, dict[str, str] | None]:
    """The print asked for, and the list's query where a filter chooses the documents."""
    found: list[FieldProblem] = [
        problem(name[:100], "unknown", "未知字段", "Unknown field") for name in body if name not in _KNOWN
    ]
    for name, most in _TEXTS.items():
        value = body.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > most or "\x00" in value):
            found.append(problem(name, "type", "应为文本", "Text expected"))
    copies, dpi, chosen = body.get("copies", 1), body.get("dpi", 203), body.get("format", "pdf")
    if isinstance(copies, bool) or not isinstance(copies, int) or not 1 <= copies <= MOST_COPIES:
        found.append(problem("copies", "range", f"应在 1 与 {MOST_COPIES} 之间", f"Must be 1–{MOST_COPIES}"))
    if isinstance(dpi, bool) or dpi not in _DPI:
        found.append(problem("dpi", "value", "应为 203、300 或 600", "Must be 203, 300 or 600"))
    if chosen not in FORMATS:
        found.append(problem("format", "value", "应为 pdf 或 zpl", "Must be pdf or zpl"))
    ids, query = _documents(body, found)
    if found:
        raise ValidationFailed(found)
    name = body.get("print") or next(iter(prints_of_names(printer, table)))
    declared = printer.declared(table, name)
    if chosen == "zpl" and not declared.paper.label:
        raise ValidationFailed([problem("format", "value", "只有标签能打成 ZPL", "Only labels are printed as ZPL")])
    asked = Asked(table, name, ids, chosen, body.get("code") or "standard", copies, language, dpi)
    return asked, query


def prints_of_names(_printer: Printer, table: type[Table]) -> list[str]:
    """The names of a document's prints."""
    from cellkit.declare.prints import prints_of  # noqa: PLC0415 - one use

    return list(prints_of(table))


def _documents(body: dict[str, Any], found: list[FieldProblem]) -> tuple[tuple[UUID, ...], dict[str, str] | None]:
    given, chosen = body.get("ids"), body.get("filter")
    if (given is None) == (chosen is None):
        found.append(problem("ids", "required", "请给出 ids 或 filter 之一", "Give either ids or filter"))
        return (), None
    if chosen is not None:
        if not isinstance(chosen, dict):
            found.append(problem("filter", "type", "应为对象", "Must be an object"))
            return (), None
        query = {"filter": to_json(chosen).decode()}
        query |= {name: body[name] for name in ("q", "sort") if isinstance(body.get(name), str)}
        return (), query
    if not isinstance(given, list) or not 0 < len(given) <= MOST_DOCUMENTS:
        zh, en = f"应为 1 至 {MOST_DOCUMENTS} 个编号的列表", f"A list of 1 to {MOST_DOCUMENTS} ids"
        found.append(problem("ids", "type", zh, en))
        return (), None
    try:
        return tuple(dict.fromkeys(parse_uuid(one) for one in given)), None
    except FieldError as error:
        found.append(problem("ids", error.rule, *error.message))
        return (), None
