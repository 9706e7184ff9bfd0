"""Prints documents: chooses the template, typesets, counts, logs, keeps the result as a file of who printed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cellkit.declare.document import Row, Table
from cellkit.declare.prints import Print, paper_of, prints_of
from cellkit.errors import NotFound
from cellkit.files.access import readable_files
from cellkit.files.incoming import take_pieces
from cellkit.files.store import FileStore, Stored, refuse_unclean
from cellkit.ids import uuid7
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.work import Work
from cellkit.printing.composing import LOGO, Chosen, Marks, composed, labelled
from cellkit.printing.errors import NothingToPrint
from cellkit.printing.layout import made_layout
from cellkit.printing.loading import load, texts_for
from cellkit.printing.samples import sample_row
from cellkit.printing.worker import PrintWorker

DOCUMENTS_AT_ONCE = 40
FORMATS = ("pdf", "zpl")
_TYPES = {"pdf": "application/pdf", "zpl": "application/x-zpl"}
_PROGRAMS = Path(__file__).parent / "typst"
_TEMPLATE = """
SELECT id, revision, paper, mode, layout, program, logo FROM kit_print_template
WHERE tenant_id = $1 AND entity = $2 AND print = $3 AND code = $4 AND state = 'published'
"""
_COUNTS = """
SELECT entity_id, count FROM kit_print_count WHERE tenant_id = $1 AND entity = $2 AND print = $3 AND entity_id = ANY($4)
"""
# In the order of ids, so that two batches with the same documents cannot wait for each other.
_COUNT = """
INSERT INTO kit_print_count AS c (tenant_id, entity, entity_id, print, count)
SELECT $1, $2, w.id, $3, 1 FROM (SELECT DISTINCT unnest($4::uuid[]) AS id) w ORDER BY w.id
ON CONFLICT (tenant_id, entity, entity_id, print) DO UPDATE SET count = c.count + 1 RETURNING entity_id, count
"""
_LOG = """
INSERT INTO kit_print_log (tenant_id, id, entity, entity_id, print, format, copies, count, template_id, revision,
    printed_at, printed_by)
SELECT $1, w.id, $2, w.entity_id, $3, $4, $5, w.count, $6, $7, $8, $9
FROM unnest($10::uuid[], $11::uuid[], $12::int[]) AS w(id, entity_id, count)
"""
_MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One print job as somebody asked for it."""

    table: type[Table]
    print: str
    ids: tuple[UUID, ...]
    format: str = "pdf"
    code: str = "standard"
    copies: int = 1
    language: str = "zh-CN"
    dpi: int = 203


class CountChanged(Exception):
    """Somebody printed the same document meanwhile, so what was typeset says the wrong number."""


