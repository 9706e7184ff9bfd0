"""What the command line says to people: Chinese unless the environment asks for English.

Standard library only: it also speaks before anything is installed.
"""

from __future__ import annotations

import os
import sys


def language() -> str:
    """``zh`` or ``en``, from ``SUPERPAAS_LANG``, ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``."""
    for name in ("SUPERPAAS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def pick(zh: str, en: str) -> str:
    """The text in the reader's language."""
    return en if language() == "en" else zh


class TroubleError(Exception):
    """Something a person can mend: one line saying what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(pick(zh, en))
        self.zh = zh
        self.en = en


def say(zh: str, en: str) -> None:
    """Print one line for people."""
    print(pick(zh, en), flush=True)  # noqa: T201 - the command line speaks on standard output


def complain(text: str) -> None:
    """Print one line on standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the command line complains on standard error


def forgiving_output() -> None:
    """Never fail on a terminal that cannot show Chinese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
