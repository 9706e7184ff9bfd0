"""Changing owners under limits, with history."""

from __future__ import annotations

from typing import Any

from cell_crm.common.work import memo, serialise
from cell_crm.owners.documents import OwnerChange
from cell_crm.owners.errors import OwnerUnchanged, OwnerUnknown, OwnLimitExceeded
from cell_crm.settings.documents import OwnLimit
from cell_crm.settings.rules import limit_for
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_WHAT = {"own": "拥有客户", "lock": "锁定客户"}
_COUNT = """
SELECT count(*) FROM crm_customer
WHERE tenant_id = $1 AND owner_id = $2 AND state = 'active'
    AND (locked OR NOT $3::boolean) AND (deal_status <> 'dealt' OR NOT $4::boolean)
"""


async def set_owner(
    work: Work, subject_type: str, row: Row, *, owner_id: str | None, department_id: str | None, reason: str | None
) -> None:
    """Give a row to another owner and keep the history; refused when it is his already."""
    if row["owner_id"] == owner_id:
        raise OwnerUnchanged
    work.append(
        OwnerChange,
        [
            {
                "subject_type": subject_type,
                "subject_id": str(row["id"]),
                "from_owner_id": row["owner_id"],
                "to_owner_id": owner_id,
                "reason": reason,
            }
        ],
    )
    row["owner_id"] = owner_id
    row["department_id"] = department_id or await department_of(work, owner_id) or row["department_id"]
    work.change(row)


async def department_of(work: Work, user_id: str | None) -> str | None:
    """The department of a user as identity knows it; asked once a unit of work."""
    if user_id is None:
        return None
    known: dict[str, str | None] = memo(work).setdefault("departments", {})
    if user_id not in known:
        user = await work.user(user_id)
        if user is None:
            raise OwnerUnknown(user=user_id)
        known[user_id] = user.department_id
    return known[user_id]


async def check_limit(work: Work, limit_type: str, user_id: str | None, department_id: str | None) -> None:
    """Refuse one customer more than ``user_id`` may own (``own``) or lock (``lock``).

    Without any limit of this type a batch costs one query; with one, the user's count is taken once and kept up.
    """
    if user_id is None:
        return
    known = memo(work)
    limits_key = f"limits {limit_type}"
    if limits_key not in known:
        known[limits_key] = await work.find(OwnLimit, {"limit_type": limit_type})
    limit = limit_for(known[limits_key], user_id, department_id)
    if limit is None:
        return
    count_key = f"count {limit_type} {user_id}"
    if count_key not in known:
        await serialise(work, "customer limit", [f"{limit_type} {user_id}"])
        count: Any = await work.value(_COUNT, user_id, limit_type == "lock", limit["exclude_dealt"])
        known[count_key] = count
    if known[count_key] >= limit["most"]:
        raise OwnLimitExceeded(what=_WHAT[limit_type], most=limit["most"], count=known[count_key])
    known[count_key] += 1
