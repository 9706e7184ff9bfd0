"""The feature ``privacy``: audit's signed heads and archives, keys per tenant, rights of the people in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cellkit.features import Context, Feature
from cellkit.privacy.tables import STATEMENTS, metadata
from cellkit.settings import Settings, SettingsError

if TYPE_CHECKING:
    from cellkit.cell import Cell


def _permissions(cell: Cell) -> Sequence[str]:
    return [f"{cell.name}.audit.export"]


def _install(context: Context) -> None:
    from cellkit.privacy.described import reveal_paths  # noqa: PLC0415 - not before a cell is made
    from cellkit.privacy.keys import KeyLoader, indexed_tables  # noqa: PLC0415
    from cellkit.privacy.reveal import Reveal  # noqa: PLC0415

    engine = context.engine
    if engine.keys is not None and engine.holds_secrets:
        engine.keys.enveloped = True
        engine.database.key_loader = KeyLoader(engine.keys, indexed_tables(engine.tables.values()))
    Reveal(engine, _whole_number(context.app.settings, "REVEALS_PER_HOUR", 60)).add_to(context.app.router)
    context.app.extra_paths |= reveal_paths(engine.cell, context.cell.documents)


def _whole_number(settings: Settings, name: str, usual: int) -> int:
    text = settings.environment.get(name, "")
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        message = f"{name} must be a whole number above 0, not {text!r}"
        raise SettingsError(message)
    return int(text) if text else usual


FEATURE = Feature(name="privacy", tables=metadata, statements=STATEMENTS, permissions=_permissions, install=_install)
