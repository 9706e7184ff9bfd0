"""Names of files: made safe when they come in, written safely when they go out."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MOST_BYTES = 200
_SEPARATORS = re.compile(r"[\\/]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_BLANKS = re.compile(r"\s+")


def safe_name(text: str) -> str:
    """The name without folders, control and direction characters; never empty, its extension kept when it is cut."""
    name = _SEPARATORS.split(unicodedata.normalize("NFC", text))[-1]
    # Format characters turn the reading direction, so that an exe can look like a picture.
    name = "".join(one for one in name if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    name = _BLANKS.sub(" ", _FORBIDDEN.sub("_", name)).strip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _cut(name) or "file"


def _cut(name: str) -> str:
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    room = MOST_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + dot + extension


def extension_of(name: str) -> str:
    """The extension in lower case with its dot, or an empty text."""
    _, dot, extension = name.rpartition(".")
    return f".{extension.lower()}" if dot and extension else ""


def disposition(name: str, *, inline: bool) -> bytes:
    """The header ``Content-Disposition`` (RFC 6266): an ASCII name for old clients, the real one beside it."""
    plain = "".join(one if 32 <= ord(one) < 127 and one not in '"\\%;' else "_" for one in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}".encode("ascii")
