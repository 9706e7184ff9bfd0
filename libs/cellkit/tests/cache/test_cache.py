# ruff: noqa: ASYNC110 - waiting for another process
"""The shared cache with a real server: right, and bounded in time, whatever becomes of the server."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import redis.asyncio as client_library

from cellkit.cache import NO_CACHE, SharedCache
from cellkit.cache.codec import pack, unpack
from cellkit.cache.roles import SharedRoleSource
from cellkit.cache.shared import PAUSE_SECONDS, WAIT_SECONDS
from cellkit.errors import Unauthorized, Unavailable
from cellkit.ops.access import Fetched, RoleDocument, RoleDocuments, StaticRoleSource
from cellkit.reports import Report
from cellkit.settings import SettingsError
from cellkit.testing import Api

TENANT = "11111111-1111-1111-1111-111111111111"
OTHER = "22222222-2222-2222-2222-222222222222"


def counting(value: Any) -> tuple[list[int], Callable[[], Any]]:
    calls: list[int] = []

    async def load() -> Any:
        calls.append(1)
        return value

    return calls, load


@pytest.fixture
async def cache(redis: Any) -> AsyncIterator[SharedCache]:
    made = SharedCache(redis.url, "crm", b"key")
    async with made.lifespan():
        yield made


def test_values_come_back_exactly() -> None:
    value = {
        "a": [Decimal("1.50"), date(2026, 1, 2), datetime(2026, 1, 2, 3, tzinfo=UTC), None, True, 7, "文"],
        "b": {"id": uuid.UUID(TENANT)},
    }
    assert unpack(pack(value)) == value
    for wrong in ({"$date": "x"}, {1: 2}, {"a": 1.5}, object()):
        with pytest.raises(TypeError):
            pack(wrong)


class TestRemembering:
    async def test_loads_once_per_tenant_name_and_key(self, cache: SharedCache, redis: Any) -> None:
        calls, load = counting({"rate": Decimal("0.13")})
        other = SharedCache(redis.url, "crm", b"key")
        async with other.lifespan():
            for one in (cache, other, cache):
                assert await one.remember(TENANT, "rates", "cny", load, seconds=60) == {"rate": Decimal("0.13")}
            assert len(calls) == 1
            await cache.remember(OTHER, "rates", "cny", load, seconds=60)
            await cache.remember(TENANT, "rates", "usd", load, seconds=60)
            await SharedCache(redis.url, "erp", b"key").remember(TENANT, "rates", "cny", load, seconds=60)
            assert len(calls) == 4
            await other.forget(TENANT, "rates")
            await cache.remember(TENANT, "rates", "cny", load, seconds=60)
            await cache.remember(OTHER, "rates", "cny", load, seconds=60)
            assert len(calls) == 5

    async def test_a_slow_reader_does_not_bring_back_the_old(self, cache: SharedCache) -> None:
        state = {"value": "old"}
        reading, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> str:
            seen = state["value"]
            reading.set()
            await go_on.wait()
            return seen

        async def quick() -> str:
            return state["value"]

        late = asyncio.create_task(cache.remember(TENANT, "n", "k", slow, seconds=60))
        await reading.wait()
        state["value"] = "new"
        await cache.forget(TENANT, "n")
        go_on.set()
        assert await late == "old"
        assert await cache.remember(TENANT, "n", "k", quick, seconds=60) == "new"

    async def test_entries_end(self, cache: SharedCache) -> None:
        calls, load = counting(1)
        for _ in range(2):
            await cache.remember(TENANT, "n", "k", load, seconds=0.05)
        await asyncio.sleep(0.1)
        await cache.remember(TENANT, "n", "k", load, seconds=0.05)
        assert len(calls) == 2

    async def test_what_somebody_else_wrote_is_not_believed(self, cache: SharedCache, redis: Any) -> None:
        calls, load = counting("true")
        await cache.versioned(TENANT, "n", "1", load, seconds=60)
        await cache.versioned(OTHER, "n", "1", load, seconds=60)
        raw = client_library.Redis.from_url(redis.url)
        keys = sorted(await raw.keys("superpaas:crm:*"))
        assert [TENANT in key.decode() for key in keys] == [True, False]
        # The other tenant's entry under this tenant's key, and one made up.
        for forged in (await raw.get(keys[1]), b"x" * 32 + b'"false"'):
            await raw.set(keys[0], forged)
            assert await cache.versioned(TENANT, "n", "1", load, seconds=60) == "true"
        assert len(calls) == 4
        await raw.aclose()
        thief = SharedCache(redis.url, "crm", b"another key")
        async with thief.lifespan():
            await thief.versioned(TENANT, "n", "1", load, seconds=60)
        assert len(calls) == 5


class TestTrouble:
    async def test_without_a_server_named_nothing_is_stored(self) -> None:
        calls, load = counting(1)
        for _ in range(2):
            assert await NO_CACHE.remember(TENANT, "n", "k", load, seconds=60) == 1
        assert (len(calls), NO_CACHE.on, await NO_CACHE.get(TENANT, "n", "k")) == (2, False, None)
        await NO_CACHE.forget(TENANT, "n")
        with pytest.raises(SettingsError, match="REDIS_URL"):
            SharedCache("http://127.0.0.1", "crm", b"key")

    async def test_killed_frozen_and_back(self, cache: SharedCache, redis: Any) -> None:
        calls, load = counting(1)

        async def look() -> float:
            began = time.monotonic()
            assert await cache.remember(TENANT, "n", "k", load, seconds=60) == 1
            return time.monotonic() - began

        await look()
        redis.freeze()
        assert await look() < WAIT_SECONDS * 2 + 0.3
        # Left alone for a while, so that a crowd of requests does not wait one after the other.
        assert max([await look() for _ in range(20)]) < 0.05
        redis.thaw()
        await asyncio.sleep(PAUSE_SECONDS)
        before = len(calls)
        await look()
        assert len(calls) == before
        redis.kill()
        assert await look() < WAIT_SECONDS * 2 + 0.3
        redis.start()
        await asyncio.sleep(PAUSE_SECONDS)
        for _ in range(2):
            await look()
        assert len(calls) == before + 2

    async def test_an_invalidation_that_got_lost_is_not_forgotten(self, cache: SharedCache, redis: Any) -> None:
        calls, load = counting(1)
        await cache.remember(TENANT, "n", "k", load, seconds=60)
        redis.freeze()
        await cache.forget(TENANT, "n")
        redis.thaw()
        await asyncio.sleep(PAUSE_SECONDS)
        await cache.remember(TENANT, "n", "k", load, seconds=60)
        await cache.remember(TENANT, "n", "k", load, seconds=60)
        assert len(calls) == 3, "this process reads past the cache until nothing old can be in it"
        await cache.forget(TENANT, "n")
        for _ in range(2):
            await cache.remember(TENANT, "n", "k", load, seconds=60)
        assert len(calls) == 4


class Source(StaticRoleSource):
    """Counts, and may be away."""

    def __init__(self, *documents: RoleDocument) -> None:
        super().__init__(*documents)
        self.asked: list[str | None] = []
        self.away = False

    async def fetch(self, tenant_id: str, user_id: str, etag: str | None) -> Fetched | None:
        self.asked.append(etag)
        if self.away:
            raise Unavailable
        found = await super().fetch(tenant_id, user_id, etag)
        return None if found is not None and found.etag == etag else found


def document(version: str = "1", *permissions: str) -> RoleDocument:
    return RoleDocument(user_id="u", tenant_id=TENANT, version=version, permissions=permissions)


class TestRoles:
    async def test_processes_share_one_answer_and_its_age(self, cache: SharedCache) -> None:
        source = Source(document("1", "crm.lead.read"))
        first, second = (
            RoleDocuments(SharedRoleSource(source, cache, fresh_seconds=0.6), fresh_seconds=0.6) for _ in "ab"
        )
        assert (await first.get(TENANT, "u")).allows("crm.lead.read")
        await asyncio.sleep(0.3)
        assert (await second.get(TENANT, "u")).allows("crm.lead.read")
        assert source.asked == [None]
        source.put(document("2"))
        # What is taken away counts no longer in the second process than in the first.
        async with asyncio.timeout(0.9):
            while (await second.get(TENANT, "u")).version == "1":
                await asyncio.sleep(0.02)
        assert source.asked == [None, "1"]
        assert not (await first.get(TENANT, "u")).allows("crm.lead.read")

    async def test_a_disabled_user_is_out_in_every_process(self, cache: SharedCache) -> None:
        source = Source(document("1", "*"))
        first, second = (RoleDocuments(SharedRoleSource(source, cache, fresh_seconds=0), fresh_seconds=0) for _ in "ab")
        await first.get(TENANT, "u")
        source.documents.clear()
        for one in (first, second, first):
            with pytest.raises(Unauthorized):
                await one.get(TENANT, "u")

    async def test_identity_away_and_redis_away(self, cache: SharedCache, redis: Any) -> None:
        source = Source(document("1", "*"))
        shared = SharedRoleSource(source, cache, fresh_seconds=0)
        assert (await RoleDocuments(shared).get(TENANT, "u")).version == "1"
        source.away = True
        # A process that starts while identity is away knows what another one was told.
        assert (await RoleDocuments(shared).get(TENANT, "u")).version == "1"
        redis.kill()
        with pytest.raises(Unavailable):
            await RoleDocuments(shared).get(TENANT, "u")
        source.away = False
        assert (await RoleDocuments(shared).get(TENANT, "u")).version == "1"


class TestCell:
    async def test_a_cell_with_a_cache_works_on_when_it_dies(self, cell: Any, cell_settings: Any, redis: Any) -> None:
        asked: list[str] = []

        async def slow_total(work: Any, parameters: dict[str, Any]) -> dict[str, Any]:
            asked.append(work.caller.user_id)
            return {
                "items": [],
                "totals": {"count": await work.value("SELECT count(*) FROM sample_item WHERE tenant_id = $1")},
            }

        hot = Report("hot", cell.reports[0].label, slow_total, {}, cache_seconds=30)
        made = type(cell)(
            "sample", label=cell.label, version="1", port=1, package=cell.package,
            documents=[table for table in cell.documents if not table.kit], reports=[hot],
        )  # fmt: skip
        settings = replace(cell_settings, environment={**cell_settings.environment, "REDIS_URL": redis.url})
        apps = [made.create_app(settings, role_source=StaticRoleSource()) for _ in range(2)]
        tenant = str(uuid.uuid4())
        clients = []
        for app in apps:
            await app.start()
            source = app.engine.roles._source._source
            clients.append(Api(app, "sample", source, tenant, "").as_user(user_id="u1"))
        try:
            answers = [await api.must("GET", "/reports/hot") for api in (*clients, clients[0])]
            assert answers == [{"items": [], "totals": {"count": 0}}] * 3
            assert asked == ["u1"]
            await clients[0].as_user(user_id="u2").must("GET", "/reports/hot")
            assert asked == ["u1", "u2"]
            field = {
                "entity": "sample.item",
                "name": "x_colour",
                "label_zh": "颜色",
                "label_en": "Colour",
                "kind": "text",
            }
            await clients[0].must("POST", "/custom-fields", field)
            async with asyncio.timeout(8):
                while "x_colour" not in str((await clients[1].get("/api/v1/sample/_meta")).json):
                    await asyncio.sleep(0.1)
            redis.kill()
            for api in clients:
                await api.must("POST", "/items", {"code": str(uuid.uuid4()), "name": "n", "x_colour": "red"})
            assert (await clients[1].must("GET", "/reports/hot"))["totals"]["count"] == 2
        finally:
            for app in apps:
                await app.stop()
