"""The settings that count for a tenant."""

from __future__ import annotations

from cell_crm.common.work import memo
from cell_crm.settings.documents import Setting
from cellkit.declare import Row
from cellkit.pipeline.work import Work


async def settings_of(work: Work) -> Row:
    """The tenant's settings, or the defaults; asked once a unit of work."""
    known = memo(work)
    if "settings" not in known:
        rows = await work.find(Setting, {"code": "default"}, limit=1)
        known["settings"] = rows[0] if rows else {name: item.initial() for name, item in Setting.fields.items()}
    found: Row = known["settings"]
    return found
