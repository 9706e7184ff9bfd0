"""What each cell says of its routes, as the file ``openapi.json`` in its folder: readable without running anything."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path

FILE = "openapi.json"


def of_cells(folder: Path) -> dict[Path, str]:
    """The document of every cell below ``folder``, by the file it belongs into."""
    return {path.parent / FILE: _document(path) for path in sorted(folder.glob("*/cell.toml"))}


def _document(declared: Path) -> str:
    from cellkit import openapi  # noqa: PLC0415 - the whole kit
    from cellkit.settings import read_settings  # noqa: PLC0415 - the same

    told = tomllib.loads(declared.read_text(encoding="utf-8"))
    cell = importlib.import_module(f"{told['package']}.app").cell
    # Nothing is connected to and nothing asked: the document follows from the declaration alone.
    return openapi.write(cell, cell.create_app(read_settings(cell.name, environment={})))
