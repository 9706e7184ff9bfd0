"""Make the picture of a file (standard input: its content; standard output: WebP); run as a program of its own.

A picture or PDF is a program for its decoder's memory: a few kilobytes may unpack to gigabytes, and decoders have
faults. Here it can only end this process, whose memory, time and files are limited.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any

NO_PICTURE, TOO_LARGE = 3, 4
_MEMORY_BYTES = 1024 * 1024 * 1024
_SECONDS = 20
_MOST_PIXELS = 64_000_000


def picture_of(content: bytes, media_type: str, side: int) -> bytes:
    """A picture of at most ``side`` pixels either way."""
    image = _pdf_page(content, side) if media_type == "application/pdf" else _image(content, side)
    output = io.BytesIO()
    image.save(output, "WEBP", quality=80, method=2)
    return output.getvalue()


def _image(content: bytes, side: int) -> Any:
    from PIL import Image, ImageOps  # noqa: PLC0415 - loaded only after the limits are set

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"))
    if opened.width * opened.height > _MOST_PIXELS:
        raise MemoryError
    opened.draft("RGB", (side, side))
    turned: Any = ImageOps.exif_transpose(opened)
    turned.thumbnail((side, side))
    # A new picture carries no metadata along: a photograph's place and camera stay out of previews.
    clean = turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB")
    clean.info.clear()
    return clean


def _pdf_page(content: bytes, side: int) -> Any:
    import pypdfium2  # noqa: PLC0415 - loaded only after the limits are set

    document = pypdfium2.PdfDocument(content)
    page = document[0]
    width, height = page.get_size()
    scale = side / max(width, height, 1)
    return page.render(scale=min(scale, 8)).to_pil().convert("RGB")


def main() -> int:
    """Read, draw, write; returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        made = picture_of(content, sys.argv[1], int(sys.argv[2]))
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - whatever a decoder makes of a hostile file, there is no picture
        return NO_PICTURE
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
