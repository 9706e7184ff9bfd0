"""How CRM's documents are approved unless a tenant has flows of its own: by another person who may."""

from __future__ import annotations

from typing import Any

from cell_crm.settings.lookup import settings_of
from cellkit.approval.service import decided_by
from cellkit.declare import Approval, Row, Step, by_permission
from cellkit.labels import Label
from cellkit.pipeline.work import Work


async def _by_setting(work: Work, _row: Row) -> dict[str, Any]:
    """Where one person runs the business (``two_person_approval`` off) he may approve what he submitted."""
    return {} if (await settings_of(work))["two_person_approval"] else {"starter": "keep"}


def second_person(entity: str, name: Label, *, when: str | None = None, always: bool = False) -> Approval:
    """One step for whoever holds ``<entity>.approve`` and has not submitted it.

    ``always``: also where the settings let people approve what they submitted.
    """
    return Approval(
        steps=[Step("second_person", name, by_permission(f"{entity}.approve"))],
        when=when,
        starter="refuse",
        adjust=None if always else _by_setting,
    )


__all__ = ["decided_by", "second_person"]
