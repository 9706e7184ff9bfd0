"""What the tests read out of prints: their text, their codes, their labels."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r", "").replace("\u200b", "") for page in document]


def text_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def pictures_of(pdf: bytes, scale: float = 4) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=scale).to_pil() for page in document]


def codes_of(picture: Image.Image) -> list[tuple[str, str]]:
    return sorted((str(one.format), one.text) for one in zxingcpp.read_barcodes(picture))


def ink_beyond_margins(pdf: bytes, margin_mm: float) -> int:
    """How many dark points lie nearer to an edge than ``margin_mm``."""
    count = 0
    for picture in pictures_of(pdf, 2):
        grey = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
        edge = round(margin_mm / 25.4 * 72 * 2)
        inner = Image.new("L", (grey.width - 2 * edge, grey.height - 2 * edge), 0)
        grey.paste(inner, (edge, edge))
        count += grey.histogram()[255]
    return count


_COMMAND = re.compile(r"[\^~]([A-Z][A-Z0-9@]|A(?=0))")


def zpl_labels(text: str) -> list[list[tuple[str, str]]]:
    """The commands of every label, each with its parameters; refuses what is not ZPL."""
    labels: list[list[tuple[str, str]]] = []
    for label in text.strip().split("^XZ"):
        if not label.strip():
            continue
        commands = []
        parts = re.split(r"(?=[\^~])", label.strip().replace("\n", ""))
        assert parts[0] == "" or parts[0].startswith("^"), label[:40]
        for part in filter(None, parts):
            name, rest = (part[1:2], part[2:]) if part.startswith("^A0") else (part[1:3], part[3:])
            assert re.fullmatch(r"XA|CI|PW|LL|LH|FO|GF|GB|FS|FX|FB|FH|FD|PQ|BQ|BX|BC|BE|B2|B3|B7|B8|BY|A", name), part[
                :30
            ]
            commands.append((name, rest))
        assert commands[0] == ("XA", ""), label[:40]
        opened = [name for name, _ in commands if name == "FO"]
        closed = [name for name, _ in commands if name == "FS"]
        assert len(opened) <= len(closed)
        labels.append(commands)
    return labels


def graphic(parameters: str) -> Image.Image:
    """The picture of a ``^GFA`` field."""
    kind, total, size, per_row, data = parameters[0], *parameters[2:].split(",", 3)
    assert kind == "A"
    raw = bytes.fromhex(data)
    assert len(raw) == int(total) == int(size)
    columns = int(per_row) * 8
    picture = Image.frombytes("1", (columns, len(raw) // int(per_row)), raw)
    return picture.point(lambda value: 0 if value else 255)


def png(content: bytes) -> Any:
    return Image.open(io.BytesIO(content))
