"""Wrong input through the gateway: each a clear 4xx in the contract's shape, and nothing written."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest_asyncio

from demo.api import Api
from tests.e2e.conftest import NewTenant
from tests.running import Platform

ERP = "/api/v1/erp"


@pytest_asyncio.fixture
async def api(platform: Platform, new_tenant: NewTenant) -> AsyncIterator[Api]:
    async with Api(platform.first_login["url"]) as client:
        await new_tenant(client)
        yield client


async def send(api: Api, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """One raw request; returns status and JSON."""
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    sent = {"Authorization": f"Bearer {api.token}", "X-Tenant-Id": api.tenant_id, "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, api.url + path, data=data, headers={k: v for k, v in sent.items() if v}) as answer,
    ):
        return answer.status, await answer.json()


def is_error(answer: tuple[int, Any], status: int, code: str) -> None:
    assert answer[0] == status, answer
    assert set(answer[1]) == {"code", "message", "details", "requestId"}
    assert answer[1]["code"] == code, answer
    assert answer[1]["requestId"]


async def order_body(api: Api) -> dict[str, Any]:
    item = await api.post(f"{ERP}/items", {"code": uuid.uuid4().hex[:8], "name": "x"})
    partner = await api.post(f"{ERP}/partners", {"code": uuid.uuid4().hex[:8], "name": "y"})
    line = {"item_id": item["id"], "quantity": "1", "price": "2"}
    return {"partner_id": partner["id"], "order_date": "2026-01-05", "lines": [line]}


async def test_fields(api: Api) -> None:
    body = await order_body(api)
    is_error(await send(api, "POST", f"{ERP}/orders", {**body, "colour": "red"}), 422, "VALIDATION_FAILED")
    is_error(await send(api, "POST", f"{ERP}/orders", {**body, "order_date": 5}), 422, "VALIDATION_FAILED")
    is_error(await send(api, "POST", f"{ERP}/orders", {**body, "note": "x" * 100_000}), 422, "VALIDATION_FAILED")
    is_error(
        await send(api, "POST", f"{ERP}/orders", {**body, "note": "x" * (10 * 1024 * 1024)}), 413, "PAYLOAD_TOO_LARGE"
    )
    lines = [{**body["lines"][0], "quantity": "-1"}]
    answer = await send(api, "POST", f"{ERP}/orders", {**body, "lines": lines})
    is_error(answer, 422, "VALIDATION_FAILED")
    assert answer[1]["details"][0]["field"] == "lines[0].quantity"
    is_error(await send(api, "POST", f"{ERP}/orders", b"{"), 400, "BAD_REQUEST")
    assert (await api.get(f"{ERP}/orders", total="true"))["total"] == 0


async def test_version_and_state(api: Api) -> None:
    order = await api.post(f"{ERP}/orders", await order_body(api))
    place = f"{ERP}/orders/{order['id']}"
    await api.send("PATCH", place, {"version": 1, "note": "a"})
    is_error(await send(api, "PATCH", place, {"version": 1, "note": "b"}), 409, "CONFLICT")
    is_error(await send(api, "POST", f"{place}/close", {}), 409, "CONFLICT")
    assert (await api.get(place))["note"] == "a"


async def test_replay_with_another_body(api: Api) -> None:
    first = await api.post(f"{ERP}/warehouses", {"code": "A", "name": "a"}, request_id="replay-1")
    again = await api.post(f"{ERP}/warehouses", {"code": "A", "name": "a"}, request_id="replay-1")
    assert again == first
    answer = await send(api, "POST", f"{ERP}/warehouses", {"code": "B", "name": "b"}, X_Request_ID="replay-1")
    is_error(answer, 409, "IDEMPOTENT_CONFLICT")
    assert (await api.get(f"{ERP}/warehouses", total="true"))["total"] == 1


async def test_tenants(api: Api, platform: Platform, new_tenant: NewTenant) -> None:
    order = await api.post(f"{ERP}/orders", await order_body(api))
    async with Api(platform.first_login["url"]) as other:
        await new_tenant(other)
        is_error(await send(other, "GET", f"{ERP}/orders/{order['id']}"), 404, "NOT_FOUND")
        forged = await send(other, "GET", f"{ERP}/orders/{order['id']}", X_Tenant_Id=api.tenant_id)
        is_error(forged, 403, "FORBIDDEN")
        seen = await send(other, "GET", f"{ERP}/orders", X_User_Id=order["owner_id"], X_Gateway_Signature="v1=00")
        assert seen[0] == 200
        assert seen[1]["items"] == []
    is_error(await send(api, "GET", f"{ERP}/orders", X_Tenant_Id=""), 400, "MISSING_TENANT_ID")
    is_error(await send(api, "GET", f"{ERP}/orders", Authorization="Bearer x.y.z"), 401, "UNAUTHORIZED")
    is_error(await send(api, "GET", "/api/v1/nosuch/things"), 503, "CELL_NOT_FOUND")


async def test_broken_row_700(api: Api) -> None:
    rows = ["code,name"] + [f"C{index:04},单位 {index}" for index in range(2, 1001)]
    rows[699] = "C0700,"  # the header is row 1
    answer = await send(
        api, "POST", f"{ERP}/imports/partners?mode=all", "\n".join(rows).encode(), Content_Type="text/csv"
    )
    is_error(answer, 422, "VALIDATION_FAILED")
    assert [(item["row"], item["rule"]) for item in answer[1]["details"]] == [(700, "required")]
    assert (await api.get(f"{ERP}/partners", total="true"))["total"] == 0
