"""What an operator does in the console, on a running platform: see, find, set, back up, stop and start."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from demo.api import Api, ApiError
from tests.e2e.conftest import NewTenant
from tests.running import Platform

ADMIN = "/api/admin"


@pytest.fixture
async def operator(platform: Platform) -> AsyncIterator[Api]:
    first = platform.first_login
    async with Api(first["url"]) as api:
        await api.login(first["tenant"], first["username"], first["password"])
        yield api


@pytest.fixture
async def tenant(platform: Platform, new_tenant: NewTenant) -> AsyncIterator[Api]:
    async with Api(platform.first_login["url"]) as api:
        await new_tenant(api)
        yield api


async def eventually(look: Callable[[], Awaitable[Any]], seconds: float = 30) -> Any:
    """What ``look`` gives as soon as it gives something; the gateway writes its log once a second."""
    deadline = time.monotonic() + seconds
    while True:
        with suppress(ApiError):
            if found := await look():
                return found
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.3)


async def refused(call: Awaitable[Any]) -> int:
    with pytest.raises(ApiError) as error:
        await call
    return error.value.status


async def ask_as(api: Api, path: str, request_id: str) -> int:
    headers = {"Authorization": f"Bearer {api.token}", "X-Tenant-Id": api.tenant_id, "X-Request-ID": request_id}
    async with aiohttp.ClientSession() as session, session.get(api.url + path, headers=headers) as answer:
        return answer.status


async def test_the_topology_shows_who_calls_whom(operator: Api, tenant: Api) -> None:
    for _ in range(5):
        await tenant.get("/api/v1/crm/leads")

    async def edges() -> Any:
        found = await operator.get(f"{ADMIN}/topology?window=600")
        known = {(item["from"], item["to"]): item for item in found["edges"]}
        nodes = {item["name"]: item for item in found["nodes"]}
        # The cells come with the next look at governance, ten seconds later at most.
        lit = nodes.get("crm", {}).get("light") == "green"
        return (known, nodes) if lit and {("users", "crm"), ("crm", "identity")} <= set(known) else None

    known, nodes = await eventually(edges)
    assert known["users", "crm"]["requests"] >= 5
    assert known["users", "crm"]["p95_ms"] > 0
    assert nodes["crm"]["kind"] == "cell"
    assert await refused(tenant.get(f"{ADMIN}/topology")) == 403


async def test_a_request_is_followed_by_the_id_of_its_error_message(
    operator: Api, tenant: Api, platform: Platform, new_tenant: NewTenant
) -> None:
    request_id = f"toast-{uuid.uuid4()}"
    assert await ask_as(tenant, "/api/v1/crm/leads/0192f6a0-0000-7000-8000-000000000000", request_id) == 404

    async def found() -> Any:
        return await operator.get(f"{ADMIN}/requests/{request_id}")

    whole = await eventually(found)
    span = whole["spans"][whole["asked"]]
    assert (span["status"], span["service"], span["caller"]) == (404, "crm", "users")
    assert span["tenant_id"] == tenant.tenant_id
    assert float(span["service_ms"]) >= 0
    listed = await operator.get(f"{ADMIN}/requests?request_id={request_id}&status=4xx")
    assert [item["request_id"] for item in listed["items"]] == [request_id]
    # The tenant's own administrator sees it, another one's does not, and neither sees the logs.
    mine = await tenant.get(f"{ADMIN}/requests/{request_id}")
    assert mine["logs"] == []
    async with Api(platform.first_login["url"]) as other:
        await new_tenant(other)
        assert await refused(other.get(f"{ADMIN}/requests/{request_id}")) == 404
        assert (await other.get(f"{ADMIN}/requests?request_id={request_id}"))["items"] == []
        assert await refused(other.get(f"{ADMIN}/requests?tenant_id={tenant.tenant_id}")) == 404
        assert await refused(other.get(f"{ADMIN}/logs")) == 403


async def test_a_trace_holds_the_calls_and_events_that_a_request_caused(operator: Api, tenant: Api) -> None:
    request_id = f"trace-{uuid.uuid4()}"
    # A new tenant's first call makes the cell ask identity for the caller's rights.
    await ask_as(tenant, "/api/v1/erp/items", request_id)

    async def found() -> Any:
        whole = await operator.get(f"{ADMIN}/requests/{request_id}")
        return whole if len(whole["spans"]) > 1 else None

    whole = await eventually(found)
    spans = whole["spans"]
    calls = [span for span in spans if span["caller"] == "erp" and span["service"] == "identity"]
    assert calls
    assert {span["trace_id"] for span in spans} == {whole["trace_id"]}
    assert spans[calls[0]["parent"]]["request_id"] == request_id
    assert calls[0]["offset_ms"] >= 0


async def test_logs_are_searched_and_hold_no_secret(operator: Api, platform: Platform) -> None:
    first = await operator.get(f"{ADMIN}/logs?limit=20")
    assert len(first["items"]) == 20
    assert first["next"]
    second = await operator.get(f"{ADMIN}/logs?limit=20&cursor={first['next']}")
    moments = [item["at"] for item in [*first["items"], *second["items"]] if item["at"]]
    assert moments == sorted(moments, reverse=True)
    governance = await operator.get(f"{ADMIN}/logs?service=governance&q=published&level=info&limit=500")
    assert {item["service"] for item in governance["items"]} == {"governance"}
    assert await refused(operator.get(f"{ADMIN}/logs?service=nothing")) == 400
    assert await refused(operator.get(f"{ADMIN}/logs?from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z")) == 400
    everything = json.dumps([first, second, governance])
    for path in (platform.data / "secrets").iterdir():
        assert path.read_text(encoding="utf-8").strip() not in everything, path.name


async def test_a_setting_takes_effect_at_once_and_is_rolled_back(operator: Api, platform: Platform) -> None:
    async def logins() -> list[int]:
        body = {"tenant": "none", "username": "none", "password": "none"}
        async with aiohttp.ClientSession() as session:
            calls = [session.post(f"{operator.url}/api/v1/auth/login", json=body) for _ in range(8)]
            return [answer.status for answer in await asyncio.gather(*calls)]

    before = await operator.get(f"{ADMIN}/configuration")
    change = {"version": before["version"], "reason": "test", "values": {"GATEWAY_LOGIN_LIMIT_PER_ADDRESS": 1}}
    after = await operator.send("PUT", f"{ADMIN}/configuration", change)
    try:
        assert after["version"] == before["version"] + 1
        await eventually(lambda: _some(logins, 429), 10)
        assert await refused(operator.send("PUT", f"{ADMIN}/configuration", change)) == 409
        latest = (await operator.get(f"{ADMIN}/configuration/versions?limit=1"))["items"][0]
        assert (latest["reason"], latest["difference"]) == (
            "test",
            [{"path": "GATEWAY_LOGIN_LIMIT_PER_ADDRESS", "before": None, "after": 1}],
        )
    finally:
        await operator.send(
            "POST",
            f"{ADMIN}/configuration/versions/{before['version']}/rollback",
            {"version": after["version"], "reason": "test is over"},
        )
    await asyncio.sleep(1.5)
    assert 429 not in await logins()


async def _some(look: Callable[[], Awaitable[list[int]]], wanted: int) -> bool:
    return wanted in await look()


async def test_what_needs_a_restart_says_so_and_gets_it(operator: Api) -> None:
    before = await operator.get(f"{ADMIN}/configuration")
    change = {"version": before["version"], "reason": "test", "values": {"LOG_LEVEL": "DEBUG"}}
    after = await operator.send("PUT", f"{ADMIN}/configuration", change)
    try:
        assert {"crm", "erp", "identity"} <= set(after["restart"])
        await operator.post(f"{ADMIN}/configuration/restart", {"services": ["crm"]})

        async def restarted() -> Any:
            found = await operator.get(f"{ADMIN}/configuration")
            return "crm" not in found["restart"]

        await eventually(restarted)
    finally:
        await operator.send(
            "POST",
            f"{ADMIN}/configuration/versions/{before['version']}/rollback",
            {"version": after["version"], "reason": "test is over"},
        )


async def test_a_backup_is_made_and_proved_from_the_console(operator: Api, platform: Platform) -> None:
    known = {item["id"] for item in (await operator.get(f"{ADMIN}/backups"))["items"]}
    assert await operator.post(f"{ADMIN}/backups", {}) == {"started": True}

    async def made() -> Any:
        found = await operator.get(f"{ADMIN}/backups")
        return next((item for item in found["items"] if item["id"] not in known), None)

    backup = await eventually(made, 90)
    assert backup["bytes"] > 1_000_000
    assert {"crm", "erp", "identity"} <= set(backup["databases"])

    async def begun() -> Any:
        return await operator.post(f"{ADMIN}/backups/{backup['id']}/verify", {})

    await eventually(begun, 30)

    async def proved() -> Any:
        return (await operator.get(f"{ADMIN}/backups/{backup['id']}"))["verified"]

    test = await eventually(proved, 120)
    assert test["holds"], test["problems"]
    assert sum(item["audit_chains"] for item in test["databases"].values()) > 0
    shown = await operator.get(f"{ADMIN}/backups")
    assert shown["recovery"]["time_seconds"] > 0
    assert shown["recovery"]["point_seconds"] < 600
    assert await refused(operator.get(f"{ADMIN}/backups/.lock")) == 404


async def test_a_stopped_cell_stays_stopped_while_the_others_work(operator: Api, tenant: Api) -> None:
    await operator.post(f"{ADMIN}/cells/erp/stop", {})
    try:

        async def stopped() -> Any:
            cells = {item["name"]: item for item in (await operator.get(f"{ADMIN}/cells"))["items"]}
            return cells["erp"]["instances"] == 0 and cells["erp"]["stopped"]

        await eventually(stopped)
        await tenant.get("/api/v1/crm/leads")
        assert await ask_as(tenant, "/api/v1/erp/items", str(uuid.uuid4())) in {502, 503}
        # The supervisor leaves it alone.
        await asyncio.sleep(3)
        assert await stopped()
    finally:
        await operator.post(f"{ADMIN}/cells/erp/start", {})
    await eventually(lambda: _serves(tenant), 40)
    assert await refused(operator.post(f"{ADMIN}/cells/nothing/stop", {})) == 404
    assert await refused(tenant.post(f"{ADMIN}/cells/crm/stop", {})) == 403


async def _serves(tenant: Api) -> bool:
    return await ask_as(tenant, "/api/v1/erp/items", str(uuid.uuid4())) == 200


async def test_a_red_light_fires_an_alert_that_ends_by_itself(operator: Api, platform: Platform) -> None:
    rules = {item["id"]: item for item in (await operator.get(f"{ADMIN}/alerts/rules"))["items"]}
    rule = rules["light-red"]
    values = {name: rule[name] for name in ("enabled", "threshold", "severity", "least_requests")}
    body = {**values, "version": rule["version"], "for_seconds": 0}
    changed = await operator.send("PUT", f"{ADMIN}/alerts/rules/light-red", body)
    pid = next(row["pid"] for row in platform.status()["processes"] if row["name"] == "crm")
    os.kill(pid, signal.SIGSTOP)
    try:

        async def firing() -> Any:
            found = await operator.get(f"{ADMIN}/alerts?state=active")
            return next(
                (item for item in found["items"] if (item["rule"], item["subject"]) == ("light-red", "crm")), None
            )

        alert = await eventually(firing, 60)
        assert alert["state"] == "firing"
        seen = await operator.post(f"{ADMIN}/alerts/{alert['id']}/acknowledge", {"note": "on it"})
        assert (seen["state"], seen["note"]) == ("acknowledged", "on it")
    finally:
        os.kill(pid, signal.SIGCONT)
        await operator.send(
            "PUT", f"{ADMIN}/alerts/rules/light-red", {**body, "version": changed["version"], "for_seconds": 30}
        )

    async def resolved() -> Any:
        found = await operator.get(f"{ADMIN}/alerts?state=resolved")
        return any(item["id"] == alert["id"] for item in found["items"])

    await eventually(resolved, 150)


async def test_the_system_page(operator: Api, tenant: Api, platform: Platform) -> None:
    system = await operator.get(f"{ADMIN}/system")
    processes = {item["name"]: item for item in system["processes"]}
    assert {"postgres", "gateway", "identity", "crm", "supervisor"} <= set(processes)
    assert processes["identity"]["pss_bytes"] > 1_000_000
    assert {item["name"] for item in system["disks"]} >= {"data", "database"}
    assert all(item["private"] for item in system["keys"])
    databases = await operator.get(f"{ADMIN}/system/databases?limit=50")
    assert {"crm", "erp", "identity"} <= {item["name"] for item in databases["databases"]}
    assert databases["statements"] or databases["statements_missing"]
    licences = {item["name"]: item for item in (await operator.get(f"{ADMIN}/system/licences"))["items"]}
    assert licences["fastapi"]["licence"]
    everything = json.dumps([system, databases])
    for path in (platform.data / "secrets").iterdir():
        assert path.read_text(encoding="utf-8").strip() not in everything, path.name
    for path in ("system", "system/databases", "system/licences", "backups", "alerts", "configuration"):
        assert await refused(tenant.get(f"{ADMIN}/{path}")) == 403, path
