"""Turn the first sheet of a workbook (standard input) into JSON lines (standard output); run as a program of its own.

A workbook is a compressed program for the reader's memory: a few kilobytes may unpack to gigabytes, or name a cell so
far out that the sheet's grid alone fills the machine. Here it can only end this process, whose memory, time and output
are limited. Each line is a list of texts; leading empty rows are kept so that line numbers are row numbers.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

UNREADABLE, LOCKED, TOO_LARGE, NO_SHEET, CELL_TOO_LONG = 3, 4, 5, 6, 7
_MEMORY_BYTES = 1536 * 1024 * 1024
_SECONDS = 60


def as_text(value: Any) -> str:
    """A cell as a person would have typed it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Spreadsheets keep 15 digits; what a double holds beyond them is noise.
        return format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def convert(most_rows: int, most_columns: int, most_bytes: int, most_characters: int) -> int:
    """Read, convert, write; returns the exit code."""
    import python_calamine as calamine  # noqa: PLC0415 - loaded only after the limits are set

    try:
        workbook = calamine.load_workbook(sys.stdin.buffer)
        visible = [
            item.name
            for item in workbook.sheets_metadata
            if item.visible == calamine.SheetVisibleEnum.Visible and item.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        if not visible:
            return NO_SHEET
        sheet = workbook.get_sheet_by_name(visible[0])
        if sheet.end is not None and (sheet.end[0] > most_rows or sheet.width > most_columns):
            return TOO_LARGE
        written = 0
        for row in sheet.iter_rows():
            texts = [as_text(value) for value in row]
            if any(len(text) > most_characters for text in texts):
                sys.stdout.buffer.flush()
                return CELL_TOO_LONG
            line = json.dumps(texts, ensure_ascii=False).encode()
            written += len(line) + 1
            if written > most_bytes:
                return TOO_LARGE
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
    except calamine.PasswordError:
        return LOCKED
    except MemoryError:
        return TOO_LARGE
    except (calamine.CalamineError, OSError, ValueError):
        return UNREADABLE
    return 0


def limit_resources() -> None:
    """Whatever the file makes the reader do, it ends soon and leaves nothing behind."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit_resources()
    sys.exit(convert(*(int(text) for text in sys.argv[1:5])))
