"""Contents in S3, encrypted contents, scanners: against real peers of their protocols."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from contents import pdf, png, upload, uploaded

from cellkit.ops.access import StaticRoleSource
from cellkit.testing.cells import Api

_EICAR = b"EICAR-TEST-CONTENT"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of a bucket on an S3 server of its own process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                request = urllib.request.Request(f"http://127.0.0.1:{port}/papers", method="PUT")
                with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - its own server
                    break
            except OSError:
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.1)
        yield f"s3://papers/some/folder?endpoint=http://127.0.0.1:{port}&region=us-east-1"
    finally:
        process.terminate()
        process.wait(10)


@pytest_asyncio.fixture
async def configured(cell: Any, cell_settings: Any, clock: Any, tmp_path: Path) -> AsyncIterator[Any]:
    """The cell with other settings of files: ``await configured(FILES_ENCRYPT="1")``."""
    started = []

    async def start(**environment: str) -> Api:
        settings = replace(
            cell_settings, data_folder=tmp_path, environment={**cell_settings.environment, **environment}
        )
        app = cell.create_app(settings, role_source=StaticRoleSource())
        app.engine.clock = clock
        await app.start()
        started.append(app)
        return Api(app, cell.name, app.engine.roles._source, str(uuid.uuid4()), "").as_user()

    yield start
    for app in started:
        await app.stop()


async def test_contents_in_a_bucket(configured: Any, bucket: str, clock: Any, tmp_path: Path) -> None:
    api = await configured(FILES_STORAGE=bucket, FILES_S3_ACCESS_KEY="key", FILES_S3_SECRET_KEY="secret")
    content = os.urandom(900_000)
    identity = await uploaded(api, "a.dat", content)
    assert (await api.get(f"/_files/{identity}")).body == content
    part = await api.call("GET", f"/_files/{identity}", headers={"range": "bytes=500000-500009"})
    assert (part.status, part.body) == (206, content[500_000:500_010])
    assert [path for path in (tmp_path / "files").glob("**/*") if path.is_file()] == []
    store = api.app.files.store
    stored = [place async for places in store.storage.older(clock() + _hour()) for place in places]
    assert [str(place[0]) for place in stored if str(place[0]) == api.tenant_id] == [api.tenant_id]
    assert (await api.delete(f"/_files/{identity}")).status == 204
    clock.advance(days=31)
    await api.app.files.purge()
    left = [place async for places in store.storage.older(clock() + _hour()) for place in places]
    assert api.tenant_id not in {str(place[0]) for place in left}


def _hour() -> Any:
    from datetime import timedelta

    return timedelta(hours=1)


async def test_a_bucket_that_is_away_is_told(configured: Any, bucket: str) -> None:
    gone = bucket.replace("s3://papers", "s3://nothing")
    api = await configured(FILES_STORAGE=gone, FILES_S3_ACCESS_KEY="key", FILES_S3_SECRET_KEY="secret")
    answer = await upload(api, "a.dat", b"content")
    assert answer.status in (500, 503)
    assert "127.0.0.1" not in answer.body.decode()
    assert (await api.get("/_files/_usage")).json["bytes"] == 0


async def test_encrypted_contents(configured: Any, tmp_path: Path) -> None:
    api = await configured(FILES_ENCRYPT="1")
    content = b"top secret " * 50_000
    identity = await uploaded(api, "a.txt", content)
    assert (await api.get(f"/_files/{identity}")).body == content
    part = await api.call("GET", f"/_files/{identity}", headers={"range": "bytes=65530-65545"})
    assert part.body == content[65_530:65_546]
    picture = await uploaded(api, "b.png", png(300, 300))
    shown = await api.get(f"/_files/{picture}/preview?size=small")
    assert (await api.get(f"/_files/{picture}/preview?size=small")).body == shown.body
    stored = [path.read_bytes() for path in (tmp_path / "files").glob("**/*") if path.is_file()]
    assert len(stored) == 3
    assert not any(b"top secret" in one or b"PNG" in one[:8] or b"WEBP" in one[:16] for one in stored)


async def test_without_its_key_a_content_cannot_be_read(configured: Any, cell_settings: Any, tmp_path: Path) -> None:
    api = await configured(FILES_ENCRYPT="1")
    identity = await uploaded(api, "a.txt", b"top secret")
    async with api.app.engine.database.session(api.tenant_id) as connection:
        await connection.execute(
            "UPDATE kit_file_blob SET sealed_key = '\\x00' WHERE tenant_id = $1", uuid.UUID(api.tenant_id)
        )
    assert (await api.get(f"/_files/{identity}")).status == 500


class Clamd:
    """A peer that speaks clamd's INSTREAM strictly as its manual has it, and finds one test signature."""

    def __init__(self) -> None:
        self.scanned: list[bytes] = []
        self.broken = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(length)
        self.scanned.append(content)
        answer = b"stream: Eicar-Test-Signature FOUND\0" if _EICAR in content else b"stream: OK\0"
        writer.write(b"INSTREAM size limit exceeded. ERROR\0" if self.broken else answer)
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def clamd() -> AsyncIterator[tuple[Clamd, str]]:
    peer = Clamd()
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield peer, f"clamd://127.0.0.1:{port}"
    server.close()