@dataclass(slots=True)
class Printer:
    """The prints of one cell."""

    engine: Engine
    store: FileStore
    worker: PrintWorker

    def declared(self, table: type[Table], name: str) -> Print:
        """A print by its name; raises :class:`NotFound`."""
        found = prints_of(table).get(name)
        if found is None:
            raise NotFound(entity=table.key, print=name[:60])
        return found

    async def choose(self, table: type[Table], name: str, code: str, role: RoleDocument, language: str) -> Chosen:
        """The tenant's published template, or what the declaration gives."""
        declared = self.declared(table, name)
        async with self.engine.database.session(role.tenant_id) as connection:
            record: Any = await connection.fetchrow(_TEMPLATE, UUID(role.tenant_id), table.key, name, code)
        if record is None:
            if code != "standard":
                raise NotFound(entity=table.key, print=name[:60], code=code[:40])
            return Chosen(declared, declared.paper, "layout", made_layout(table, declared, language))
        return self.from_template(declared, dict(record))

    @staticmethod
    def from_template(declared: Print, row: Row) -> Chosen:
        """What a template says."""
        return Chosen(
            declared,
            paper_of(row["paper"]) or declared.paper,
            row["mode"],
            row.get("layout") or {},
            row.get("program") or "",
            row.get("id"),
            row.get("revision") or 0,
            row.get("logo"),
        )

    async def typeset(
        self, chosen: Chosen, table: type[Table], rows: Sequence[Row], role: RoleDocument, asked: Asked, marks: Marks
    ) -> bytes:
        """The PDF or ZPL of rows that a projection has been applied to."""
        texts = await texts_for(self.engine, table, rows, role, asked.language)
        # Composing thousands of texts would hold everybody else up.
        compose = labelled if chosen.paper.label else composed
        options = () if chosen.paper.label else (marks,)
        data = await asyncio.to_thread(compose, chosen, table, rows, texts, *options)
        if chosen.paper.label and not data["labels"]:
            raise NothingToPrint
        if asked.format == "zpl":
            return bytes(await self.worker.run("zpl", data={**data, "copies": asked.copies, "dpi": asked.dpi}))
        source = chosen.program
        if chosen.mode == "layout":
            program = _PROGRAMS / ("label.typ" if chosen.paper.label else "document.typ")
            source = await asyncio.to_thread(program.read_text, encoding="utf-8")
        files = await self._logo(chosen, role)
        if not files:
            for document in data.get("documents", ()):
                document["logo"] = None
        return bytes(await self.worker.run("typeset", source=source, data=data, files=files, format="pdf"))

    async def pictures(self, pdf: bytes, page: int) -> bytes:
        """One page of a PDF as PNG, for the designer."""
        return bytes(await self.worker.run("picture", pdf=pdf, page=page))

    async def _logo(self, chosen: Chosen, role: RoleDocument) -> dict[str, bytes]:
        if chosen.logo_id is None:
            return {}
        tenant_id = UUID(role.tenant_id)
        # Whoever may print sees the template's logo, whether or not he may read templates.
        reader = replace_permissions(role, self.engine.cell)
        async with self.engine.database.session(role.tenant_id) as connection:
            found = await readable_files(self.engine, connection, reader, [chosen.logo_id])
        record = found.get(chosen.logo_id)
        if record is None:
            return {}
        refuse_unclean(record)
        return {LOGO: b"".join([piece async for piece in self.store.read(tenant_id, record)])}

    async def preview(self, asked: Asked, chosen: Chosen, role: RoleDocument) -> bytes:
        """A print that is not counted and says so; without ids of a made-up document."""
        if asked.ids:
            table, rows = await load(self.engine, asked.table, asked.ids, role, asked.language)
        else:
            table, rows = asked.table, [sample_row(asked.table, asked.language)]
        words = "预览" if not asked.language.startswith("en") else "PREVIEW"
        return await self.typeset(chosen, table, rows, role, asked, Marks(watermark=words))

    async def make(
        self, asked: Asked, chosen: Chosen, role: RoleDocument, progress: Any = None
    ) -> tuple[bytes, dict[UUID, int]]:
        """The whole print and how often each document was printed before."""
        earlier = await self._earlier(asked, role)
        parts: list[bytes] = []
        for first in range(0, len(asked.ids), DOCUMENTS_AT_ONCE):
            some = asked.ids[first : first + DOCUMENTS_AT_ONCE]
            table, rows = await load(self.engine, asked.table, some, role, asked.language)
            marks = Marks(earlier=[earlier.get(one, 0) for one in some])
            with contextlib.suppress(NothingToPrint):
                parts.append(await self.typeset(chosen, table, rows, role, asked, marks))
            if progress is not None:
                await progress(first + len(some))
        if not parts:
            raise NothingToPrint
        if asked.format == "zpl":
            return b"".join(parts), earlier
        return (parts[0] if len(parts) == 1 else bytes(await self.worker.run("merge", parts=parts))), earlier

    async def _earlier(self, asked: Asked, role: RoleDocument) -> dict[UUID, int]:
        async with self.engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(
                _COUNTS, UUID(role.tenant_id), asked.table.key, asked.print, list(asked.ids)
            )
        return {record["entity_id"]: record["count"] for record in records}

    async def keep(self, tenant_id: UUID, content: bytes) -> Stored:
        """Put a result into the storage of files."""

        async def pieces() -> Any:
            yield content

        incoming, object_id, key = self.store.begin(tenant_id, max(len(content), 1))
        try:
            await take_pieces(pieces(), incoming)
            return await self.store.keep(tenant_id, incoming, object_id, key)
        finally:
            incoming.discard()

    async def record(
        self, work: Work, asked: Asked, chosen: Chosen, stored: Stored, earlier: dict[UUID, int]
    ) -> dict[str, Any]:
        """Count, log, audit, and hand the file over, in the work's transaction.

        Raises :class:`CountChanged` when what was typeset marks the wrong reprints.
        """
        await work.begin()
        ids = list(dict.fromkeys(asked.ids))
        records = await work.connection.fetch(_COUNT, work.tenant_id, asked.table.key, asked.print, ids)
        counts = {record["entity_id"]: record["count"] for record in records}
        if any(counts[one] != earlier.get(one, 0) + 1 for one in ids):
            raise CountChanged
        await work.connection.execute(
            _LOG,
            work.tenant_id,
            asked.table.key,
            asked.print,
            asked.format,
            asked.copies,
            chosen.template_id,
            chosen.revision,
            work.now,
            work.caller.user_id,
            [uuid7() for _ in ids],
            ids,
            [counts[one] for one in ids],
        )
        for one in ids:
            facts = {"print": asked.print, "format": asked.format, "copies": asked.copies, "count": counts[one]}
            work.record(f"{asked.table.key}.print", asked.table.key, str(one), facts)
        name = f"{asked.table.label.text(asked.language)}-{work.today.isoformat()}.{asked.format}"
        identity = await self.store.add(work, stored, name, _TYPES[asked.format])
        return {
            "file": {"id": str(identity), "name": name, "size": stored.incoming.size},
            "documents": len(ids),
            "reprints": [str(one) for one in ids if counts[one] > 1],
        }

    async def attempt(self, asked: Asked, chosen: Chosen, role: RoleDocument, finish: Any, progress: Any = None) -> Any:
        """Typeset and let ``finish(stored, earlier)`` record it; again when somebody printed the same meanwhile."""
        tenant_id = UUID(role.tenant_id)
        for tried in range(_MOST_TRIES):
            content, earlier = await self.make(asked, chosen, role, progress)
            stored = await self.keep(tenant_id, content)
            try:
                return await finish(stored, earlier)
            except CountChanged:
                if tried == _MOST_TRIES - 1:
                    raise
            finally:
                await self.store.drop_unused(tenant_id, stored)
        raise CountChanged


def replace_permissions(role: RoleDocument, cell: str) -> RoleDocument:
    """The role with the right to read templates added, for what belongs to them."""
    import msgspec  # noqa: PLC0415 - one use

    return msgspec.structs.replace(role, permissions=(*role.permissions, f"{cell}.print_template.read"))
