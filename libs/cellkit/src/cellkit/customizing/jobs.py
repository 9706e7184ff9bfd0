"""Search texts made anew, after a field came to be searched or ceased to be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.customizing.labels import search_again
from cellkit.jobs.context import JobContext
from cellkit.jobs.declare import job
from cellkit.labels import L

_BATCH = 500
_FIRST = UUID(int=0)


@job("customizing-reindex", label=L("重建检索内容", "Make search texts anew"), once_per_tenant=True)
async def reindex(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """All documents of ``payload["entity"]``, in batches of 500; a batch is its own transaction."""
    engine = context.engine
    if engine.definitions is not None:
        # What asked for this may be younger than what this process knows.
        await engine.definitions.look()
    table = engine.tables[payload["entity"]]
    done, after = 0, _FIRST
    while True:
        context.check()
        async with context.work() as work:
            rows = await work.rows(
                f'SELECT id FROM "{table.table_name}" WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT {_BATCH}',
                after,
            )
            if not rows:
                return {"documents": done}
            ids = [row["id"] for row in rows]
            await work.begin()
            await work.connection.execute(
                f'SELECT 1 FROM "{table.table_name}" WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id '
                "FOR NO KEY UPDATE",
                work.tenant_id,
                ids,
            )
            await search_again(work, table, ids)
        done, after = done + len(ids), ids[-1]
        await context.progress(done, None)
