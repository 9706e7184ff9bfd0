"""Secrets of one platform: a file each, made at first use, readable by their owner alone."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

# No letters that are mistaken for each other when typed from a screen.
_LOWER, _UPPER, _DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


class Vault:
    """The folder ``secrets``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """The file of one secret."""
        return self._folder / name

    def has(self, name: str) -> bool:
        """Whether the secret was made already."""
        return self.path(name).exists()

    def token(self, name: str) -> str:
        """A random secret for machines."""
        return self._kept(name, lambda: secrets.token_urlsafe(32))

    def key_ring(self, name: str) -> str:
        """A ring with one encryption key, ``1:base64``; more are put in front by hand to rotate."""
        return self._kept(name, lambda: "1:" + base64.b64encode(secrets.token_bytes(32)).decode())

    def password(self, name: str) -> str:
        """A random password that a person can type: lower and upper case, digits and signs."""
        return self._kept(name, _password)

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        path = self.path(name)
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
        value = make()
        # A file cut short by a crash would lock us out of our own database: write, flush, then rename.
        temporary = path.with_name(f".{name}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        return value


def _password() -> str:
    groups = ["".join(secrets.choice(_LOWER + _UPPER + _DIGITS) for _ in range(5)) for _ in range(3)]
    last = secrets.choice(_LOWER) + secrets.choice(_UPPER) + secrets.choice(_DIGITS)
    return "-".join([*groups, last])
