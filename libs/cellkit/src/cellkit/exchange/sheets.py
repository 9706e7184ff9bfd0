"""Write an XLSX sheet row by row in constant memory."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

_EXACT_DIGITS = 15
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_WIDTH = 16


def sheet_name(text: str) -> str:
    """A name that spreadsheet programs accept."""
    return _NOT_IN_NAMES.sub(" ", text).strip()[:31] or "Sheet1"


class SheetWriter:
    """One sheet in one workbook; ``rows`` counts what is written, the header included."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._workbook = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._sheet = self._workbook.add_worksheet(sheet_name(name))
        self._bold = self._workbook.add_format({"bold": True})
        self._day = self._workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.rows = 0

    def header(self, headings: list[str]) -> None:
        """The first row; it stays in sight."""
        self._sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            self._sheet.write_string(0, column, heading, self._bold)
        self.rows = 1

    def row(self, cells: list[Any]) -> None:
        """A row. Texts are always written as texts, so none of them can become a formula."""
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    self._sheet.write_string(self.rows, column, cell)
            elif isinstance(cell, date):
                self._sheet.write_datetime(self.rows, column, cell, self._day)
            elif _exact(cell):
                self._sheet.write_number(self.rows, column, cell)
            else:
                # A spreadsheet keeps 15 digits of a number; a longer one would silently become another.
                self._sheet.write_string(
                    self.rows, column, format(cell, "f") if isinstance(cell, Decimal) else str(cell)
                )
        self.rows += 1

    def close(self) -> None:
        """Put the file together; slow for large sheets, so call it off the event loop."""
        self._workbook.close()


def _exact(number: Decimal | int) -> bool:
    digits = number.as_tuple().digits if isinstance(number, Decimal) else str(abs(number))
    return len(digits) <= _EXACT_DIGITS
