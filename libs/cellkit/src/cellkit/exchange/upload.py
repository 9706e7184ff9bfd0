"""The uploaded file: taken from the request in pieces into a temporary file, whatever its wrapping."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from typing import IO, Any

from python_multipart.multipart import parse_options_header

from cellkit.errors import UnsupportedMediaType
from cellkit.exchange.errors import FileEmpty, FileUnreadable, NoFilePart, OldWorkbook
from cellkit.exchange.limits import CSV_TYPE, MOST_BYTES, XLSX_TYPE
from cellkit.http.forms import take_file
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
    if not await take_file(request.stream(MOST_BYTES + _MOST_WRAPPING_BYTES), boundary, upload.write):
        raise NoFilePart
