"""The cells under test: every folder of ``cells/``, and the kit's sample cell, so that there is always one."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from cellkit.cell import Cell
from cellkit.declare import Document, Table

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "libs" / "cellkit" / "tests" / "pipeline" / "sample_cell.py"
EXAMPLES = "contract_samples.py"
# The kit's own documents are the same in every cell, so one cell stands for all of them.
KIT_EXAMPLES = ROOT / "libs" / "cellkit" / "tests" / EXAMPLES
STANDS_FOR_THE_KIT = "sample"


@dataclass(frozen=True, slots=True)
class Found:
    """One cell: its name, the module that holds it, and the author's examples (None: the generic ones do)."""

    name: str
    module: str
    file: Path | None
    examples: Path | None


@cache
def found_cells() -> tuple[Found, ...]:
    """Every cell there is, by its folder; nothing is imported yet."""
    cells = [Found("sample", "contract_sample_cell", SAMPLE, Path(__file__).parent / "sample_examples.py")]
    for project in sorted((ROOT / "cells").glob("*/pyproject.toml")):
        folder = project.parent
        examples = folder / "tests" / EXAMPLES
        module = f"cell_{folder.name}.app"
        cells.append(Found(folder.name, module, None, examples if examples.exists() else None))
    return tuple(cells)


def found_cell(name: str) -> Found:
    """A cell by its name."""
    return next(item for item in found_cells() if item.name == name)


@cache
def load(name: str) -> Cell:
    """The declared cell; raises whatever its modules raise."""
    item = found_cell(name)
    module = importlib.import_module(item.module) if item.file is None else _module_of(item.module, item.file)
    cell = module.cell
    if not isinstance(cell, Cell):
        raise TypeError(f"{item.module}.cell is not a Cell")
    return cell


@cache
def load_examples(name: str) -> ModuleType | None:
    """The author's examples for a cell's documents."""
    item = found_cell(name)
    return None if item.examples is None else _module_of(f"contract_examples_{name}", item.examples)


@cache
def load_kit_examples() -> ModuleType:
    """The examples for the kit's own documents; their keys begin with ``kit.`` there."""
    return _module_of("contract_examples_kit", KIT_EXAMPLES)


def loadable() -> list[str]:
    """The names of the cells that load; ``test_discovery`` fails for the others."""
    return [item.name for item in found_cells() if _loads(item.name)]


def documents_of(name: str) -> list[type[Document]]:
    """The documents of a cell that are tested one by one."""
    return [table for table in tables_of(name) if issubclass(table, Document)]


def tables_of(name: str) -> list[type[Table]]:
    """Documents, ledgers and balances of a cell that are tested one by one."""
    return [table for table in load(name).documents if not table.kit or name == STANDS_FOR_THE_KIT]


@cache
def _loads(name: str) -> bool:
    try:
        load(name)
    except Exception:  # noqa: BLE001 - whatever is wrong with a cell, the others are still tested
        return False
    return True


def _module_of(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    # Registered first: annotations of the module's classes are looked up there.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
