"""What a file is: told by its content, the name only chooses among kinds of text and archives."""

from __future__ import annotations

import codecs

from cellkit.files.names import extension_of

HEAD_BYTES = 64 * 1024
"""How much of a file's beginning is looked at."""

UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-executable"
_ZIP = "application/zip"
_OLE = "application/x-ole-storage"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", _ZIP),
    (0, b"PK\x05\x06", _ZIP),
    (0, bytes.fromhex("d0cf11e0a1b11ae1"), _OLE),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (257, b"ustar", "application/x-tar"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"AC10", "image/vnd.dwg"),
    (128, b"DICM", "application/dicom"),
    (0, b"MZ", PROGRAM),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"#!", PROGRAM),
)
# Names that stand at the beginning of the members of packed formats.
_PACKED: tuple[tuple[bytes, str], ...] = (
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}.presentationml.presentation"),
    (b"OFD.xml", "application/ofd"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
)
_BY_NAME: dict[str, dict[str, str]] = {
    _ZIP: {
        ".docx": f"{_OFFICE}.wordprocessingml.document",
        ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
        ".pptx": f"{_OFFICE}.presentationml.presentation",
        ".ofd": "application/ofd",
    },
    _OLE: {
        ".doc": "application/msword",
        ".xls": "application/vnd.ms-excel",
        ".ppt": "application/vnd.ms-powerpoint",
        ".msg": "application/vnd.ms-outlook",
        ".wps": "application/vnd.ms-works",
        ".et": "application/vnd.ms-excel",
    },
    "text/plain": {".csv": "text/csv", ".json": "application/json", ".md": "text/markdown"},
}
_EXTENSIONS: dict[str, frozenset[str]] = {
    "image/png": frozenset({".png"}),
    "image/jpeg": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    "image/gif": frozenset({".gif"}),
    "image/webp": frozenset({".webp"}),
    "image/bmp": frozenset({".bmp"}),
    "image/tiff": frozenset({".tif", ".tiff"}),
    "application/pdf": frozenset({".pdf"}),
}
# What a double click runs: refused even where the content cannot be told from a text.
_RUN_BY_NAME = frozenset(
    {
        ".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh",
        ".hta", ".jar", ".lnk", ".reg", ".cpl", ".pif", ".sh", ".py", ".php", ".asp", ".aspx", ".jsp", ".docm", ".xlsm",
        ".pptm", ".dotm", ".xltm", ".apk", ".iso",
    }
)  # fmt: skip
INLINE = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "application/pdf", "text/plain", "text/csv"}
)
"""What a browser may show in place; everything else is only ever downloaded."""
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"})
PREVIEWED = PICTURES | {"application/pdf"}
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")


def sniff(head: bytes, name: str) -> str:
    """The media type of content that begins with ``head``."""
    for place, magic, kind in _MAGIC:
        if head[place : place + len(magic)] == magic and (kind != "image/bmp" or _is_bitmap(head)):
            return _named(kind, head, name)
    return _named("text/plain", head, name) if _is_text(head) else UNKNOWN


def _named(kind: str, head: bytes, name: str) -> str:
    if kind == _ZIP:
        for member, packed in _PACKED:
            if member in head:
                return packed
    if kind == "text/plain":
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024].lower()
        if start.startswith(_MARKUP) or b"<script" in start:
            return "text/html"
        if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
            return "image/svg+xml"
        if start.startswith(b"<?xml"):
            return "application/xml"
    return _BY_NAME.get(kind, {}).get(extension_of(name), kind)


def _is_bitmap(head: bytes) -> bool:
    # Two letters alone are no proof: the size and the reserved words of the header must fit.
    return len(head) > 26 and head[6:10] == b"\0\0\0\0"


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # The last character may be cut in two.
            codecs.getincrementaldecoder(encoding)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        return True
    return False


def refused(kind: str, name: str) -> bool:
    """Whether a file is refused everywhere: programs, and contents that belie a picture's or a PDF's name."""
    extension = extension_of(name)
    if kind == PROGRAM or extension in _RUN_BY_NAME:
        return True
    claimed = next((known for known, extensions in _EXTENSIONS.items() if extension in extensions), None)
    return claimed is not None and claimed != kind and not (claimed in PICTURES and kind in PICTURES)


def allowed(kind: str, name: str, types: tuple[str, ...]) -> bool:
    """Whether a field's ``types`` (``image/*``, ``application/pdf``, ``.docx``) take a file; none named: all."""
    if not types:
        return True
    return any(
        extension_of(name) == one
        if one.startswith(".")
        else kind == one or (one.endswith("/*") and kind.startswith(one[:-1]))
        for one in types
    )
