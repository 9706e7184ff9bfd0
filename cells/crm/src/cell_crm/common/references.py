"""Rows that a client names by id: they must be there, and within his data scope."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cell_crm.common.work import memo
from cellkit.declare import Row
from cellkit.errors import ValidationFailed, problem
from cellkit.pipeline.work import Work
from cellkit.read.scope import in_scope

_TRUSTED = "references are the cell's own"


def trust_references(work: Work) -> None:
    """From here on the cell itself, not the client, names the rows of this unit of work."""
    memo(work)[_TRUSTED] = True


async def referenced(work: Work, key: str, identity: Any, field: str, *, lock: bool = False) -> Row:
    """The row of document ``key`` that ``field`` names.

    Raises :class:`ValidationFailed` when it is not there or not the caller's to see; the answer is the same.
    """
    wanted = identity if isinstance(identity, UUID) else UUID(str(identity))
    found = (await work.many(key, [wanted], lock=lock)).get(wanted)
    if found is None or not (memo(work).get(_TRUSTED) or in_scope(work.role, work.document(key), found)):
        raise ValidationFailed([problem(field, "reference", "引用的数据不存在", "The referenced row does not exist")])
    return found
