"""From rows and a layout to what the typesetter is given: texts only, in the order they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from cellkit.declare.document import Row, Table
from cellkit.declare.fields import Field
from cellkit.declare.prints import Paper, Print
from cellkit.printing.capitals import capitals
from cellkit.printing.layout import STANDARD_LABELS, column_of
from cellkit.printing.texts import Texts, breakable, columns_wide, number

LOGO = "logo.img"
_TOTAL = ("合计", "Total")
_MOST_UNBROKEN = 300
_CAPITALS = ("金额大写", "In words")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a print is made with: the tenant's template, or the declaration alone (``template_id`` None)."""

    declared: Print
    paper: Paper
    mode: str
    layout: dict[str, Any]
    program: str = ""
    template_id: UUID | None = None
    revision: int = 0
    logo_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What is put over a print: how often each document was printed before, a watermark, who printed."""

    earlier: Sequence[int] = ()
    watermark: str = ""


def composed(chosen: Chosen, table: type[Table], rows: Sequence[Row], texts: Texts, marks: Marks) -> dict[str, Any]:
    """The data of a document print."""
    layout, zh = chosen.layout, texts.is_zh
    codes: list[dict[str, str]] = []
    documents = []
    for index, row in enumerate(rows):
        earlier = marks.earlier[index] if index < len(marks.earlier) else 0
        documents.append(_document(chosen, table, row, texts, codes, earlier))
    printed = (f"打印：{texts.user} " if zh else f"Printed by {texts.user} ") + texts.of_word(table, {}, "now")
    footer = [part for part in (layout.get("footer", ""), printed if layout.get("printed", True) else "") if part]
    return {
        "paper": {"width": chosen.paper.width, "height": chosen.paper.height, "margin": list(chosen.paper.margin)},
        "title": _title(chosen, table, texts),
        "zh": zh,
        "font_size": layout.get("font_size", 9),
        "pages": layout.get("pages", True),
        "footer": "    ".join(footer),
        "watermark": marks.watermark or texts.filled(layout.get("watermark", ""), table, {}),
        "trace": f"{texts.user} {texts.now.isoformat(timespec='seconds')}",
        "codes": codes,
        "documents": documents,
    }


def _title(chosen: Chosen, table: type[Table], texts: Texts) -> str:
    usual = table.label if chosen.declared.name == "standard" else chosen.declared.label
    return str(chosen.layout.get("title") or usual.text(texts.language))


def _document(
    chosen: Chosen, table: type[Table], row: Row, texts: Texts, codes: list[dict[str, str]], earlier: int
) -> dict[str, Any]:
    layout = chosen.layout
    reprint = ""
    if earlier and layout.get("mark_reprints", True):
        reprint = f"补打 第 {earlier} 次" if texts.is_zh else f"Reprint {earlier}"
    places = []
    for given in layout.get("codes", ()):
        value = texts.filled(given["value"], table, row)
        if value:
            places.append({**_placed(given, texts, table, row), "index": len(codes), "kind": given["kind"]})
            codes.append({"kind": given["kind"], "value": value})
    return {
        "title": texts.filled(_title(chosen, table, texts), table, row),
        "subtitle": texts.filled(layout.get("subtitle", ""), table, row),
        "company": texts.filled(layout.get("company", ""), table, row),
        "logo": f"/{LOGO}" if chosen.logo_id is not None else None,
        "reprint": reprint,
        "columns": layout.get("columns", 3),
        "facts": [fact for given in layout.get("facts", ()) if (fact := _fact(given, table, row, texts)) is not None],
        "grids": [made for given in layout.get("grids", ()) if (made := _grid(given, table, row, texts)) is not None],
        "totals": [
            made for given in layout.get("totals", ()) if (made := _total(given, table, row, texts)) is not None
        ],
        "texts": [breakable(texts.filled(one, table, row)) for one in layout.get("texts", ())],
        "signatures": list(layout.get("signatures", ())),
        "codes": places,
        # Tenants' own programs reach every value by its name.
        "values": values_of(table, row, texts) if chosen.mode == "typst" else {},
    }


def _placed(given: dict[str, Any], texts: Texts, table: type[Table], row: Row) -> dict[str, Any]:
    kept: dict[str, Any] = {name: given[name] for name in ("width", "height") if name in given}
    caption = texts.filled(given.get("caption", ""), table, row)
    return {"place": given.get("place", "head"), "caption": caption, **kept}


def _fact(given: dict[str, Any], table: type[Table], row: Row, texts: Texts) -> dict[str, Any] | None:
    name = given["field"]
    if name in table.fields and name not in row:
        # Hidden from this reader: not even its name is printed.
        return None
    item = table.fields.get(name)
    label = given.get("label") or (item.label if item is not None else STANDARD_LABELS[name]).text(texts.language)
    return {"label": label, "value": breakable(texts.of_word(table, row, name)), "wide": bool(given.get("wide"))}


def _grid(given: dict[str, Any], table: type[Table], row: Row, texts: Texts) -> dict[str, Any] | None:
    grid = table.lines.get(given["lines"])
    if grid is None or given["lines"] not in row:
        return None
    lines: list[Row] = row[given["lines"]]
    wanted = given.get("columns") or [{"field": name} for name in grid.fields]
    columns = [one for one in wanted if one["field"] in grid.fields and (not lines or one["field"] in lines[0])]
    fields = [grid.fields[one["field"]] for one in columns]
    cells = [[breakable(texts.of_field(item, line)) for item in fields] for line in lines]
    described = []
    for index, (one, item) in enumerate(zip(columns, fields, strict=True)):
        label = one.get("label") or item.label.text(texts.language)
        longest = max((columns_wide(line[index]) for line in cells), default=0)
        width, align = column_of(item, one, max(longest, columns_wide(label)))
        described.append({"label": label, "width": width, "align": align})
    if described and not any(one["width"] != "auto" for one in described):
        described[0]["width"] = "1fr"
    whole = all(len(text) < _MOST_UNBROKEN for line in cells for text in line)
    sums = _sums(given.get("sums", ()), fields, lines)
    if given.get("numbered", True):
        described.insert(0, {"label": "序" if texts.is_zh else "#", "width": "auto", "align": "center"})
        cells = [[str(place), *line] for place, line in enumerate(cells, start=1)]
        sums = None if sums is None else [("合计" if texts.is_zh else "Total"), *sums]
    size = given.get("font_size") or (8.5 if len(described) <= 8 else 7.5 if len(described) <= 10 else 6.5)
    label = given.get("label") or ""
    if not label and len(table.lines) > 1:
        label = grid.label.text(texts.language)
    return {"label": label, "columns": described, "rows": cells, "sums": sums, "size": size, "whole": whole}


def _sums(names: Sequence[str], fields: list[Field], lines: list[Row]) -> list[str] | None:
    summed = {item.name for item in fields if item.name in names}
    if not summed or not lines:
        return None
    made = []
    for item in fields:
        values = [line.get(item.name) for line in lines if line.get(item.name) is not None]
        # A masked figure is a text, and its sum would give it away.
        figures = [value for value in values if isinstance(value, Decimal)]
        exact = item.name in summed and figures and len(figures) == len(values)
        made.append(number(item, sum(figures, Decimal(0))) if exact else "")
    return made if any(made) else None


def _total(given: dict[str, Any], table: type[Table], row: Row, texts: Texts) -> dict[str, Any] | None:
    name = given["field"]
    item = table.fields.get(name)
    if item is None or row.get(name) is None:
        return None
    value, zh = row[name], texts.is_zh
    words = capitals(value) if given.get("capitals") and isinstance(value, Decimal) and zh else ""
    return {
        "label": given.get("label") or item.label.text(texts.language),
        "value": texts.of_field(item, row),
        "capitals": words,
        "capitals_label": _CAPITALS[not zh],
    }


def values_of(table: type[Table], row: Row, texts: Texts) -> dict[str, Any]:
    """Everything the reader sees of a document, as texts: fields by name, grids as lists of such."""
    values: dict[str, Any] = {name: texts.of_field(item, row) for name, item in table.fields.items() if name in row}
    for name in ("id", "number", "state", "created_at", "created_by", "version"):
        if row.get(name) is not None:
            values[name] = texts.of_word(table, row, name)
    for name, grid in table.lines.items():
        if name in row:
            values[name] = [
                {key: texts.of_field(item, line) for key, item in grid.fields.items() if key in line}
                for line in row[name]
            ]
    return values


def labelled(chosen: Chosen, table: type[Table], rows: Sequence[Row], texts: Texts) -> dict[str, Any]:
    """The data of labels: one a document, or one a line of it."""
    codes: list[dict[str, str]] = []
    labels = []
    for row in rows:
        holders: list[Row | None] = [None]
        if chosen.declared.per == "line":
            name = chosen.declared.lines or next(iter(table.lines), "")
            holders = list(row.get(name) or ())
        labels += [_label(chosen, table, row, holder, texts, codes) for holder in holders]
    return {
        "paper": {"width": chosen.paper.width, "height": chosen.paper.height},
        "title": _title(chosen, table, texts),
        "zh": texts.is_zh,
        "trace": f"{texts.user} {texts.now.isoformat(timespec='seconds')}",
        "codes": codes,
        "labels": labels,
    }


def _label(
    chosen: Chosen, table: type[Table], row: Row, line: Row | None, texts: Texts, codes: list[dict[str, str]]
) -> list[dict[str, Any]]:
    made = []
    for given in chosen.layout.get("elements", ()):
        one = {"kind": given["kind"], "x": given["x"], "y": given["y"], "width": given["width"]}
        size = given.get("size", 8)
        if given["kind"] == "text":
            text = texts.filled(given["text"], table, row, line)
            height = given.get("height") or size * 0.53
            one |= {"text": text, "size": size, "bold": given.get("bold", False), "align": given.get("align", "left")}
            made.append({**one, "height": height})
        elif given["kind"] == "code":
            value = texts.filled(given["value"], table, row, line)
            if value:
                made.append({**one, "height": given.get("height") or given["width"], "index": len(codes)})
                codes.append({"kind": given["code"], "value": value})
        else:
            made.append({**one, "height": given.get("height", 0.3)})
    return made
