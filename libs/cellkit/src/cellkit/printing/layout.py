"""Layouts: what a template says, checked against the declaration; and the ones made from the fields alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from cellkit.declare.document import Lines, Table
from cellkit.declare.fields import Field
from cellkit.declare.prints import Paper, Print
from cellkit.errors import FieldProblem, problem
from cellkit.labels import L, Label

CODE_KINDS = (
    "qr", "code128", "code39", "ean13", "ean8", "itf14", "datamatrix", "gs1-128", "gs1-datamatrix", "pdf417",
)  # fmt: skip
ALIGNS = ("left", "center", "right")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
OWN_WORDS = frozenset(
    {"id", "number", "state", "created_at", "created_by", "updated_at", "version", "today", "now", "user"}
)
"""What placeholders may name besides fields."""
_WIDTH = re.compile(r"auto|[0-9]{1,2}(\.[0-9])?fr")
_MOST = 60
_SKIPPED = frozenset({"json", "files", "image", "secret"})
_RIGHT = frozenset({"money", "price", "quantity", "decimal", "integer", "percent"})
_NARROW = _RIGHT | {"date", "time", "flag"}
_MOST_COLUMNS = 9
_SHORT, _LONG = 8, 40
_MOST_FACTS = 30
_TOTAL_NAMES = ("total_amount", "amount", "total", "gross_amount", "grand_total")
_SIGNATURES = (L("制单", "Prepared by"), L("审核", "Approved by"), L("签收", "Received by"))
Check = Callable[[Any], bool]


def _is_text(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most and "\x00" not in value


def _is_number(low: float, high: float) -> Check:
    return lambda value: not isinstance(value, bool) and isinstance(value, int | float) and low <= value <= high


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*values: str) -> Check:
    return lambda value: value in values


_LIST = ("list",)
_DOCUMENT: dict[str, Any] = {
    "title": _is_text(100), "subtitle": _is_text(200), "company": _is_text(100), "columns": _is_number(1, 4),
    "font_size": _is_number(6, 16), "watermark": _is_text(60), "footer": _is_text(200), "pages": _is_flag,
    "printed": _is_flag, "mark_reprints": _is_flag, "logo": _is_flag,
    "facts": {"field": "field", "label": _is_text(50), "wide": _is_flag},
    "grids": {
        "lines": "lines", "label": _is_text(50), "numbered": _is_flag, "font_size": _is_number(5, 14),
        "columns": {
            "field": "line_field", "label": _is_text(50), "align": _one_of(*ALIGNS),
            "width": lambda value: isinstance(value, str) and _WIDTH.fullmatch(value) is not None,
        },
        "sums": "line_fields",
    },
    "totals": {"field": "field", "label": _is_text(50), "capitals": _is_flag},
    "texts": _is_text(2000),
    "signatures": _is_text(30),
    "codes": {
        "kind": _one_of(*CODE_KINDS), "value": _is_text(500), "caption": _is_text(100),
        "place": _one_of("head", "foot"), "width": _is_number(5, 180), "height": _is_number(3, 60),
    },
}  # fmt: skip
_ELEMENT: dict[str, Any] = {
    "kind": _one_of("text", "code", "line", "box"), "x": _is_number(0, 300), "y": _is_number(0, 300),
    "width": _is_number(0.1, 300), "height": _is_number(0.1, 300), "text": _is_text(500), "size": _is_number(4, 72),
    "bold": _is_flag, "align": _one_of(*ALIGNS), "code": _one_of(*CODE_KINDS), "value": _is_text(500),
}  # fmt: skip
_LABEL: dict[str, Any] = {"elements": _ELEMENT, "printed": _is_flag}

_REQUIRED: dict[str, tuple[str, ...]] = {
    "facts": ("field",),
    "grids": ("lines",),
    "totals": ("field",),
    "codes": ("kind", "value"),
    "columns": ("field",),
}


def problems_of(layout: Any, table: type[Table], paper: Paper) -> list[FieldProblem]:
    """Everything that is wrong with a layout, each at its place (``layout.grids[0].columns[2].field``)."""
    found = list(_problems(layout, _LABEL if paper.label else _DOCUMENT, "layout", table, None))
    if found or not paper.label:
        return found
    return list(_outside(layout, paper))


def _problems(
    value: Any, rules: dict[str, Any], place: str, table: type[Table], grid: Lines | None
) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield problem(place, "type", "应为对象", "Must be an object")
        return
    if "lines" in rules:
        grid = table.lines.get(str(value.get("lines")))
    for name, given in value.items():
        at = f"{place}.{name}"
        rule = rules.get(name)
        if rule is None:
            yield problem(at[:120], "unknown", "未知项", "Unknown item")
        elif isinstance(rule, dict) or name in ("texts", "signatures"):
            yield from _list_problems(given, rule, at, name, table, grid)
        elif isinstance(rule, str):
            yield from _field_problems(given, rule, at, table, grid)
        elif not rule(given):
            yield problem(at, "value", "值不允许", "Value not allowed")
        elif isinstance(given, str):
            yield from unknown_words(given, at, table)


def _list_problems(
    given: Any, rule: Any, at: str, name: str, table: type[Table], grid: Lines | None
) -> Iterator[FieldProblem]:
    if not isinstance(given, list) or len(given) > _MOST:
        yield problem(at, "type", f"应为最多 {_MOST} 项的列表", f"A list of at most {_MOST} expected")
        return
    for index, one in enumerate(given):
        here = f"{at}[{index}]"
        if isinstance(rule, dict):
            yield from _problems(one, rule, here, table, grid)
            for key in _REQUIRED.get(name, ()):
                if isinstance(one, dict) and key not in one:
                    yield problem(f"{here}.{key}", "required", "必填", "Required")
            if name == "elements":
                yield from _element_problems(one, here)
        elif not rule(one):
            yield problem(here, "value", "值不允许", "Value not allowed")
        else:
            yield from unknown_words(one, here, table)


def _element_problems(one: Any, here: str) -> Iterator[FieldProblem]:
    if not isinstance(one, dict):
        return
    needed = {"text": ("text",), "code": ("code", "value")}.get(str(one.get("kind")), ())
    for key in ("kind", "x", "y", "width", *needed):
        if key not in one:
            yield problem(f"{here}.{key}", "required", "必填", "Required")


def _outside(layout: dict[str, Any], paper: Paper) -> Iterator[FieldProblem]:
    for index, one in enumerate(layout.get("elements", ())):
        if one["x"] + one["width"] > paper.width or one["y"] + one.get("height", 0.1) > paper.height:
            place = f"layout.elements[{index}]"
            yield problem(place, "outside", f"超出标签 {paper.name}", f"Outside the label {paper.name}")


def _field_problems(given: Any, rule: str, at: str, table: type[Table], grid: Lines | None) -> Iterator[FieldProblem]:
    if rule == "lines":
        known = given in table.lines if isinstance(given, str) else False
    elif rule == "line_fields":
        known = isinstance(given, list) and grid is not None and all(one in grid.fields for one in given)
    elif rule == "line_field":
        known = isinstance(given, str) and grid is not None and given in grid.fields
    else:
        known = isinstance(given, str) and (given in table.fields or given in OWN_WORDS)
    if not known:
        yield problem(at, "field", "没有此字段", "No such field")


def unknown_words(text: str, at: str, table: type[Table]) -> Iterator[FieldProblem]:
    """Placeholders that name nothing."""
    for word in PLACEHOLDER.findall(text):
        grid, dot, name = word.partition(".")
        known = (
            any(name in lines.fields for lines in table.lines.values()) if dot and grid == "line" else
            not dot and (word in table.fields or word in OWN_WORDS)
        )  # fmt: skip
        if not known:
            yield problem(at, "field", f"没有字段 {{{word}}}", f"No field {{{word}}}")


def made_layout(table: type[Table], declared: Print, language: str = "zh-CN") -> dict[str, Any]:
    """The layout of a print that has none: from the fields, as people would lay the document out."""
    if declared.layout is not None:
        return declared.layout
    if declared.paper.label:
        return _made_label(table, declared)
    fields = [item for item in table.fields.values() if item.kind not in _SKIPPED]
    totals = [item for item in fields if item.kind == "money" and item.readonly]
    capital = next((name for name in _TOTAL_NAMES if name in {item.name for item in totals}), None)
    if capital is None and totals:
        capital = totals[-1].name
    facts: list[dict[str, Any]] = [{"field": name} for name in ("number", "state") if _has(table, name)]
    facts += [{"field": item.name, "wide": item.kind == "long_text"} for item in fields if item not in totals][
        : _MOST_FACTS - len(facts)
    ]
    return {
        "columns": 2 if declared.paper.width < 160 else 3,
        "font_size": 8.5 if declared.paper.width < 160 or declared.paper.height < 150 else 9.5,
        "facts": facts,
        "grids": [_made_grid(name, grid) for name, grid in table.lines.items()],
        "totals": [{"field": item.name, "capitals": item.name == capital} for item in totals],
        "codes": [
            {"kind": kind, "value": value, "place": "head", **({"width": 16} if kind == "qr" else {})}
            for kind, value in (declared.codes or {}).items()
        ],
        "signatures": [label.text(language) for label in _SIGNATURES],
        "printed": True,
        "pages": True,
        "mark_reprints": True,
    }


def _has(table: type[Table], name: str) -> bool:
    return getattr(table, "number" if name == "number" else "states", None) is not None


def _made_grid(name: str, grid: Lines) -> dict[str, Any]:
    usable = [item for item in grid.fields.values() if item.kind not in _SKIPPED]
    chosen = usable if len(usable) <= _MOST_COLUMNS else _important(usable)
    return {
        "lines": name,
        "numbered": True,
        "columns": [{"field": item.name} for item in chosen],
        "sums": [item.name for item in chosen if item.kind in ("money", "quantity")],
    }


def _important(fields: list[Field]) -> list[Field]:
    kept = [item for item in fields if item.required or item.kind == "money"][:_MOST_COLUMNS]
    rest = [item for item in fields if item not in kept][: _MOST_COLUMNS - len(kept)]
    return [item for item in fields if item in kept or item in rest]


def _made_label(table: type[Table], declared: Print) -> dict[str, Any]:
    paper, per_line = declared.paper, declared.per == "line"
    title = table.title if table.title in table.fields or table.title == "number" else "id"
    side = min(paper.height - 4, paper.width * 0.4)
    room = paper.width - side - 6
    size = 7 if paper.height < 35 else 8
    names = [title or "id"]
    grid = table.lines.get(declared.lines or next(iter(table.lines), ""))
    if per_line and grid is not None:
        names += [f"line.{item.name}" for item in grid.fields.values() if item.kind not in _SKIPPED]
    else:
        names += [item.name for item in table.fields.values() if item.kind not in _SKIPPED and item.name != title]
    step = size * 0.53
    most = max(1, int((paper.height - 4) / step))
    elements: list[dict[str, Any]] = [
        {
            "kind": "text", "x": 2, "y": round(2 + step * index, 2), "width": round(room, 2), "height": round(step, 2),
            "text": f"{{{name}}}", "size": size + (1 if index == 0 else 0), "bold": index == 0,
        }
        for index, name in enumerate(names[:most])
    ]  # fmt: skip
    kind, value = next(iter((declared.codes or {"qr": f"{{{'number' if _has(table, 'number') else title}}}"}).items()))
    height = side if kind in ("qr", "datamatrix", "gs1-datamatrix") else side / 2
    elements.append(
        {
            "kind": "code", "code": kind, "value": value, "x": round(paper.width - side - 2, 2), "y": 2,
            "width": round(side, 2), "height": round(height, 2),
        }
    )  # fmt: skip
    return {"elements": elements}


def column_of(item: Field, given: dict[str, Any], longest: int) -> tuple[str, str]:
    """Width and alignment of a grid's column whose longest text has ``longest`` letters.

    Figures and short texts are as wide as they are; longer ones share the rest by their length.
    """
    align = given.get("align") or ("right" if item.kind in _RIGHT else "center" if item.kind == "flag" else "left")
    if given.get("width"):
        return given["width"], align
    if item.kind in _NARROW or longest <= _SHORT:
        return "auto", align
    return f"{min(longest, _LONG)}fr", align


STANDARD_LABELS: dict[str, Label] = {
    "number": L("编号", "Number"),
    "state": L("状态", "State"),
    "created_at": L("制单时间", "Created"),
    "created_by": L("制单人", "Created by"),
    "updated_at": L("修改时间", "Changed"),
    "version": L("版本", "Version"),
    "id": L("标识", "Id"),
    "today": L("日期", "Date"),
    "now": L("时间", "Time"),
    "user": L("打印人", "Printed by"),
}
