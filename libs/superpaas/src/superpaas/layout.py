"""Where things are: the repository, and the folders below a data directory. Standard library only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MEMBER_GROUPS = ("libs", "platform_core", "cells")


def repository() -> Path:
    """The folder that holds ``run.sh``; the current folder when the package is installed elsewhere."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "run.sh").is_file() and (folder / "requirements.lock").parent == folder:
            return folder
    return Path.cwd()


def members(root: Path) -> list[Path]:
    """The folders of the workspace's members, in a fixed order."""
    return [project.parent for group in MEMBER_GROUPS for project in sorted((root / group).glob("*/pyproject.toml"))]


def default_data() -> Path:
    """``SUPERPAAS_DATA``, or ``var`` in the repository."""
    named = os.environ.get("SUPERPAAS_DATA")
    return Path(named).resolve() if named else repository() / "var"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of one running platform."""

    data: Path

    @property
    def postgres(self) -> Path:
        """The database server's own folder (a link when it had to be placed elsewhere)."""
        return self.data / "postgres"

    @property
    def gateway(self) -> Path:
        """The gateway's bootstrap and the configuration that governance writes."""
        return self.data / "gateway"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.data / "logs"

    @property
    def run(self) -> Path:
        """State, locks and what has been done already."""
        return self.data / "run"

    @property
    def secrets(self) -> Path:
        """One file a secret, readable by the owner alone."""
        return self.data / "secrets"

    @property
    def files(self) -> Path:
        """Uploaded files of the services."""
        return self.data / "files"

    @property
    def first_login(self) -> Path:
        """The first administrator's login."""
        return self.data / "first-login.json"

    @property
    def state(self) -> Path:
        """What is running."""
        return self.run / "state.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.run / "supervisor.lock"

    @property
    def configuration(self) -> Path:
        """Settings that operators changed in the console."""
        return self.data / "configuration.json"

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.logs / f"{name}.log"
