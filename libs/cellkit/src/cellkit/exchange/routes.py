"""Routes of import and export."""

from __future__ import annotations

from typing import Any


def add_exchange_routes(_app: Any, _engine: Any, _cell: Any) -> None:
    """Add the routes of import and export."""
