"""Prints that a document declares: what can be printed of it, on which paper."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from cellkit.labels import L, Label


class Paper(NamedTuple):
    """A paper in millimetres; ``label``: a sticker, one element after another instead of a flow of text."""

    name: str
    width: float
    height: float
    margin: tuple[float, float, float, float]
    label: bool = False


# Continuous forms are 241 mm wide, 12.7 mm of it on either side for the sprocket holes.
PAPERS: dict[str, Paper] = {
    paper.name: paper
    for paper in (
        Paper("A4", 210, 297, (14, 12, 14, 12)),
        Paper("A4-landscape", 297, 210, (12, 12, 12, 12)),
        Paper("A5", 148, 210, (10, 9, 10, 9)),
        Paper("A5-landscape", 210, 148, (10, 10, 10, 10)),
        Paper("241x280", 241, 280, (8, 16, 8, 16)),
        Paper("241x140", 241, 140, (6, 16, 6, 16)),
        Paper("241x93", 241, 93.1, (5, 16, 5, 16)),
    )
}
_LABEL = re.compile(r"([1-9][0-9]{1,2}(?:\.[0-9])?)x([1-9][0-9]{0,2}(?:\.[0-9])?)")
_MOST_LABEL = 300


def paper_of(text: str) -> Paper | None:
    """A paper by its name, or a label by its size in millimetres (``60x40``); None when it is neither."""
    if text in PAPERS:
        return PAPERS[text]
    found = _LABEL.fullmatch(text)
    if found is None:
        return None
    width, height = float(found[1]), float(found[2])
    if width > _MOST_LABEL or height > _MOST_LABEL:
        return None
    return Paper(text, width, height, (0, 0, 0, 0), label=True)


class Print:
    """One print of a document.

    ``Print("order", L("销售订单", "Sales order"), paper="A4")``: ``per="line"`` prints one label a line of the grid
    ``lines`` instead of one a document. ``layout``: the layout as tenants' templates have it (docs: printing), instead
    of the one made from the fields. ``codes``: bar codes of the layout that is made, ``{"qr": "{number}"}``.
    """

    def __init__(
        self,
        name: str,
        label: Label,
        *,
        paper: str = "A4",
        per: Literal["document", "line"] = "document",
        lines: str | None = None,
        layout: dict[str, Any] | None = None,
        codes: dict[str, str] | None = None,
    ) -> None:
        found = paper_of(paper)
        if found is None:
            message = f"print {name}: no paper {paper!r}; known are {', '.join(PAPERS)} and labels like 60x40"
            raise ValueError(message)
        if per == "line" and not found.label:
            message = f"print {name}: only labels are printed per line"
            raise ValueError(message)
        self.name = name
        self.label = label
        self.paper = found
        self.per: Literal["document", "line"] = per
        self.lines = lines
        self.layout = layout
        self.codes = codes


STANDARD = "standard"


def prints_of(table: Any) -> dict[str, Print]:
    """What can be printed of a document: what it declares, or one print on A4."""
    declared = getattr(table, "prints", None)
    found = declared if isinstance(declared, list | tuple) else ()
    return {item.name: item for item in found} or {STANDARD: Print(STANDARD, L("标准打印", "Standard"))}
