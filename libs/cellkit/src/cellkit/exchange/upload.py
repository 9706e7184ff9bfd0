"""The uploaded file: taken from the request in pieces into a temporary file, whatever its wrapping."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from typing import IO, Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from cellkit.errors import UnsupportedMediaType
from cellkit.exchange.errors import FileEmpty, FileUnreadable, NoFilePart, OldWorkbook
from cellkit.exchange.limits import CSV_TYPE, MOST_BYTES, XLSX_TYPE
from cellkit.http.messages import Request

_FORM_TYPE = "multipart/form-data"
_IN_MEMORY_BYTES = 1024 * 1024
_MOST_WRAPPING_BYTES = 64 * 1024
_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(slots=True)
class Upload:
    """A received file. ``sheet``: an XLSX workbook, else CSV text. Close it after use."""

    file: IO[bytes]
    digest: bytes = b""
    size: int = 0
    sheet: bool = False
    _hash: Any = field(default_factory=hashlib.sha256, repr=False)

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        self.file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    def close(self) -> None:
        """Give the file's space back."""
        self.file.close()


async def receive(request: Request) -> Upload:
    """Take the body; raises the contract's errors for what is not one CSV or XLSX file of at most 64 MiB."""
    content_type, options = parse_options_header(request.header(b"content-type") or "")
    kind = content_type.decode("latin-1").lower()
    if kind not in (CSV_TYPE, XLSX_TYPE, _FORM_TYPE):
        raise UnsupportedMediaType(expected=f"{CSV_TYPE}, {XLSX_TYPE}, {_FORM_TYPE}")
    upload = Upload(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES))  # noqa: SIM115 - closed by the caller
    try:
        if kind == _FORM_TYPE:
            await _receive_form(request, upload, options.get(b"boundary", b""))
        else:
            async for piece in request.stream(MOST_BYTES):
                upload.write(piece)
        if upload.size == 0:
            raise FileEmpty
        upload.digest = upload._hash.digest()  # noqa: SLF001 - its own
        upload.sheet = _is_sheet(upload, kind)
    except BaseException:
        upload.close()
        raise
    return upload


def _is_sheet(upload: Upload, kind: str) -> bool:
    upload.file.seek(0)
    start = upload.file.read(8)
    upload.file.seek(0)
    if start == _OLE:
        raise OldWorkbook
    packed = start.startswith(_ZIP)
    if kind != _FORM_TYPE and packed != (kind == XLSX_TYPE):
        # Read as what it does not claim to be, it would only give a puzzling error later.
        raise FileUnreadable
    return packed


async def _receive_form(request: Request, upload: Upload, boundary: bytes) -> None:
    if not boundary:
        raise NoFilePart
    form = _Form(upload)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": form.begin,
                "on_header_field": form.header_field,
                "on_header_value": form.header_value,
                "on_header_end": form.header_end,
                "on_headers_finished": form.headers_finished,
                "on_part_data": form.data,
            },
        )
        async for piece in request.stream(MOST_BYTES + _MOST_WRAPPING_BYTES):
            parser.write(piece)
        parser.finalize()
    except FormParserError:
        raise NoFilePart from None
    if form.files != 1:
        raise NoFilePart


class _Form:
    """What the parser of a form tells; only the one part with a file name is kept."""

    def __init__(self, upload: Upload) -> None:
        self.files = 0
        self._upload = upload
        self._name = bytearray()
        self._value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._taking = False

    def begin(self) -> None:
        self._headers.clear()
        self._taking = False

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b"").decode("latin-1"))
        if b"filename" in options:
            self.files += 1
            self._taking = self.files == 1

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._taking:
            self._upload.write(data[start:end])
