"""The floor: pgbench doing the same statements, with the same rows, on the same cluster and tables."""

from __future__ import annotations

import os
import re
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from cellkit.testing.postgres import binaries

_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_UNIQUE = {
    # Columns whose values must differ from transaction to transaction: SQL with :r, a random number of pgbench.
    "erp_order": {"id": "md5('o' || :r)::uuid", "number": "'B' || :r", "reference": "NULL"},
    "erp_order_line": {"id": "md5('l{index}' || :r)::uuid", "parent_id": "md5('o' || :r)::uuid"},
    "kit_request": {"request_id": "'q' || :r"},
    "kit_audit": {"id": "md5('a{index}' || :r)::uuid"},
    # Routed at once: nobody shall be busy with the floor's events, all of one order, while the platform is measured.
    "kit_outbox": {"id": "md5('e{index}' || :r)::uuid", "routed_at": "now()"},
}
_GENERATED = {"position", "sequence", "chain_hash"}


async def order_script(owner: asyncpg.Connection[Any], tenant: str, order_id: str, request_id: str) -> str:
    """A transaction that writes what one order's request wrote, statement by statement."""
    selects = {
        "erp_order": ("SELECT * FROM erp_order WHERE tenant_id = $1 AND id = $2", order_id),
        "erp_order_line": (
            "SELECT * FROM erp_order_line WHERE tenant_id = $1 AND parent_id = $2 ORDER BY line_no",
            order_id,
        ),
        "kit_request": ("SELECT * FROM kit_request WHERE tenant_id = $1 AND request_id = $2", request_id),
        "kit_audit": ("SELECT * FROM kit_audit WHERE tenant_id = $1 AND request_id = $2", request_id),
        "kit_outbox": ("SELECT * FROM kit_outbox WHERE tenant_id = $1 AND subject = $2", order_id),
    }
    lines = [
        "\\set r random(1, 9000000000000000000)",
        "BEGIN;",
        f"SELECT set_config('cellkit.tenant', '{tenant}', true);",
    ]
    for table, (sql, key) in selects.items():
        value: Any = uuid.UUID(key) if "id = $2" in sql and "request" not in sql else key
        rows = await owner.fetch(sql, uuid.UUID(tenant), value)
        if not rows:
            raise RuntimeError(f"no rows of {table} to measure with")
        columns = [name for name in rows[0].keys() if name not in _GENERATED]  # noqa: SIM118 - iterating a record gives its values
        values = [
            "(" + ", ".join(_literal(table, name, row[name], index) for name in columns) + ")"
            for index, row in enumerate(rows)
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        lines.append(f"INSERT INTO {table} ({names}) VALUES {', '.join(values)};")
    return "\n".join([*lines, "COMMIT;", ""])


def _literal(table: str, column: str, value: Any, index: int) -> str:
    special = _UNIQUE.get(table, {}).get(column)
    if special is not None:
        return special.format(index=index)
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    # A colon before a letter would be read as a pgbench variable, so it is written by its code.
    text = str(value).replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{text}'"


def run(script: str, folder: Path, url: str, *, connections: int, seconds: int) -> float:
    """Transactions a second of a script."""
    path = folder / "script.sql"
    path.write_text(script, encoding="utf-8")
    environment, arguments = _address(url)
    command: Sequence[str] = [
        str(binaries() / "pgbench"), "-n", "-f", str(path), "-c", str(connections), "-j", "2", "-T", str(seconds),
        "-M", "prepared", *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **environment})
    found = _TPS.search(done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench: {done.stderr[-800:]}")
    return float(found.group(1))


def _address(url: str) -> tuple[dict[str, str], list[str]]:
    matched = re.fullmatch(r"postgresql://([^:]+):([^@]+)@([^:/]+):(\d+)/(\w+)", url)
    if matched is None:
        raise RuntimeError("cannot read the database address")
    user, password, host, port, database = matched.groups()
    # The password goes by environment: the process list is public.
    return {"PGPASSWORD": password}, ["-h", host, "-p", port, "-U", user, database]
