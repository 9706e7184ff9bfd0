"""``superpaas new-cell``: what it writes passes every gate, and nothing is left of a cell that could not be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ENTITY = ["--entity", "quality_check", "--entity-zh", "质检单", "--entity-en", "Quality check"]


@pytest.fixture(scope="module")
def copied(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as it stands, elsewhere."""
    copy = tmp_path_factory.mktemp("copy") / "repository"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        cwd=root,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, copy / name)
    # The repository's rules are about what git knows of.
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], check=True, cwd=copy)
    return copy


def run(copied: Path, *command: str) -> subprocess.CompletedProcess[str]:
    sources = [str(project.parent / "src") for project in copied.glob("*/*/pyproject.toml")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sources), "SUPERPAAS_LANG": "en"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(
        [sys.executable, "-m", *command], check=False, cwd=copied, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def new_cell(copied: Path) -> Path:
    done = run(copied, "superpaas", "new-cell", "qms", "--zh", "质量管理", "--en", "Quality management", *ENTITY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cells/qms" in done.stdout
    return copied / "cells" / "qms"


def test_it_is_clean(copied: Path, new_cell: Path) -> None:
    for command in (["ruff", "check", str(new_cell)], ["ruff", "format", "--check", str(new_cell)]):
        done = run(copied, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_its_tables_are_what_is_declared(copied: Path, new_cell: Path) -> None:
    [revision] = (new_cell / "src" / "cell_qms" / "migrations" / "versions").glob("0001_*.py")
    text = revision.read_text(encoding="utf-8")
    assert "qms_quality_check" in text
    assert "tenant_wall" in text


@pytest.mark.slow
def test_its_own_tests_and_the_contract_hold(copied: Path, new_cell: Path) -> None:
    done = run(copied, "pytest", "-q", str(new_cell / "tests"))
    assert done.returncode == 0, done.stdout[-3000:]
    done = run(copied, "pytest", "-q", "tests/contract", "-k", "qms")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout


def test_the_repositorys_rules_hold(copied: Path, new_cell: Path) -> None:
    assert new_cell.is_dir()
    done = run(copied, "pytest", "-q", "tests/repo/test_layout.py", "tests/repo/test_words.py")
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    "arguments",
    [
        ["crm", "--zh", "客户"],
        ["gateway", "--zh", "网关"],
        ["Bad-Name", "--zh", "坏"],
        ["fine", "--zh", '引"号'],
        ["fine", "--zh", "好", "--entity", "Bad Entity"],
        ["fine", "--zh", "好", "--port", "8101"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_told_in_one_line_and_leaves_nothing(copied: Path, arguments: list[str]) -> None:
    before = sorted(path.name for path in (copied / "cells").iterdir())
    done = run(copied, "superpaas", "new-cell", *arguments)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in (copied / "cells").iterdir()) == before
