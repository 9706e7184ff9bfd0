"""What the repository's tests look at: the files that git knows, and the members of the workspace."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GROUPS = ("libs", "platform_core", "cells")


def tracked() -> list[Path]:
    """Files that are, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    output = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    return [ROOT / name for name in output.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    """A file's text; None for anything that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def members() -> list[Path]:
    """Folders of the workspace's members."""
    return [found.parent for group in GROUPS for found in sorted((ROOT / group).glob("*/pyproject.toml"))]


def project(member: Path) -> dict[str, Any]:
    """A member's ``pyproject.toml``."""
    with (member / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def packages(group: str) -> list[str]:
    """Import names of a group's packages: the folders below ``src``."""
    found = [path.parent.name for path in sorted((ROOT / group).glob("*/src/*/__init__.py"))]
    return sorted(found)


def names_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every identifier that code gives or uses, with its line; what third parties call their things comes along."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name, line
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, line
            case ast.keyword(arg=str(name)) | ast.alias(name=name):
                yield name, line
            case ast.Constant(value=str(name)) if name.isidentifier():
                yield name, line
