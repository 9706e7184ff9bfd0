"""What the rules refuse."""

from __future__ import annotations


class Illegal(Exception):
    """An action that may not happen now; ``reason`` names why (see :mod:`cellkit.approval.errors`)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
