"""The kit's reference is what the source says; every public name explains itself."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from superpaas import reference
from superpaas.commands.docs import PLACES


@pytest.mark.parametrize("language", PLACES)
def test_the_reference_is_up_to_date(root: Path, language: str) -> None:
    told = (root / PLACES[language]).read_text(encoding="utf-8")
    assert told == reference.page(language), "run ./run.sh docs"


def test_every_public_name_explains_itself() -> None:
    silent = []
    for _zh, _en, module_name, names in reference.SECTIONS:
        module = importlib.import_module(module_name)
        for name in names or module.__all__:
            item = getattr(module, name)
            if (inspect.isclass(item) and "__doc__" not in vars(item)) or not inspect.getdoc(item):
                silent.append(f"{module_name}.{name}")
    assert silent == []
