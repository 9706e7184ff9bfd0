"""Declarations by key: actions name the documents of other features without importing them."""

from __future__ import annotations

from typing import Any


def table(work: Any, key: str) -> Any:
    """The declaration ``erp.<key>`` of the running cell."""
    return work.engine.tables[f"erp.{key}"]
