"""The files every cell brings: its description of itself, and how it becomes an image."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from superpaas import descriptions
from tests.repo import repository

CELLS = sorted(path.parent for path in (repository.ROOT / "cells").glob("*/cell.toml"))


@pytest.fixture(scope="module")
def described() -> dict[Path, str]:
    return descriptions.of_cells(repository.ROOT / "cells")


@pytest.mark.parametrize("cell", CELLS, ids=lambda path: path.name)
def test_openapi_json_is_what_the_cell_says_of_itself(cell: Path, described: dict[Path, str]) -> None:
    path = cell / descriptions.FILE
    told = path.read_text(encoding="utf-8")
    assert told == described[path], "run ./run.sh docs"
    document = json.loads(told)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {name for name in document["paths"] if name.startswith(f"/api/v1/{cell.name}/")}


def instructions(dockerfile: Path) -> list[tuple[str, list[str]]]:
    """Each instruction with its words; lines that go on are joined."""
    text = re.sub(r"\\\n", " ", dockerfile.read_text(encoding="utf-8"))
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(words[0], words[1:]) for words in lines]


@pytest.mark.parametrize("cell", CELLS, ids=lambda path: path.name)
def test_the_image_copies_what_is_there_and_starts_this_cell(cell: Path) -> None:
    steps = instructions(cell / "Dockerfile")
    port = str(tomllib.loads((cell / "cell.toml").read_text(encoding="utf-8"))["port"])
    copied = [words[0] for name, words in steps if name == "COPY" and not words[0].startswith("--from=")]
    missing = [name for name in copied if not (repository.ROOT / name).exists()]
    assert missing == []
    assert {name for name in copied if name.startswith("cells/")} == {f"cells/{cell.name}"}, "no other cell goes along"
    assert [words for name, words in steps if name == "EXPOSE"] == [[port]]
    (start,) = [json.loads(" ".join(words)) for name, words in steps if name == "CMD"]
    assert start == ["superpaas", "serve", cell.name, "--migrate"]
    assert [item.name for item in entry_points(group="superpaas.services", name=cell.name)] == [cell.name]
    users = [words for name, words in steps if name == "USER"]
    assert users[-1] != ["root"]
    assert users[-1] != ["0"]
    assert [name for name, _words in steps][-1] == "CMD"


@pytest.mark.parametrize("cell", CELLS, ids=lambda path: path.name)
def test_the_image_runs_the_newest_python_that_is_tested_and_the_locked_versions(cell: Path) -> None:
    steps = instructions(cell / "Dockerfile")
    bases = {words[0] for name, words in steps if name == "FROM"}
    assert bases == {"python:3.13-slim"}
    installs = [" ".join(words) for name, words in steps if name == "RUN" and "uv pip install" in " ".join(words)]
    assert installs
    assert all("--constraint requirements.lock" in text for text in installs)
    lock = (repository.ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^uv==[0-9.]+ ", lock, re.MULTILINE), "the image installs with the installer of the lock"
