"""Uploaded files in the database, and the rows of imports."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from cellkit.exchange.errors import FileGone
from cellkit.exchange.report import Problem, Report
from cellkit.exchange.suggesting import Chosen
from cellkit.exchange.upload import Upload
from cellkit.http.messages import to_json
from cellkit.pipeline.engine import Engine

_PLACE = "kit_import_piece.content"
PIECE_BYTES = 256 * 1024
MOST_PROBLEMS = 20_000
_BATCH = 1000
_REMEMBERED = 20

_PIECE = "INSERT INTO kit_import_piece (tenant_id, import_id, piece, content) VALUES ($1, $2, $3, $4)"
_CREATE = """
INSERT INTO kit_import (tenant_id, id, document, file_name, sheet, size, digest, encoding, rows, headings, samples,
    mapping, reasons, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_COUNTS = """
UPDATE kit_import SET documents = $3, created = greatest(created, $4), updated = greatest(updated, $5), unchanged = $6,
    failed = $7, error_count = $8
WHERE tenant_id = $1 AND id = $2
"""
_FRESH_COUNTS = """
UPDATE kit_import SET documents = $3, created = $4, updated = $5, unchanged = $6, failed = $7, error_count = $8
WHERE tenant_id = $1 AND id = $2
"""
_PROBLEMS = """
INSERT INTO kit_import_problem (tenant_id, import_id, position, row, "column", field, rule, zh, en)
SELECT $1, $2, * FROM unnest($3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
"""
# The user's own choice for these headings first, then his others for the document, then the choice of others for
# these headings.
_CHOSEN = f"""
SELECT mapping FROM kit_import_mapping
WHERE tenant_id = $1 AND document = $2 AND (user_id = $3 OR headings = $4)
ORDER BY (user_id = $3 AND headings = $4) DESC, user_id = $3 DESC, used_at DESC LIMIT {_REMEMBERED}
"""
_REMEMBER = """
INSERT INTO kit_import_mapping (tenant_id, user_id, document, headings, mapping, used_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, user_id, document, headings)
DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at
"""


@dataclass(frozen=True, slots=True)
class NewImport:
    """What an upload's line says."""

    id: UUID
    document: str
    file_name: str
    encoding: str
    rows: int
    headings: Sequence[str]
    samples: Sequence[Sequence[str]]
    mapping: Chosen
    reasons: Mapping[str, str]
    user_id: str
    now: datetime


def seal(engine: Engine, tenant_id: str, raw: bytes) -> bytes:
    """Content of a file as it is stored: encrypted where the cell has keys, since it may hold secrets in clear."""
    return b"\0" + raw if engine.keys is None else b"\1" + engine.keys.seal(raw, tenant_id, _PLACE)


def unseal(engine: Engine, tenant_id: str, stored: bytes) -> bytes:
    """What :func:`seal` was given."""
    if stored[:1] == b"\0":
        return stored[1:]
    if engine.keys is None:
        raise FileGone
    return engine.keys.open(stored[1:], tenant_id, _PLACE)


async def save(engine: Engine, connection: Any, tenant_id: UUID, new: NewImport, upload: Upload) -> None:
    """Store an upload and its line, in the connection's open transaction."""
    samples = seal(engine, str(tenant_id), to_json([list(cells) for cells in new.samples]))
    await connection.execute(
        _CREATE, tenant_id, new.id, new.document, new.file_name, upload.sheet, upload.size, upload.digest, new.encoding,
        new.rows, list(new.headings), samples, dict(new.mapping), dict(new.reasons),
        new.now, new.user_id,
    )  # fmt: skip
    upload.file.seek(0)
    piece = 0
    while content := upload.file.read(PIECE_BYTES):
        await connection.execute(_PIECE, tenant_id, new.id, piece, seal(engine, str(tenant_id), content))
        piece += 1


async def load(engine: Engine, tenant_id: str, line: Mapping[str, Any]) -> Upload:
    """The file of an import, in a temporary file; close it after use."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the upload closes it
    try:
        piece = 0
        async with engine.database.session(tenant_id) as connection:
            while content := await connection.fetchval(
                "SELECT content FROM kit_import_piece WHERE tenant_id = $1 AND import_id = $2 AND piece = $3",
                UUID(tenant_id),
                line["id"],
                piece,
            ):
                file.write(unseal(engine, tenant_id, content))
                piece += 1
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Upload(file, digest=line["digest"], size=line["size"], sheet=line["sheet"])


async def line_of(connection: Any, tenant_id: UUID, identity: UUID, *, lock: bool = False) -> dict[str, Any] | None:
    """The line of an import."""
    text = "SELECT * FROM kit_import WHERE tenant_id = $1 AND id = $2" + (" FOR UPDATE" if lock else "")
    record = await connection.fetchrow(text, tenant_id, identity)
    return None if record is None else dict(record)


async def chosen_before(
    connection: Any, tenant_id: UUID, user_id: str, document: str, headings: bytes
) -> list[dict[str, str | None]]:
    """Mappings that were chosen before, the likeliest first."""
    records = await connection.fetch(_CHOSEN, tenant_id, document, user_id, headings)
    return [record["mapping"] for record in records]


async def remember(
    connection: Any, tenant_id: UUID, user_id: str, document: str, headings: bytes, mapping: Chosen, now: datetime
) -> None:
    """Keep the mapping that a user chose."""
    await connection.execute(_REMEMBER, tenant_id, user_id, document, headings, dict(mapping), now)


async def write_counts(connection: Any, tenant_id: UUID, identity: UUID, report: Report, *, fresh: bool) -> None:
    """The counts of a run; one that goes on where it was cut off (not ``fresh``) never lowers what was done."""
    await connection.execute(
        _FRESH_COUNTS if fresh else _COUNTS, tenant_id, identity, report.documents, report.created, report.updated,
        report.unchanged, report.failed, report.problem_count,
    )  # fmt: skip


async def write_problems(connection: Any, tenant_id: UUID, identity: UUID, problems: Sequence[Problem]) -> None:
    """Replace the problems of an import, in the order of the file."""
    await connection.execute(
        "DELETE FROM kit_import_problem WHERE tenant_id = $1 AND import_id = $2", tenant_id, identity
    )
    ordered = sorted(problems, key=lambda item: item.row)
    for start in range(0, len(ordered), _BATCH):
        part = ordered[start : start + _BATCH]
        await connection.execute(
            _PROBLEMS, tenant_id, identity, list(range(start, start + len(part))), [item.row for item in part],
            [item.column for item in part], [item.field for item in part], [item.rule for item in part],
            [item.message.zh for item in part], [item.message.en for item in part],
        )  # fmt: skip
