"""Contents that the tests of files share."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from cellkit.testing.cells import Answer, Api


def png(width: int = 60, height: int = 40, colour: str = "red") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(output, "PNG")
    return output.getvalue()


@cache
def pdf() -> bytes:
    # Made once: a PDF carries the time it was made at.
    output = io.BytesIO()
    page = Image.new("RGB", (300, 400), "white")
    ImageDraw.Draw(page).rectangle((50, 50, 250, 350), fill="blue")
    page.save(output, "PDF")
    return output.getvalue()


async def upload(api: Api, name: str, content: bytes, request_id: str | None = None, **query: Any) -> Answer:
    return await api.call(
        "POST",
        "/_files",
        content,
        query={"name": name, **query},
        headers={"content-type": "application/octet-stream"},
        request_id=request_id,
    )


async def uploaded(api: Api, name: str, content: bytes, **query: Any) -> str:
    answer = await upload(api, name, content, **query)
    assert answer.status == 201, answer.body.decode()
    return answer.json["id"]
