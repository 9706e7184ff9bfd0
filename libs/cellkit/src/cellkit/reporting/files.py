"""A report's result as CSV or XLSX: its most detailed groups, pivot columns side by side, the total at the end."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.exchange.values import guard
from cellkit.labels import L
from cellkit.reporting.labels import dimension_label, measure_label
from cellkit.reporting.result import Key, change, figure
from cellkit.reporting.run import Result

FORMATS = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
_TOTAL, _BEFORE, _CHANGE = L("合计", "Total"), L("对比期", "before"), L("变化", "change")
_BYTE_ORDER_MARK = "\ufeff"


def file_of(result: Result, kind: str, title: str) -> bytes:
    """The file's content; figures stay exact (a spreadsheet gets those that fit into it as numbers)."""
    heading, rows = _table(result)
    if kind == "csv":
        text = io.StringIO()
        if not result.language.startswith("en"):
            # Excel reads Chinese CSV as GBK unless this mark says otherwise.
            text.write(_BYTE_ORDER_MARK)
        writer = csv.writer(text)
        writer.writerow([guard(cell) for cell in heading])
        writer.writerows([_text(cell) for cell in row] for row in rows)
        return text.getvalue().encode()
    from cellkit.exchange.sheets import SheetWriter  # noqa: PLC0415 - the spreadsheet library loads late

    file = io.BytesIO()
    sheet = SheetWriter(file, title)
    sheet.header(heading)
    for row in rows:
        sheet.row(["" if cell is None else cell for cell in row])
    sheet.close()
    return file.getvalue()


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def _table(result: Result) -> tuple[list[str], list[list[Any]]]:
    bound, language = result.bound, result.language
    rows, columns = result.groups.ordered(result.label)
    depth = len(bound.rows)
    across: list[Key] = [*columns, ()] if bound.columns else [()]
    heading = [dimension_label(item, language) for item in bound.rows] or [""]
    for column in across:
        named = " / ".join(result.label(depth + index, key) for index, key in enumerate(column))
        if not column and bound.columns:
            named = _TOTAL.text(language)
        for measure in bound.measures:
            label = measure_label(measure, language)
            heading.append(f"{named} {label}".strip())
            if bound.compare is not None:
                heading += [f"{named} {label} {extra.text(language)}".strip() for extra in (_BEFORE, _CHANGE)]
    made = [
        [*(result.label(index, key) for index, key in enumerate(row)), *_figures(result, row, across)]
        for row in rows
        if len(row) == depth and depth
    ]
    total = [_TOTAL.text(language), *[""] * (depth - 1)] if depth else [""]
    return heading, [*made, [*total, *_figures(result, (), across)]]


def _figures(result: Result, row: Key, across: list[Key]) -> list[Any]:
    cells: list[Any] = []
    for column in across:
        group = result.groups.found.get((row, column))
        for index, measure in enumerate(result.bound.measures):
            now = None if group is None else group.figures[index]
            cells.append(_cell(figure(measure, now), now))
            if result.bound.compare is not None:
                before = None if group is None or group.before is None else group.before[index]
                grown = change(now, before)
                cells += [_cell(figure(measure, before), before), None if grown is None else Decimal(grown)]
    return cells


def _cell(shown: Any, value: Any) -> Any:
    if isinstance(value, Decimal) and isinstance(shown, str):
        return Decimal(shown)
    return shown.isoformat() if isinstance(shown, datetime) else shown
