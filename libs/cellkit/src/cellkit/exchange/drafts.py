"""From rows of a file to documents yet to be checked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import tzinfo
from typing import Any

from cellkit.declare.document import Document, Row
from cellkit.declare.fields import FieldError, Ref
from cellkit.errors import FieldProblem, ValidationFailed
from cellkit.exchange.columns import Columns
from cellkit.exchange.grouping import grouped
from cellkit.exchange.headings import Target
from cellkit.exchange.limits import MOST_CELL_CHARACTERS
from cellkit.exchange.pace import Pace
from cellkit.exchange.report import Problem
from cellkit.exchange.tables import Cells, RowSource
from cellkit.exchange.values import Reader, reader
from cellkit.labels import L
from cellkit.pipeline.validate import new_row

_LINE_PLACE = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+))?")
_MOST_NUMBER = 60


class Draft:
    """One document of a file: its body as a client would send it, and where each part of it stands."""

    __slots__ = ("body", "columns", "lines", "number", "problems", "ready", "references", "row", "row_count")

    def __init__(self, columns: Columns, row: int, row_count: int) -> None:
        self.columns = columns
        self.row = row
        self.row_count = row_count
        self.body: dict[str, Any] = {}
        self.number = ""
        self.lines: dict[str, list[int]] = {}
        self.problems: list[Problem] = []
        self.ready: Row | None = None
        # (the body or line that holds it, its column, the text, its row)
        self.references: list[tuple[dict[str, Any], Target, str, int]] = []

    def problem(self, row: int, target: Target, rule: str, zh: str, en: str) -> None:
        """Note a problem of a cell."""
        heading = self.columns.headings.get(target.place, "")
        self.problems.append(Problem(row, heading, target.place, rule, L(zh, en)))

    def located(self, found: FieldProblem) -> Problem:
        """A problem of the document, with its row and column."""
        name, row = found["field"], self.row
        match = _LINE_PLACE.fullmatch(name)
        if match is not None:
            rows = self.lines.get(match[1], [])
            index = int(match[2])
            row = rows[index] if index < len(rows) else row
            name = f"{match[1]}.{match[3]}" if match[3] else match[1]
        return Problem(row, self.columns.headings.get(name, ""), name, found["rule"], found["message"])

    def new_row(self, document: type[Document]) -> Row:
        """A fresh row of the body; raises :class:`ValidationFailed`."""
        row = new_row(document, self.body)
        if self.number:
            row["number"] = self.number
        return row

    def check_early(self, document: type[Document]) -> None:
        """Check it before its turn, where no reference has to be looked up first; problems are told in its turn."""
        if not self.references and not self.problems:
            with suppress(ValidationFailed):
                self.ready = self.new_row(document)

    @property
    def size(self) -> int:
        """Rows that it will write."""
        return 1 + sum(len(rows) for rows in self.lines.values())


class DraftMaker:
    """Makes drafts of a file's rows."""

    def __init__(self, document: type[Document], columns: Columns, zone: tzinfo, *, quoted: bool) -> None:
        self._document = document
        self._columns = columns
        self._readers: dict[int, Reader | None] = {
            index: None
            if target.field is None or isinstance(target.field, Ref)
            else reader(target.field, zone, quoted=quoted)
            for index, target in columns.taken.items()
        }
        self._header = [(index, target) for index, target in columns.taken.items() if target.grid is None]
        self._grids = {
            grid: [(index, target) for index, target in columns.taken.items() if target.grid == grid]
            for grid in columns.grids
        }

    async def drafts(self, source: RowSource) -> AsyncIterator[Draft]:
        """Every document of the file in order of its first row."""
        pace = Pace()
        rows = source.rows()
        next(rows)
        if not self._document.lines:
            for number, cells in rows:
                if any(map(str.strip, cells)):
                    yield self._draft([(number, cells)])
                if pace.due:
                    await pace.breathe()
            return
        async for members in grouped(rows, self._document, self._columns):
            yield self._draft(members)
            await pace.breathe()

    def _draft(self, members: list[tuple[int, Cells]]) -> Draft:
        draft = Draft(self._columns, members[0][0], len(members))
        for number, cells in members:
            self._check_shape(draft, number, cells)
            for grid, columns in self._grids.items():
                line: dict[str, Any] = {}
                self._fill(draft, line, number, cells, columns)
                if line or any(self._cell(cells, index) for index, _ in columns):
                    draft.body.setdefault(grid, []).append(line)
                    draft.lines.setdefault(grid, []).append(number)
        self._fill(draft, draft.body, draft.row, members[0][1], self._header)
        for number, cells in members[1:]:
            self._compare(draft, number, cells, members[0][1])
        return draft

    def _fill(
        self, draft: Draft, body: dict[str, Any], row: int, cells: Cells, columns: list[tuple[int, Target]]
    ) -> None:
        width = len(cells)
        for index, target in columns:
            text = cells[index].strip() if index < width else ""
            if not text:
                continue
            if len(text) > MOST_CELL_CHARACTERS:
                draft.problem(
                    row, target, "max_length",
                    f"单元格超过 {MOST_CELL_CHARACTERS} 个字符", f"More than {MOST_CELL_CHARACTERS} characters",
                )  # fmt: skip
            elif target.use == "number":
                draft.number = text
                if len(text) > _MOST_NUMBER:
                    draft.problem(
                        row, target, "max_length", f"最多 {_MOST_NUMBER} 个字符", f"At most {_MOST_NUMBER} characters"
                    )
            elif (read := self._readers[index]) is not None:
                try:
                    body[target.name] = read(text)
                except FieldError as error:
                    draft.problem(row, target, error.rule, error.message.zh, error.message.en)
            elif target.use == "field":
                draft.references.append((body, target, text, row))

    def _check_shape(self, draft: Draft, number: int, cells: Cells) -> None:
        outside = [*self._columns.blank, *range(self._columns.width, len(cells))]
        if any(self._cell(cells, index) for index in outside):
            message = L("有数据的单元格上方没有列名", "A cell with content has no heading above it")
            draft.problems.append(Problem(number, "", "", "columns", message))

    def _compare(self, draft: Draft, number: int, cells: Cells, first: Cells) -> None:
        for index, target in self._header:
            text = self._cell(cells, index)
            if text and text != self._cell(first, index):
                draft.problem(
                    number,
                    target,
                    "group",
                    f"与同一单据第 {draft.row} 行的内容不同",
                    f"Differs from row {draft.row} of the same document",
                )

    @staticmethod
    def _cell(cells: Cells, index: int) -> str:
        return cells[index].strip() if index < len(cells) else ""
