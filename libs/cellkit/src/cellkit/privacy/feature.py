"""The feature ``privacy``: audit's signed heads and archives, keys per tenant, rights of the people in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cellkit.features import Context, Feature
from cellkit.privacy.tables import STATEMENTS, metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell


def _permissions(cell: Cell) -> Sequence[str]:
    return [f"{cell.name}.audit.export"]


def _install(context: Context) -> None:
    from cellkit.privacy.keys import KeyLoader, indexed_tables  # noqa: PLC0415 - not before a cell is made

    engine = context.engine
    if engine.keys is not None and engine.holds_secrets:
        engine.keys.enveloped = True
        engine.database.key_loader = KeyLoader(engine.keys, indexed_tables(engine.tables.values()))


FEATURE = Feature(name="privacy", tables=metadata, statements=STATEMENTS, permissions=_permissions, install=_install)
