"""Make ``requirements.lock``: one universal lock with hashes over everything the members declare.

``uv.lock`` records a download address for every file, which ties it to one registry and defeats mirrors; this lock
holds names, versions and hashes only. Our own names never reach a registry: they are left out of what is resolved.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from superpaas import layout
from superpaas.bootstrap import LOCK_NAME, UV_VERSION
from superpaas.messages import TroubleError

HEADER = "# Made by `./run.sh lock` from the pyproject.toml files; not edited by hand.\n"


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_name(requirement: str) -> str:
    """The name at the start of a requirement."""
    found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return normal(found.group(1)) if found else ""


def declared(root: Path) -> list[str]:
    """Every third-party requirement of the workspace, build back ends included, sorted."""
    projects = [_read(root / "pyproject.toml"), *(_read(folder / "pyproject.toml") for folder in layout.members(root))]
    own = {normal(project.get("project", {}).get("name", "")) for project in projects}
    found: set[str] = set()
    for project in projects:
        table = project.get("project", {})
        lists = [table.get("dependencies", []), project.get("build-system", {}).get("requires", [])]
        lists += table.get("optional-dependencies", {}).values()
        lists += project.get("dependency-groups", {}).values()
        found.update(item for items in lists for item in items if isinstance(item, str))
    return sorted(item for item in found if requirement_name(item) not in own)


def locked(root: Path) -> dict[str, str]:
    """Name to version of what the lock holds; a name locked for several environments keeps its last version."""
    text = (root / LOCK_NAME).read_text(encoding="utf-8")
    return {
        normal(name): version for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)
    }


def write(root: Path, *, upgrade: bool = False) -> None:
    """Resolve and write the lock; versions already locked stay unless ``upgrade``."""
    lock = root / LOCK_NAME
    command = [str(root / ".venv" / "bin" / "uv"), "pip", "compile", "-", "--universal", "--generate-hashes"]
    command += ["--python-version", "3.11", "--no-annotate", "--no-header", "--no-emit-index-url", "--quiet"]
    command += ["--output-file", str(lock), *(["--upgrade"] if upgrade else [])]
    result = subprocess.run(  # noqa: S603 - uv of our own .venv
        command, check=False, input="\n".join(declared(root)), capture_output=True, text=True, cwd=root
    )
    if result.returncode:
        raise TroubleError(
            f"无法解析依赖：{result.stderr.strip()}",
            f"The requirements cannot be resolved: {result.stderr.strip()}",
        )
    text = lock.read_text(encoding="utf-8")
    lock.write_text(HEADER + text.removeprefix(HEADER), encoding="utf-8")
    if f"uv=={UV_VERSION}" not in text:
        raise TroubleError(
            f"bootstrap.py 固定的 uv {UV_VERSION} 与 pyproject.toml 不一致，请改成同一版本。",
            f"uv {UV_VERSION} of bootstrap.py differs from pyproject.toml: pin the same version in both.",
        )


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
