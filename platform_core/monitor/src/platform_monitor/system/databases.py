"""Sizes and slow statements of the databases, asked by a role that may look at figures and at no row."""

from __future__ import annotations

from typing import Any

import asyncpg

from cellkit.errors import Unavailable
from cellkit.settings import Settings
from platform_monitor.logs.redaction import clean_text

_SECONDS = 5.0
_LONGEST = 600
_SIZES = """
SELECT d.datname AS name, pg_database_size(d.oid) AS bytes, s.numbackends AS connections, s.xact_commit AS commits,
    s.xact_rollback AS rollbacks, s.deadlocks, s.temp_bytes,
    round(100.0 * s.blks_hit / nullif(s.blks_hit + s.blks_read, 0), 2)::float8 AS cache_hit_percent
FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE NOT d.datistemplate ORDER BY 2 DESC
"""
_SERVER = """
SELECT version() AS version, pg_postmaster_start_time() AS started_at,
    current_setting('max_connections')::int AS max_connections,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
    (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock') AS waiting_for_locks,
    (SELECT max(extract(epoch FROM now() - xact_start))::float8 FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS longest_transaction_seconds
"""
_STATEMENTS = """
SELECT d.datname AS database, s.query, s.calls, s.rows, round(s.total_exec_time::numeric, 1)::float8 AS total_ms,
    round(s.mean_exec_time::numeric, 2)::float8 AS mean_ms, round(s.max_exec_time::numeric, 1)::float8 AS max_ms,
    s.shared_blks_read AS blocks_read, s.temp_blks_written AS temp_blocks
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE s.query NOT ILIKE '%password%' ORDER BY s.total_exec_time DESC LIMIT $1
"""


async def report(settings: Settings, limit: int) -> dict[str, Any]:
    """Server, databases and the statements that have cost most; raises :class:`Unavailable` without a database."""
    if not settings.database_url:
        raise Unavailable
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=_SECONDS, command_timeout=_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        raise Unavailable from None
    try:
        server = dict(await connection.fetchrow(_SERVER) or {})
        server["started_at"] = server["started_at"].isoformat().replace("+00:00", "Z")
        sizes = [dict(row) for row in await connection.fetch(_SIZES)]
        statements, why = await _statements(connection, limit)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        raise Unavailable from None
    finally:
        await connection.close(timeout=_SECONDS)
    return {"server": server, "databases": sizes, "statements": statements, "statements_missing": why}


async def _statements(connection: Any, limit: int) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
    """The statements, or why there are none. Their values are not in them: the extension replaces those by ``$1``."""
    try:
        rows = await connection.fetch(_STATEMENTS, limit)
    except (asyncpg.UndefinedTableError, asyncpg.ObjectNotInPrerequisiteStateError, asyncpg.InsufficientPrivilegeError):
        return [], {
            "zh": "数据库未加载 pg_stat_statements：在 postgresql.conf 的 shared_preload_libraries 中加入后重启",
            "en": "The server has not loaded pg_stat_statements: add it to shared_preload_libraries and restart it",
        }
    return [{**dict(row), "query": clean_text(" ".join(row["query"].split()))[:_LONGEST]} for row in rows], None
