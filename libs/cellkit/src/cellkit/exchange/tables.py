"""The rows of an uploaded file as lists of texts, read again from the start as often as needed."""

from __future__ import annotations

import asyncio
import codecs
import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, Protocol

import msgspec

from cellkit.errors import BadRequest
from cellkit.exchange import sheet_to_lines
from cellkit.exchange.errors import (
    CellTooLong,
    FileBinary,
    FileEmpty,
    FileUnreadable,
    SheetTooLarge,
    TooManyRows,
    WorkbookLocked,
    WrongEncoding,
)
from cellkit.exchange.limits import MOST_CELL_CHARACTERS, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED_BYTES
from cellkit.exchange.pace import Pace
from cellkit.exchange.upload import Upload
from cellkit.messaging.pages import one_of

Cells = list[str]
ENCODINGS = ("auto", "utf-8", "utf-8-sig", "gb18030", "gbk")
_CHUNK_BYTES = 256 * 1024
_DELIMITERS = ",\t;"
_PROGRAM_SECONDS = 120
_decode_line = msgspec.json.Decoder(list[str]).decode


class RowSource(Protocol):
    """Rows of a file."""

    quoted: bool
    """Whether texts that a spreadsheet would take for a formula carry an apostrophe in front."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """(row number as a spreadsheet shows it, cells) of every row, the header first."""
        ...

    def close(self) -> None:
        """Give the space back."""
        ...


class CsvRows:
    """A CSV text in a known encoding."""

    quoted = True

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._delimiter = self._find_delimiter()

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """See :class:`RowSource`."""
        text = self._text()
        number = 0
        try:
            for cells in csv.reader(text, delimiter=self._delimiter):
                number += 1
                if number > MOST_ROWS + 1:
                    raise TooManyRows(limit=f"{MOST_ROWS:,}")
                yield number, cells
        except csv.Error:
            raise CellTooLong(row=number + 1, limit=f"{MOST_CELL_CHARACTERS:,}") from None
        finally:
            text.detach()

    def close(self) -> None:
        """The upload owns the file."""

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        return io.TextIOWrapper(self._file, encoding=self._encoding, newline="")

    def _find_delimiter(self) -> str:
        text = self._text()
        try:
            line = text.readline(100_000)
        finally:
            text.detach()
        outside = "".join(line.split('"')[::2])
        return max(_DELIMITERS, key=outside.count)


class LineRows:
    """JSON lines that :mod:`cellkit.exchange.sheet_to_lines` wrote."""

    quoted = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """See :class:`RowSource`."""
        self._file.seek(0)
        for number, line in enumerate(self._file, start=1):
            yield number, _decode_line(line)

    def close(self) -> None:
        """Delete the converted rows."""
        self._file.close()


async def open_rows(upload: Upload, encoding: str) -> RowSource:
    """The rows of an upload; raises the reason when it cannot be read."""
    if encoding not in ENCODINGS:
        raise BadRequest(reason=one_of("encoding", ENCODINGS))
    if upload.sheet:
        return await _sheet_rows(upload)
    return CsvRows(upload.file, await _find_encoding(upload.file, encoding))


async def _find_encoding(file: IO[bytes], wanted: str) -> str:
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise WrongEncoding(encoding="UTF-8, GB18030")
    candidates = {"auto": ("utf-8-sig", "gb18030"), "utf-8": ("utf-8-sig",), "gbk": ("gb18030",)}.get(wanted, (wanted,))
    for encoding in candidates:
        if await _decodes(file, encoding):
            return encoding
    raise WrongEncoding(encoding="UTF-8, GB18030" if wanted == "auto" else wanted.upper())


async def _decodes(file: IO[bytes], encoding: str) -> bool:
    pace = Pace()
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    blank = True
    try:
        while chunk := file.read(_CHUNK_BYTES):
            if b"\0" in chunk:
                raise FileBinary
            blank = not decoder.decode(chunk).strip() and blank
            await pace.breathe()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    if blank:
        raise FileEmpty
    return True


async def _sheet_rows(upload: Upload) -> LineRows:
    output = tempfile.TemporaryFile()  # noqa: SIM115 - LineRows closes it
    try:
        with tempfile.TemporaryFile() as packed:
            upload.file.seek(0)
            while chunk := upload.file.read(_CHUNK_BYTES):
                packed.write(chunk)
            packed.seek(0)
            code = await _run_program(packed, output)
        if code == sheet_to_lines.LOCKED:
            raise WorkbookLocked
        if code == sheet_to_lines.NO_SHEET:
            raise FileEmpty
        if code == sheet_to_lines.CELL_TOO_LONG:
            output.seek(0)
            row = sum(1 for _ in output) + 1
            raise CellTooLong(row=row, limit=f"{MOST_CELL_CHARACTERS:,}")
        # A reader that the operating system or the allocator ended wanted more than it may have.
        if code == sheet_to_lines.TOO_LARGE or code < 0:
            raise SheetTooLarge
        if code != 0:
            raise FileUnreadable
        if os.fstat(output.fileno()).st_size == 0:
            raise FileEmpty
    except BaseException:
        output.close()
        raise
    return LineRows(output)


async def _run_program(packed: IO[bytes], output: IO[bytes]) -> int:
    limits = [str(limit) for limit in (MOST_ROWS, MOST_COLUMNS, MOST_UNPACKED_BYTES, MOST_CELL_CHARACTERS)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", sheet_to_lines.__file__, *limits,
        stdin=packed, stdout=output, stderr=subprocess.DEVNULL, env={},
    )  # fmt: skip
    try:
        async with asyncio.timeout(_PROGRAM_SECONDS):
            return await process.wait()
    except TimeoutError:
        raise SheetTooLarge from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
