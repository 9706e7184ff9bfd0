"""``superpaas docs``: write the documents that are made from the source."""

from __future__ import annotations

import argparse

from superpaas import layout
from superpaas.messages import say

PLACES = {"zh": "docs/guide/reference.md", "en": "docs/en/guide/reference.md"}


def run(_options: argparse.Namespace) -> int:
    """Write the reference in both languages, and what every cell says of its routes."""
    from superpaas import descriptions, reference  # noqa: PLC0415 - imports the whole kit

    for language, place in PLACES.items():
        (layout.repository() / place).write_text(reference.page(language), encoding="utf-8")
        say(f"已生成 {place}", f"Wrote {place}")
    for path, text in descriptions.of_cells(layout.repository() / "cells").items():
        path.write_text(text, encoding="utf-8")
        written = path.relative_to(layout.repository())
        say(f"已生成 {written}", f"Wrote {written}")
    return 0
