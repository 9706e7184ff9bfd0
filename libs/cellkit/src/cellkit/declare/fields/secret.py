"""Passwords and keys of other systems: stored encrypted, never shown again."""

from __future__ import annotations

from typing import ClassVar

from cellkit.declare.fields.words import Text
from cellkit.labels import Label


class Secret(Text):
    """A password, token or key that the cell uses itself: encrypted at rest and shown to nobody, whatever his rights.

    Answers hold asterisks where one is set; sending them back leaves it as it is.
    """

    kind = "secret"
    write_only: ClassVar[bool] = True

    def __init__(self, label: Label, *, max: int = 1000) -> None:  # noqa: A002 - the word authors expect
        super().__init__(label, max=max, secret=True, mask="all")
