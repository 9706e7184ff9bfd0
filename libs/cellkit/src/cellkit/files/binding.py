"""Files become a document's when the document is saved with their ids, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cellkit.declare.document import Row, Table
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.files.fields import FilePlace, file_places
from cellkit.files.incoming import readable_size
from cellkit.files.types import allowed
from cellkit.pipeline.work import Work

_WANTED = "unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[]) AS w(id, entity, entity_id, field)"
_LOCK = "SELECT 1 FROM kit_file WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE"
_FIND = f"""
SELECT f.id, f.name, f.media_type, f.size, b.scan, f.state,
    (f.state = 'loose' AND f.created_by = $6)
    OR (f.entity = w.entity AND f.entity_id = w.entity_id AND f.field = w.field) AS mine
FROM {_WANTED} JOIN kit_file f ON f.tenant_id = $1 AND f.id = w.id
JOIN kit_file_blob b ON b.tenant_id = $1 AND b.id = f.blob_id
"""
_BIND = f"""
UPDATE kit_file f SET state = 'current', entity = w.entity, entity_id = w.entity_id, field = w.field, bound_at = $6,
    removed_at = NULL, version = CASE WHEN f.state = 'loose' THEN 1 + coalesce((
        SELECT max(o.version) FROM kit_file o WHERE o.tenant_id = $1 AND o.entity = w.entity
        AND o.entity_id = w.entity_id AND o.field = w.field AND o.name = f.name AND o.id <> f.id), 0)
    ELSE f.version END
FROM {_WANTED} WHERE f.tenant_id = $1 AND f.id = w.id
"""
# A file that another of the same name takes the place of stays readable as an older version.
_RELEASE = f"""
UPDATE kit_file f SET state = x.state, removed_at = CASE WHEN x.state = 'removed' THEN $6::timestamptz END
FROM (SELECT w.id, CASE WHEN EXISTS (
        SELECT FROM kit_file n WHERE n.tenant_id = $1 AND n.entity = w.entity AND n.entity_id = w.entity_id
        AND n.field = w.field AND n.state = 'current' AND n.id <> w.id
        AND n.name = (SELECT name FROM kit_file WHERE tenant_id = $1 AND id = w.id) AND n.id <> ALL ($2))
    THEN 'superseded' ELSE 'removed' END AS state, w.entity, w.entity_id, w.field FROM {_WANTED}) x
WHERE f.tenant_id = $1 AND f.id = x.id AND f.entity = x.entity AND f.entity_id = x.entity_id AND f.field = x.field
"""
Change = tuple[type[Table], UUID, FilePlace, UUID, str]
"""Table, document, field, file, and the place to show a problem at."""


async def bind_files(work: Work) -> None:
    """Check and bind what the rows of a work newly name, release what they no longer name.

    Raises :class:`ValidationFailed` for files that do not exist, belong elsewhere, are too large, of a type the field
    does not take, or were found infected. Costs nothing where no field of files changed.
    """
    added: list[Change] = []
    gone: list[Change] = []
    for tracked in work.tracked.values():
        places = file_places(tracked.table)
        if not places or tracked.removed or not tracked.marked:
            continue
        for place in places:
            added += _changes(tracked.table, place, tracked.row, tracked.before or {})
            gone += _changes(tracked.table, place, tracked.before or {}, tracked.row, key=tracked.row["id"])
    if not added and not gone:
        return
    await work.begin()
    await work.connection.execute(_LOCK, work.tenant_id, [change[3] for change in (*added, *gone)])
    if added:
        await _check(work, added)
        await work.connection.execute(_BIND, work.tenant_id, *_columns(added), work.now)
    if gone:
        await work.connection.execute(_RELEASE, work.tenant_id, *_columns(gone), work.now)


def _changes(
    table: type[Table], place: FilePlace, row: Row, before: Row, *, key: UUID | None = None
) -> Iterator[Change]:
    if place.grid is not None and (place.grid not in row or (before and place.grid not in before)):
        # The work read the document without its lines, so it did not change them.
        return
    known = place.found(before)
    for one, shown in place.found(row).items():
        if one not in known:
            yield table, key or row["id"], place, one, shown


def _columns(changes: list[Change]) -> tuple[list[Any], ...]:
    return (
        [change[3] for change in changes],
        [change[0].key for change in changes],
        [change[1] for change in changes],
        [change[2].path for change in changes],
    )


async def _check(work: Work, added: list[Change]) -> None:
    records = await work.connection.fetch(_FIND, work.tenant_id, *_columns(added), work.caller.user_id)
    found = {record["id"]: record for record in records if record["mine"]}
    problems: list[FieldProblem] = []
    taken: set[UUID] = set()
    for _, _, place, one, shown in added:
        record = found.get(one)
        if record is None or one in taken:
            problems.append(
                problem(shown, "reference", "文件不存在或属于别处", "No such file, or it belongs elsewhere")
            )
            continue
        taken.add(one)
        refusal = refusal_of(place, record["name"], record["media_type"], record["size"])
        if record["scan"] == "infected":
            refusal = problem("", "infected", "文件未通过安全检查", "The file did not pass the security check")
        if refusal is not None:
            problems.append({**refusal, "field": shown})
    if problems:
        raise ValidationFailed(problems)


def refusal_of(place: FilePlace, name: str, media_type: str, size: int) -> FieldProblem | None:
    """Why a field does not take a file, None when it does."""
    if place.field.max_bytes is not None and size > place.field.max_bytes:
        limit = readable_size(place.field.max_bytes)
        return problem(place.path, "max_size", f"文件最大 {limit}", f"At most {limit} a file")
    if not allowed(media_type, name, place.field.types):
        taken = ", ".join(place.field.types)
        return problem(place.path, "file_type", f"只接受 {taken}", f"Only {taken}")
    return None
