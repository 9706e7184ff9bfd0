"""The uploaded file given back as a workbook: the same rows, wrong cells coloured, what is wrong in a column more."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from cellkit.exchange.columns import Columns
from cellkit.exchange.headings import ERRORS_LABEL
from cellkit.exchange.limits import MOST_SHEET_ROWS
from cellkit.exchange.pace import Pace
from cellkit.exchange.sheets import sheet_name
from cellkit.exchange.tables import RowSource
from cellkit.labels import Label
from cellkit.masks import mask
from cellkit.read.projection import Projection

_CHUNK_BYTES = 64 * 1024
_MOST_CELL = 32_000
_WIDTH = 16
_ERRORS_WIDTH = 48
Problems = Mapping[int, Sequence[tuple[str, Label]]]
"""Row number → (heading of the column or "", what is wrong)."""


class Hider:
    """Shows cells as a reader may see them: a file may hold what only its uploader had."""

    def __init__(self, columns: Columns, seen: Projection | None) -> None:
        self._hidden: set[int] = set()
        self._masked: dict[int, str] = {}
        if seen is None:
            return
        for index, target in columns.taken.items():
            part = seen if target.grid is None else seen.lines[target.grid]
            if target.name in part.hidden or target.grid in seen.hidden:
                self._hidden.add(index)
            elif target.name in part.masked:
                self._masked[index] = part.masked[target.name]

    def row(self, cells: list[str]) -> list[str]:
        """The cells of a row."""
        for index in self._hidden:
            if index < len(cells) and cells[index]:
                cells[index] = "***"
        for index, kind in self._masked.items():
            if index < len(cells) and cells[index]:
                cells[index] = mask(kind, cells[index])
        return cells


async def annotate(
    source: RowSource, problems: Problems, hider: Hider, name: str, language: str, *, only_wrong: bool
) -> IO[bytes]:
    """The workbook in a temporary file; ``only_wrong`` leaves out rows that are right."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        workbook = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = _Sheet(workbook, workbook.add_worksheet(sheet_name(name)), language)
        pace = Pace()
        for number, cells in source.rows():
            if number == 1:
                sheet.header(cells)
            elif not only_wrong or number in problems:
                if sheet.rows > MOST_SHEET_ROWS:
                    break
                sheet.row(hider.row(cells), problems.get(number, ()))
            if pace.due:
                await pace.breathe()
        await asyncio.to_thread(workbook.close)
    except BaseException:
        file.close()
        raise
    return file


class _Sheet:
    def __init__(self, workbook: Any, sheet: Any, language: str) -> None:
        self._sheet = sheet
        self._language = language
        self._bold = workbook.add_format({"bold": True})
        self._text = workbook.add_format({"num_format": "@"})
        self._wrong = workbook.add_format({"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self._places: dict[str, int] = {}
        self._width = 0
        self._cut = False
        self.rows = 0

    def header(self, cells: list[str]) -> None:
        while cells and not cells[-1].strip():
            cells.pop()
        if cells and cells[-1].strip() in ERRORS_LABEL:
            # An annotated file uploaded again: what it said then is out of date.
            cells.pop()
            self._cut = True
        self._width = len(cells)
        self._sheet.set_column(0, max(0, self._width - 1), _WIDTH)
        self._sheet.set_column(self._width, self._width, _ERRORS_WIDTH)
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(cells):
            self._places.setdefault(heading.strip(), column)
            self._sheet.write_string(0, column, heading, self._bold)
        self._sheet.write_string(0, self._width, ERRORS_LABEL.text(self._language), self._bold)
        self.rows = 1

    def row(self, cells: list[str], wrong: Sequence[tuple[str, Label]]) -> None:
        if self._cut:
            cells = cells[: self._width]
        coloured = {self._places[heading] for heading, _ in wrong if heading in self._places}
        # A missing value is wrong as well, so its empty cell is coloured too.
        for column in range(max(len(cells), self._width)):
            text = cells[column] if column < len(cells) else ""
            if column in coloured:
                self._sheet.write_string(self.rows, column, text, self._wrong)
            elif text:
                self._sheet.write_string(self.rows, column, text, self._text)
        if wrong:
            told = "；".join(
                f"{heading}：{message.text(self._language)}" if heading else message.text(self._language)
                for heading, message in wrong
            )
            self._sheet.write_string(self.rows, self._width, told[:_MOST_CELL], self._wrong)
        self.rows += 1


async def pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file's content, which is closed at the end."""
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
