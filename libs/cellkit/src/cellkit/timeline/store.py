"""What becomes of comments when their document goes, or the person whom it is about is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

_DROP = "DELETE FROM kit_comment WHERE tenant_id = $1 AND entity = $2 AND entity_id = ANY($3)"
_ERASE = """
UPDATE kit_comment SET text = '', mentions = '{}', deleted_at = coalesce(deleted_at, $4)
WHERE tenant_id = $1 AND entity = $2 AND entity_id = ANY($3)
"""


async def drop_with_documents(work: Work) -> None:
    """Remove the comments of the documents that this work removes: nobody can read them any more.

    That somebody has commented stays in the audit trail, which holds no words of comments.
    """
    gone: dict[str, list[UUID]] = defaultdict(list)
    for tracked in work.tracked.values():
        if tracked.removed and not tracked.vanished and tracked.table.kind == "document" and not tracked.table.kit:
            gone[tracked.table.key].append(tracked.row["id"])
    for entity, ids in gone.items():
        await work.begin()
        await work.connection.execute(_DROP, work.tenant_id, entity, ids)


async def erase_words(work: Work, entity: str, ids: Sequence[UUID]) -> None:
    """Take the words out of the comments on documents whose personal data are erased; their places stay."""
    if ids:
        await work.begin()
        await work.connection.execute(_ERASE, work.tenant_id, entity, list(ids), work.now)
