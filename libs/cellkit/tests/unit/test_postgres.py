"""The throw-away cluster keeps its promises."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import asyncpg
import pytest

from cellkit.testing.postgres import Cluster


def test_run_time_role_works_on_the_owners_tables_and_owns_nothing(postgres_cluster: Cluster) -> None:
    urls = postgres_cluster.create_database("unit_roles")

    async def work() -> int:
        owner = await asyncpg.connect(urls.owner)
        await owner.execute("CREATE TABLE note (id bigserial PRIMARY KEY, word text)")
        await owner.close()
        app = await asyncpg.connect(urls.app)
        await app.execute("INSERT INTO note (word) VALUES ($1)", "a")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("CREATE TABLE mine ()")
        found = await app.fetchval("SELECT count(*) FROM note WHERE word % 'a'")
        await app.close()
        return int(found)

    assert asyncio.run(work()) == 1


def test_a_copy_keeps_the_templates_roles_and_rows(postgres_cluster: Cluster) -> None:
    postgres_cluster.create_database("unit_template")
    postgres_cluster.sql("SET ROLE unit_template; CREATE TABLE t AS SELECT 7 AS n", database="unit_template")
    urls = postgres_cluster.create_database("unit_copy", template="unit_template")

    async def read() -> int:
        app = await asyncpg.connect(urls.app)
        value = await app.fetchval("SELECT n FROM t")
        await app.close()
        return int(value)

    assert asyncio.run(read()) == 7


def test_one_services_role_cannot_enter_another_database(postgres_cluster: Cluster) -> None:
    postgres_cluster.create_database("unit_a")
    postgres_cluster.create_database("unit_b")

    async def enter() -> None:
        await asyncpg.connect(postgres_cluster.url("unit_b_app", "unit_a"))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(enter())


def test_the_server_ends_with_a_killed_parent() -> None:
    script = (
        "import os, signal\n"
        "from cellkit.testing.postgres import Cluster\n"
        "cluster = Cluster().start()\n"
        "print(cluster._process.pid, cluster._folder, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid, folder = done.stdout.split()
    deadline = time.monotonic() + 10
    while _alive(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(int(pid))
    subprocess.run(["rm", "-rf", folder], check=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return not state.startswith("Z")
