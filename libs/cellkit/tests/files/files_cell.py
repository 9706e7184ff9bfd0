"""A small cell whose documents have files."""

from __future__ import annotations

from cellkit.cell import Cell
from cellkit.declare import Document, Files, Image, Line, Lines, States, Text
from cellkit.labels import L


class Photo(Line):
    note = Text(L("说明", "Note"))
    picture = Image(L("照片", "Picture"))


class Asset(Document, key="depot.asset", label=L("资产", "Asset"), title="name"):
    name = Text(L("名称", "Name"), required=True, search=True, list=True)
    papers = Files(L("资料", "Papers"), max_count=3, max_bytes=200_000, types=("application/pdf", "image/*", ".docx"))
    photo = Image(L("图片", "Photo"))
    photos = Lines(L("照片", "Photos"), of=Photo)
    states = States("draft:草稿:Draft", "used:在用:Used", editable="draft used", deletable="draft used")


class Plain(Document, key="depot.plain", label=L("普通单据", "Plain")):
    name = Text(L("名称", "Name"), required=True)


cell = Cell(
    "depot",
    label=L("资产", "Depot"),
    version="0.1.0",
    port=8191,
    package="cellkit.testing",
    documents=[Asset, Plain],
)
