"""The feature ``privacy``: audit's signed heads and archives, keys per tenant, rights of the people in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cellkit.features import Feature
from cellkit.privacy.tables import STATEMENTS, metadata

if TYPE_CHECKING:
    from cellkit.cell import Cell


def _permissions(cell: Cell) -> Sequence[str]:
    return [f"{cell.name}.audit.export"]


FEATURE = Feature(name="privacy", tables=metadata, statements=STATEMENTS, permissions=_permissions)
