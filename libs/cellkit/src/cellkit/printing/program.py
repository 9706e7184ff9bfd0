"""Typeset, draw bar codes and labels, merge; a program of its own that reads jobs from standard input.

Templates of tenants are programs for the typesetter. Here they find an empty folder, no network and no other program,
limited memory, and a parent that ends this process when a job takes too long. Frames are four bytes of length and
MessagePack: a job ``{"op", …}`` in, ``{"ok", …}`` or ``{"error", …}`` out.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

_MEMORY_BYTES = 3 * 1024 * 1024 * 1024
_MOST_PAGES = 2000
_LIBRARY = Path(__file__).parent / "typst"
# Numbers of socket, connect, execve, execveat by machine, and the machine's audit constant.
_DENIED = {
    "x86_64": (0xC000003E, (41, 42, 59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281)),
}
_FORMATS = {
    "code128": "Code128", "gs1-128": "Code128", "code39": "Code39", "ean13": "EAN13", "ean8": "EAN8", "itf14": "ITF14",
    "qr": "QRCode", "datamatrix": "DataMatrix", "gs1-datamatrix": "DataMatrix", "pdf417": "PDF417",
}  # fmt: skip


class CodeError(Exception):
    """A value that is no code of its kind."""


def confine() -> bool:
    """Limit memory and files, and take network and other programs away; whether the kernel took the latter."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if platform.machine() not in _DENIED or not sys.platform.startswith("linux"):
        return False
    machine, calls = _DENIED[platform.machine()]
    rules = [(0x20, 0, 0, 4), (0x15, 0, len(calls) + 1, machine), (0x20, 0, 0, 0)]
    rules += [(0x15, len(calls) - place, 0, number) for place, number in enumerate(calls)]
    rules += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]
    packed = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(buffer))
    library = ctypes.CDLL(None, use_errno=True)
    # No new privileges, then the filter: allow, or EPERM for what is denied.
    if library.prctl(38, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(22, 2, ctypes.create_string_buffer(program, len(program)), 0, 0) == 0)


def code_of(kind: str, value: str) -> Any:
    """A bar code; raises :class:`CodeError` with what is wrong."""
    import zxingcpp  # noqa: PLC0415 - loaded only where codes are printed

    options: dict[str, Any] = {"gs1": True} if kind.startswith("gs1-") else {}
    if kind == "qr":
        options["ec_level"] = "M"
    try:
        return zxingcpp.create_barcode(value, getattr(zxingcpp.BarcodeFormat, _FORMATS[kind]), **options)
    except (ValueError, RuntimeError) as error:
        raise CodeError(str(error)[:200]) from None


def svg_of(kind: str, value: str) -> str:
    """A bar code as a picture without quiet zone; the template leaves room around it."""
    import zxingcpp  # noqa: PLC0415 - as above

    return str(zxingcpp.write_barcode_to_svg(code_of(kind, value), add_quiet_zones=False))


class Program:
    """The typesetter and its folder."""

    def __init__(self, folder: Path, fonts: list[str]) -> None:
        import typst  # noqa: PLC0415 - loaded in this process alone

        self._folder = folder
        self._error = typst.TypstError
        for path in _LIBRARY.glob("*.typ"):
            (folder / path.name).write_bytes(path.read_bytes())
        found: Any = typst.Fonts(False, False, fonts)  # noqa: FBT003 - neither the system's nor the embedded ones
        nowhere = str(folder / "none")
        self._compiler: Any = typst.Compiler(
            root=str(folder), font_paths=found, package_path=nowhere, package_cache_path=nowhere
        )

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Carry a job out."""
        try:
            if job["op"] == "merge":
                return {"ok": merged(job["parts"])}
            if job["op"] == "picture":
                return {"ok": page_picture(job["pdf"], job["page"])}
            if job["op"] == "zpl":
                from cellkit.printing.zpl import labels_to_zpl  # noqa: PLC0415 - draws with Pillow

                return {"ok": labels_to_zpl(job["data"], job["fonts"][0]).encode()}
            return {"ok": self._typeset(job)}
        except CodeError as error:
            return {"error": "code", "kind": job.get("_kind", ""), "value": job.get("_value", ""), "reason": str(error)}
        except self._error as error:
            return {"error": "template", "reason": told(error)}
        except MemoryError:
            return {"error": "memory"}

    def _typeset(self, job: dict[str, Any]) -> bytes | list[bytes]:
        data = job["data"]
        for code in data.get("codes", ()):
            job["_kind"], job["_value"] = code["kind"], code["value"]
            code["svg"] = svg_of(code["kind"], code["value"])
        written = []
        try:
            for name, content in job.get("files", {}).items():
                place = self._folder / Path(name).name
                place.write_bytes(content)
                written.append(place)
            source = f"#let data = json(bytes(sys.inputs.data))\n{job['source']}".encode()
            inputs = {"data": json.dumps(data, ensure_ascii=False)}
            made = self._compiler.compile(
                source, format=job["format"], ppi=job.get("ppi"), sys_inputs=inputs, pdf_tags=False
            )
        finally:
            for place in written:
                place.unlink()
        if isinstance(made, list):
            return [bytes(one) for one in made][:_MOST_PAGES]
        return bytes(made)


def told(error: Any) -> str:
    """What the typesetter says, without paths of this machine."""
    hints = "; ".join(getattr(error, "hints", ()) or ())
    text = str(getattr(error, "message", error)) + (f" ({hints})" if hints else "")
    return text.replace(tempfile.gettempdir(), "")[:500]


def merged(parts: list[bytes]) -> bytes:
    """Several PDFs as one."""
    import io  # noqa: PLC0415 - one use

    import pypdfium2  # noqa: PLC0415 - loaded only for batches

    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        with pypdfium2.PdfDocument(part) as document:
            whole.import_pages(document)
    output = io.BytesIO()
    whole.save(output)
    return output.getvalue()


def page_picture(pdf: bytes, number: int) -> bytes:
    """A page as PNG; the last one when there are not so many."""
    import io  # noqa: PLC0415 - as above

    import pypdfium2  # noqa: PLC0415 - as above

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[min(number, len(document)) - 1]
        output = io.BytesIO()
        page.render(scale=1.5).to_pil().save(output, "PNG")
    return output.getvalue()


def main() -> None:
    """Carry out jobs until standard input ends."""
    decode, encode = msgspec.msgpack.Decoder().decode, msgspec.msgpack.Encoder().encode
    source, target = sys.stdin.buffer, sys.stdout.buffer
    with tempfile.TemporaryDirectory(prefix="print-") as name:
        os.chdir(name)
        program = None
        confined = confine()
        while head := source.read(4):
            job = decode(source.read(int.from_bytes(head, "big")))
            if program is None:
                program = Program(Path(name), [str(Path(font).parent) for font in job["fonts"]])
            answer = {"ok": confined} if job["op"] == "confined" else program.run(job)
            made = encode(answer)
            target.write(len(made).to_bytes(4, "big") + made)
            target.flush()


if __name__ == "__main__":
    main()
