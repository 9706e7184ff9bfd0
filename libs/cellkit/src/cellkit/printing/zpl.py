r"""Labels as ZPL II for Zebra printers and those that understand it (203 dpi unless told otherwise).

Latin texts use the printer's scalable font; texts with other characters are sent as graphics (``^GFA``), because most
printers have no Chinese font. ``^CI28`` and ``^FH`` make every other text exact: what ZPL itself would read (``^``,
``~``, ``\``) is sent as hexadecimal.
"""

from __future__ import annotations

from typing import Any

DOTS_PER_MM = {203: 8, 300: 12, 600: 24}
_LATIN_SHARE = 0.6
# How codes are told to the printer: the command up to its data, by the code's width in dots.
_TWO_DIMENSIONAL = ("qr", "datamatrix", "gs1-datamatrix")


def labels_to_zpl(data: dict[str, Any], font: str) -> str:
    """All labels, each once; ``data`` as composed, ``copies`` and ``dpi`` beside."""
    dots = DOTS_PER_MM[data.get("dpi", 203)]
    width, height = (round(data["paper"][name] * dots) for name in ("width", "height"))
    made = []
    for label in data["labels"]:
        parts = [f"^XA^CI28^PW{width}^LL{height}^LH0,0"]
        parts += [_element(one, data, dots, font) for one in label]
        parts.append(f"^PQ{data.get('copies', 1)},0,1,Y^XZ")
        made.append("\n".join(parts))
    return "\n".join(made) + "\n"


def _element(one: dict[str, Any], data: dict[str, Any], dots: int, font: str) -> str:
    x, y = round(one["x"] * dots), round(one["y"] * dots)
    width, height = max(1, round(one["width"] * dots)), max(1, round(one["height"] * dots))
    if one["kind"] == "line":
        thick = min(width, height)
        return f"^FO{x},{y}^GB{width},{height},{thick}^FS"
    if one["kind"] == "box":
        return f"^FO{x},{y}^GB{width},{height},{max(1, dots // 3)}^FS"
    if one["kind"] == "code":
        code = data["codes"][one["index"]]
        return f"^FO{x},{y}{_code(code['kind'], code['value'], width, height)}^FS"
    return _text(one, x, y, width, dots, font)


def _text(one: dict[str, Any], x: int, y: int, width: int, dots: int, font: str) -> str:
    text = one["text"].replace("\n", " ")
    if not text:
        return f"^FX empty ^FS"  # noqa: F541 - ZPL's own comment
    size = max(10, round(one["size"] * 0.3528 * dots))
    if all(32 <= ord(letter) < 127 for letter in text) and not one.get("bold"):
        place = {"left": "L", "center": "C", "right": "R"}[one.get("align", "left")]
        # The block keeps to one line and cuts the rest, as the printed label does.
        most = max(1, int(width / (size * _LATIN_SHARE) * 1.3))
        return f"^FO{x},{y}^A0N,{size},{size}^FB{width},1,0,{place}^FH^FD{escaped(text[:most])}^FS"
    bitmap, columns, rows = drawn(text, size, width, font, bold=bool(one.get("bold")), align=one.get("align", "left"))
    per_row = columns // 8
    return f"^FO{x},{y}^GFA,{len(bitmap)},{len(bitmap)},{per_row},{bitmap.hex().upper()}^FS" if rows else ""


def escaped(text: str) -> str:
    """A text that ``^FH^FD`` reads as it is."""
    return "".join(
        f"_{byte:02X}" if byte in b"^~_\\" or byte < 32 or byte > 126 else chr(byte) for byte in text.encode()
    )


def drawn(
    text: str, size: int, width: int, font: str, *, bold: bool = False, align: str = "left"
) -> tuple[bytes, int, int]:
    """A line of text as bits (1 is black, rows of whole bytes), at most ``width`` dots wide."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only labels are drawn

    face = ImageFont.truetype(font, size)
    stroke = 1 if bold else 0
    length = round(face.getlength(text)) + 2 * stroke
    columns = -(-min(max(length, 1), width) // 8) * 8
    rows = round(size * 1.25)
    room = width if align != "left" else columns
    columns = -(-room // 8) * 8
    offset = {"left": 0, "center": max(0, (room - length) // 2), "right": max(0, room - length)}[align]
    # Drawn in grey and cut at the middle: the font's own black and white loses thin strokes.
    image = Image.new("L", (columns, rows), 255)
    ImageDraw.Draw(image).text((offset + stroke, rows / 2), text, font=face, fill=0, anchor="lm", stroke_width=stroke)
    bits = image.point([1 if value < 128 else 0 for value in range(256)], mode="1").tobytes()
    return bits, columns, rows


def _code(kind: str, value: str, width: int, height: int) -> str:
    from cellkit.printing.program import code_of, svg_of  # noqa: PLC0415 - the same process draws them for PDF

    # Drawn once for its check and for its width in modules; the printer draws it again.
    code_of(kind, value)
    modules = _modules(svg_of(kind, value))
    fine = max(1, min(10, width // max(1, modules)))
    data = escaped(value)
    if kind == "qr":
        return f"^BQN,2,{fine}^FH^FDMA,{data}"
    if kind == "datamatrix":
        return f"^BXN,{fine},200^FH^FD{data}"
    if kind == "gs1-datamatrix":
        return f"^BXN,{fine},200,,,,_^FD{_gs1(value)}"
    if kind == "gs1-128":
        return f"^BY{fine}^BCN,{height},N,N,N,D^FH^FD{data}"
    if kind == "pdf417":
        return f"^BY{fine}^B7N,{max(2, fine * 3)},2^FH^FD{data}"
    command = {"code128": f"^BCN,{height},N,N,N,A", "code39": f"^B3N,N,{height},N,N", "ean13": f"^BEN,{height},N,N",
               "ean8": f"^B8N,{height},N,N", "itf14": f"^B2N,{height},N,N,N"}[kind]  # fmt: skip
    # The printer adds the check digit of these itself.
    sent = data[:-1] if (kind, len(value)) in (("ean13", 13), ("ean8", 8)) else data
    return f"^BY{fine}{command}^FH^FD{sent}"


def _modules(svg: str) -> int:
    """How many modules wide a code is: the picture has one point a module."""
    return int(float(svg.partition('width="')[2].partition('"')[0]))


def _gs1(value: str) -> str:
    """GS1 elements for a data matrix: ``_1`` is FNC1, before the first and between elements."""
    parts = [part for part in value.replace("[", "(").replace("]", ")").split("(") if part]
    return "_1" + "_1".join(part.replace(")", "") for part in parts)
