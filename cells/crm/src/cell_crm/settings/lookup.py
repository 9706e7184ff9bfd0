"""The settings that count for a tenant."""

from __future__ import annotations

from cell_crm.common.work import memo
from cell_crm.settings.documents import Setting
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_MOST_ROWS = 1000


async def settings_of(work: Work) -> Row:
    """The tenant's settings, or the defaults; asked once a unit of work."""
    known = memo(work)
    if "settings" not in known:
        rows = await work.find(Setting, {}, sort="-valid_from", limit=_MOST_ROWS)
        started = [row for row in rows if row["valid_from"] is None or row["valid_from"] <= work.today]
        known["settings"] = started[0] if started else {name: item.initial() for name, item in Setting.fields.items()}
    found: Row = known["settings"]
    return found
