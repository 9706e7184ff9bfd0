"""The abilities that every cell has besides its own documents: one ``Feature`` each, put together here.

A feature lives in a folder of the kit with a ``feature.py``. What tenants configure (flows, templates, views) are kit
documents, served by the same pipeline as a cell's own; what machines keep (logs, queues) are plain tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.declare.document import Table
    from cellkit.http.application import Application
    from cellkit.jobs.declare import Job
    from cellkit.ops.access import RoleDocument
    from cellkit.ops.client import ServiceClient
    from cellkit.pipeline.engine import Engine


@dataclass(frozen=True, slots=True)
class Context:
    """What a feature is put into: one cell's application."""

    app: Application
    engine: Engine
    cell: Cell
    client: ServiceClient


def _no_documents(_cell: str) -> Sequence[type[Table]]:
    return ()


def _no_permissions(_cell: Cell) -> Sequence[str]:
    return ()


def _no_metadata(_cell: Cell, _role: RoleDocument, _language: str) -> dict[str, Any]:
    return {}


def _nothing(_context: Context) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Feature:
    """One ability.

    ``documents(cell)`` declares its kit documents (``kit=True``) for the cell of that name. ``tables`` are plain
    tables, each with a ``tenant_id`` column; ``statements`` is SQL that its revision runs after the tables are made
    (functions, triggers). ``permissions(cell)`` are those its own routes ask for, beside those of its documents.
    ``metadata(cell, role, language)`` is added to the caller's ``/_meta`` under the feature's name, when not empty.
    ``jobs`` are what it does outside of requests.
    ``install(context)`` adds routes (``app.router``, described in ``app.extra_paths``) and background loops.
    """

    name: str
    documents: Callable[[str], Sequence[type[Table]]] = _no_documents
    tables: sa.MetaData | None = None
    statements: tuple[str, ...] = ()
    permissions: Callable[[Cell], Sequence[str]] = _no_permissions
    metadata: Callable[[Cell, RoleDocument, str], dict[str, Any]] = _no_metadata
    install: Callable[[Context], None] = _nothing
    jobs: tuple[Job, ...] = ()


_NAMES = (
    "customizing",
    "approval",
    "jobs",
    "exchange",
    "privacy",
    "files",
    "printing",
    "notifications",
    "permissions",
    "views",
    "reporting",
    "timeline",
    "mcp",
)  # fmt: skip


@cache
def features() -> tuple[Feature, ...]:
    """All features, in the order they are installed."""
    return tuple(import_module(f"cellkit.{name}.feature").FEATURE for name in _NAMES)


def kit_documents(cell: str) -> list[type[Table]]:
    """The kit documents of a cell."""
    return [document for feature in features() for document in feature.documents(cell)]
