"""The feature ``privacy``: audit's signed heads and archives, keys per tenant, rights of the people in the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cellkit.features import Context, Feature
from cellkit.privacy.documents import privacy_documents
from cellkit.privacy.erasing import erase_subject, remove_expired
from cellkit.privacy.rotation import rotate_keys
from cellkit.privacy.subjects import CRITERIA
from cellkit.privacy.tables import STATEMENTS, metadata
from cellkit.settings import Settings, SettingsError

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument


def _permissions(cell: Cell) -> Sequence[str]:
    verbs = ("search", "export", "keys", "destroy")
    return [f"{cell.name}.audit.export", *(f"{cell.name}.privacy.{verb}" for verb in verbs)]


def _metadata(cell: Cell, role: RoleDocument, _language: str) -> dict[str, Any]:
    """Which of the privacy routes the caller may use, and what the search takes."""
    held = [verb for verb in ("search", "export", "keys", "destroy") if role.allows(f"{cell.name}.privacy.{verb}")]
    return {"path": f"/api/v1/{cell.name}/_privacy", "permissions": held, "criteria": list(CRITERIA)} if held else {}


def _install(context: Context) -> None:
    from cellkit.privacy.described import privacy_paths, reveal_paths  # noqa: PLC0415 - not before a cell is made
    from cellkit.privacy.keys import KeyLoader, indexed_tables  # noqa: PLC0415
    from cellkit.privacy.reveal import Reveal  # noqa: PLC0415
    from cellkit.privacy.routes import PrivacyRoutes  # noqa: PLC0415

    engine = context.engine
    if engine.keys is not None and engine.holds_secrets:
        engine.keys.enveloped = True
        engine.database.key_loader = KeyLoader(engine.keys, indexed_tables(engine.tables.values()))
    Reveal(engine, _whole_number(context.app.settings, "REVEALS_PER_HOUR", 60)).add_to(context.app.router)
    PrivacyRoutes(engine).add_to(context.app.router)
    context.app.extra_paths |= reveal_paths(engine.cell, context.cell.documents) | privacy_paths(engine.cell)


def _whole_number(settings: Settings, name: str, usual: int) -> int:
    text = settings.environment.get(name, "")
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        message = f"{name} must be a whole number above 0, not {text!r}"
        raise SettingsError(message)
    return int(text) if text else usual


FEATURE = Feature(
    name="privacy",
    documents=privacy_documents,
    tables=metadata,
    statements=STATEMENTS,
    permissions=_permissions,
    metadata=_metadata,
    jobs=(rotate_keys, erase_subject, remove_expired),
    install=_install,
)