async def _judged(api: Api, identity: str) -> str:
    for _ in range(200):
        [item] = (await api.get(f"/_files?ids={identity}")).json["items"]
        if item["scan"] != "waiting":
            return str(item["scan"])
        await asyncio.sleep(0.05)
    return "waiting"


async def test_a_file_is_quarantined_until_it_is_found_clean(configured: Any, clamd: Any) -> None:
    peer, address = clamd
    peer.broken = True
    api = await configured(FILES_SCAN=address, FILES_ENCRYPT="1")
    clean, infected = pdf(), pdf() + _EICAR
    identity = await uploaded(api, "a.pdf", clean)
    early = await api.get(f"/_files/{identity}")
    assert (early.status, early.json["code"], early.headers["retry-after"]) == (409, "FILE_QUARANTINED", "5")
    assert (await api.get(f"/_files/{identity}/preview")).json["code"] == "FILE_QUARANTINED"
    for _ in range(100):
        await asyncio.sleep(0.02)
        if peer.scanned:
            break
    await asyncio.sleep(0.1)
    assert (await api.get(f"/_files?ids={identity}")).json["items"][0]["scan"] == "waiting"
    peer.broken = False
    api.app.engine.clock.advance(minutes=11)
    bad = await uploaded(api, "b.pdf", infected)
    assert await _judged(api, bad) == "infected"
    assert await _judged(api, identity) == "clean"
    assert clean in peer.scanned
    assert (await api.get(f"/_files/{identity}")).body == clean
    assert (await api.get(f"/_files/{bad}")).json["code"] == "FILE_INFECTED"
    refused = await api.post("/assets", {"name": "x", "papers": [bad]})
    assert (refused.status, refused.json["details"][0]["rule"]) == (422, "infected")
    plain = (await api.post("/plains", {"name": "x"})).json
    assert (await api.post(f"/plains/{plain['id']}/_files", {"files": [bad]})).status == 422


async def test_a_command_scans_as_well(configured: Any, tmp_path: Path) -> None:
    script = tmp_path / "scan"
    script.write_text('#!/bin/sh\nif grep -q EICAR; then echo "stream: Test FOUND"; exit 1; fi\nexit 0\n')
    script.chmod(0o700)
    api = await configured(FILES_SCAN=f"command:{script}")
    assert await _judged(api, await uploaded(api, "a.txt", b"fine")) == "clean"
    assert await _judged(api, await uploaded(api, "b.txt", _EICAR)) == "infected"
    actions = [item["action"] for item in (await api.get("/_audit")).json["items"]]
    assert "depot.file.upload" in actions


async def test_downloads_are_audited_where_asked(configured: Any) -> None:
    api = await configured(FILES_AUDIT_DOWNLOADS="1")
    identity = await uploaded(api, "a.txt", b"words")
    assert (await api.get(f"/_files/{identity}")).status == 200
    newest = (await api.get("/_audit")).json["items"][0]
    assert (newest["action"], newest["entity_id"]) == ("depot.file.download", identity)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FILES_STORAGE", "ftp://x"), ("FILES_SCAN", "x"), ("FILES_MOST_MIB", "-1"),
     ("FILES_QUOTAS", "a=b"), ("FILES_ENCRYPT", "y")],
)  # fmt: skip
async def test_wrong_settings_name_themselves(configured: Any, name: str, value: str) -> None:
    from cellkit.settings import SettingsError

    with pytest.raises(SettingsError, match=name):
        await configured(**{name: value})
