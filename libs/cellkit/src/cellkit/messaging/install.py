"""Puts messaging into a cell's application."""

from __future__ import annotations

from typing import Any


def install_messaging(_app: Any, _engine: Any, _cell: Any, _client: Any) -> None:
    """Add the inbox, the relay and the audit sealer."""
