"""Who may import whom, generated from the folders: a new cell is guarded from its first day."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repo import repository


def contracts(platform: list[str], cells: list[str], libs: list[str]) -> str:
    """The configuration of import-linter for these packages."""
    lines = ["[importlinter]", "root_packages ="]
    lines += [f"    {name}" for name in [*libs, *platform, *cells]]

    def forbid(title: str, sources: list[str], targets: list[str]) -> None:
        if sources and targets:
            lines.extend(["", f"[importlinter:contract:{title}]", f"name = {title}", "type = forbidden"])
            lines.extend(["source_modules =", *(f"    {name}" for name in sources)])
            lines.extend(["forbidden_modules =", *(f"    {name}" for name in targets)])
            # What a test of the repository starts by hand is not what a package imports.
            lines.append("allow_indirect_imports = False")

    def independent(title: str, names: list[str]) -> None:
        if len(names) > 1:
            lines.extend(["", f"[importlinter:contract:{title}]", f"name = {title}", "type = independence"])
            lines.extend(["modules =", *(f"    {name}" for name in names)])

    forbid("the-platform-imports-no-cell", platform, cells)
    forbid("cells-import-no-platform", cells, [*platform, "superpaas"])
    forbid("the-kit-imports-neither", ["cellkit"], [*platform, *cells, "superpaas"])
    forbid("the-command-line-imports-neither", ["superpaas"], [*platform, *cells])
    independent("cells-do-not-import-each-other", cells)
    # Governance pushes the configuration that the gateway's package renders: the one dependency there is.
    independent("platform-services-do-not-import-each-other", [name for name in platform if name != GATEWAY])
    forbid("the-gateway-imports-no-service", [GATEWAY], [name for name in platform if name != GATEWAY])
    return "\n".join(lines) + "\n"


GATEWAY = "platform_gateway"


def test_import_contracts_are_kept(root: Path, tmp_path: Path) -> None:
    libs, platform, cells = (repository.packages(group) for group in ("libs", "platform_core", "cells"))
    missing = [name for name in [*libs, *platform, *cells] if importlib.util.find_spec(name) is None]
    assert missing == [], "run ./run.sh setup"
    config = tmp_path / "importlinter.ini"
    config.write_text(contracts(platform, cells, libs))
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(config), "--no-cache"]
    result = subprocess.run(command, check=False, capture_output=True, text=True, cwd=root)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("importer", "imported"),
    [("cell_red", "platform_grey"), ("cell_red", "cell_blue"), ("platform_grey", "cell_red"), ("cellkit", "cell_red")],
)
def test_the_contracts_would_notice(tmp_path: Path, importer: str, imported: str) -> None:
    names = ["cell_red", "cell_blue", "platform_grey", "platform_gateway", "cellkit", "superpaas"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"import {imported}\n" if name == importer else "")
    (tmp_path / "importlinter.ini").write_text(
        contracts(["platform_grey", "platform_gateway"], ["cell_red", "cell_blue"], ["cellkit", "superpaas"])
    )
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", "importlinter.ini", "--no-cache"]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{importer} -> {imported}" in result.stdout.replace("\n", " ")
