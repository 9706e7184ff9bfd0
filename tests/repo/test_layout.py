from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.repo import repository

DOCUMENTS = [
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/adr/README.md",
    "docs/en/spec/runtime.md",
    "docs/en/spec/wire-contract.md",
    ".ci/run",
    "run.sh",
    "requirements.lock",
    "ruff.toml",
]
LONGEST_FILE = 500


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_newcomer_looks_for_is_there(root: Path, name: str) -> None:
    assert (root / name).stat().st_size > 0


@pytest.mark.parametrize("name", ["run.sh", ".ci/run"])
def test_entries_can_be_executed(root: Path, name: str) -> None:
    assert (root / name).stat().st_mode & 0o111


def test_ci_runs_what_the_readme_tells(root: Path) -> None:
    assert "exec ./run.sh test" in (root / ".ci/run").read_text()
    for readme in ("README.md", "README.zh-CN.md"):
        assert "./run.sh up" in (root / readme).read_text()
        assert "./run.sh test" in (root / readme).read_text()


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    targets = [
        (path, target)
        for path in repository.tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)", re.sub(r"`[^`\n]*`", "", path.read_text()))
        if "://" not in target
    ]
    broken = [f"{path.relative_to(root)}: {target}" for path, target in targets if not (path.parent / target).exists()]
    assert broken == []


def test_every_decision_is_listed(root: Path) -> None:
    listed = (root / "docs/adr/README.md").read_text()
    decisions = [path.name for path in sorted((root / "docs/adr").glob("0*.md"))]
    assert decisions
    assert [name for name in decisions if name not in listed] == []
    numbers = [name[:4] for name in decisions]
    assert len(set(numbers)) == len(numbers)


def test_no_python_file_is_too_long(root: Path) -> None:
    long = {
        str(path.relative_to(root)): lines
        for path in repository.tracked()
        # Generated once and never edited afterwards: a migration's length asks nobody to split it.
        if path.suffix == ".py"
        and path.parent.name != "versions"
        and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_members_are_named_after_their_folders() -> None:
    prefixes = {"libs": "", "platform_core": "platform-", "cells": "cell-"}
    for member in repository.members():
        table = repository.project(member)["project"]
        assert table["name"] == prefixes[member.parent.name] + member.name.replace("_", "-"), member
        assert table["requires-python"] == ">=3.11", member
        assert table["license"] == "Apache-2.0", member


def test_every_cell_is_one_service_of_its_own_name() -> None:
    for member in repository.members():
        if member.parent.name == "cells":
            points = repository.project(member)["project"]["entry-points"]["superpaas.services"]
            assert list(points) == [member.name]


def test_packages_are_where_the_layout_says() -> None:
    for group, prefix in (("platform_core", "platform_"), ("cells", "cell_")):
        for package in repository.packages(group):
            assert package.startswith(prefix)


def test_the_lock_holds_what_the_members_declare(root: Path) -> None:
    lines = (root / "requirements.lock").read_text().splitlines()
    locked: dict[str, list[Version]] = {}
    for line in lines:
        if found := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            locked.setdefault(canonicalize_name(found[1]), []).append(Version(found[2]))
    with (root / "pyproject.toml").open("rb") as file:
        wanted = [("pyproject.toml", text) for text in tomllib.load(file)["dependency-groups"]["dev"]]
    own = {canonicalize_name(repository.project(member)["project"]["name"]) for member in repository.members()}
    for member in repository.members():
        table = repository.project(member)
        texts = [*table["project"].get("dependencies", []), *table.get("build-system", {}).get("requires", [])]
        wanted += [(str(member.relative_to(root)), text) for text in texts]
    missing = []
    for place, text in wanted:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        if name in own:
            continue
        if not any(requirement.specifier.contains(version, prereleases=True) for version in locked.get(name, [])):
            missing.append(f"{place}: {text}")
    assert missing == [], "run ./run.sh lock"


def test_the_lock_names_no_registry(root: Path) -> None:
    text = (root / "requirements.lock").read_text()
    assert "://" not in text
    assert "--index" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:])
