"""Agent tools, driven with the protocol's official client over HTTP, in both forms of the protocol."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cellkit.mcp.tools import tools_of
from cellkit.testing import Api


async def item(api: Api, code: str = "A1", **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.must("POST", "/items", {"code": code, "name": "螺丝", **values}, 201)
    return made


async def call(client: Any, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.structured_content
    return result.structured_content


async def refused(client: Any, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert set(result.structured_content) == {"code", "message", "details", "requestId"}
    return result.structured_content


@pytest.mark.parametrize("mode", ["auto", "legacy", "2026-07-28"])
class TestBothForms:
    async def test_a_whole_piece_of_work(self, api: Api, door: Any, mode: str) -> None:
        goods = await item(api)
        async with door.open(api, mode=mode) as agent:
            assert agent.protocol_version == ("2025-11-25" if mode == "legacy" else "2026-07-28")
            names = {tool.name for tool in (await agent.list_tools()).tools}
            assert {"describe", "list_item", "read_order", "create_order", "update_order", "act_order_confirm",
                    "act_order_ship", "run_report_stock_total", "list_stock"} <= names  # fmt: skip
            assert not {"create_slip", "create_stock", "list_dictionary"} & names
            told = await call(agent, "describe", entity="order")
            assert {field["name"] for field in told["fields"]} >= {"partner", "order_date"}
            order = await call(agent, "create_order", values={
                "partner": "甲", "order_date": "2026-01-05",
                "lines": [{"item_id": goods["id"], "quantity": "2", "price": "3.5"}],
            })  # fmt: skip
            assert order["amount"] == "7.00"
            changed = await call(agent, "update_order", id=order["id"], version=1, values={"partner": "乙"})
            assert (changed["partner"], changed["version"]) == ("乙", 2)
            done = await call(agent, "act_order_confirm", id=order["id"], version=2)
            assert done["state"] == "confirmed"
            found = await call(agent, "list_order", filter={"state": "confirmed"}, limit=1, total=True)
            assert ([row["id"] for row in found["items"]], found["total"]) == ([order["id"]], 1)
            assert (await call(agent, "read_order", id=order["id"]))["lines"][0]["quantity"] == "2.000000"
            assert (await call(agent, "run_report_stock_total"))["totals"] == {"quantity": "0"}
        entries = (await api.get("/_audit", channel="mcp")).json["items"]
        assert [entry["action"].rsplit(".", 1)[1] for entry in entries] == ["confirm", "update", "create"]
        assert entries[0]["user_id"] == api.user_id
        assert (await api.get("/_audit", entity="sample.item", channel="mcp")).json["items"] == []

    async def test_refusals_are_results_in_the_contracts_shape(self, api: Api, door: Any, mode: str) -> None:
        async with door.open(api, mode=mode, language="en-US") as agent:
            wrong = await refused(agent, "create_item", values={"name": "x", "kind": "no"})
            assert wrong["code"] == "VALIDATION_FAILED"
            assert {problem["field"] for problem in wrong["details"]} == {"code", "kind"}
            assert wrong["message"].startswith("2 problem")
            gone = await refused(agent, "read_item", id="0190c3e1-0000-7000-8000-000000000000")
            assert gone["code"] == "NOT_FOUND"
            assert (await refused(agent, "read_item", id="../../orders"))["code"] == "VALIDATION_FAILED"
            for arguments in ({"limit": 51}, {"limit": 0}, {"limit": "5"}, {"color": 1}, {"filter": "x"}):
                assert (await refused(agent, "list_item", **arguments))["code"] == "VALIDATION_FAILED"
            assert (await refused(agent, "list_item", filter={"nothing": 1}))["code"] == "BAD_REQUEST"
            assert (await refused(agent, "create_item", dry_run="yes", values={}))["code"] == "VALIDATION_FAILED"
            assert (await refused(agent, "describe", entity="dictionary"))["code"] == "VALIDATION_FAILED"
            with pytest.raises(Exception, match="Unknown tool"):
                await agent.call_tool("drop_tables", {})


class TestRights:
    async def test_tools_are_those_the_caller_may_use(self, api: Api, door: Any) -> None:
        clerk = api.as_user(["sample.agents.use", "sample.item.read", "sample.order.confirm"])
        async with door.open(clerk) as agent:
            names = {tool.name for tool in (await agent.list_tools()).tools}
            assert names == {"describe", "list_item", "read_item", "act_order_confirm"}
            with pytest.raises(Exception, match="Unknown tool"):
                await agent.call_tool("create_item", {"values": {}})
            assert [one["key"] for one in (await call(agent, "describe"))["entities"]] == ["sample.item"]
        stranger = api.as_user(["sample.item.*"])
        answer = await door.post(stranger, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")

    async def test_masks_scope_tenant_and_field_rules(self, api: Api, door: Any) -> None:
        made = await item(api, phone="13812345678")
        async with door.open(api) as agent:
            assert (await call(agent, "read_item", id=made["id"]))["phone"] == "138****5678"
            hidden = api.as_user(["*"], field_rules={"sample.item.name": "read", "sample.item.phone": "hide"})
        async with door.open(hidden) as agent:
            tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
            values = tools["create_item"].input_schema["properties"]["values"]
            assert set(values["properties"]) == {"code", "kind"} | ({"extension"} & set(values["properties"]))
            assert "phone" not in await call(agent, "read_item", id=made["id"])
            assert (await refused(agent, "list_item", filter={"phone": "13812345678"}))["code"] == "BAD_REQUEST"
            told = await call(agent, "update_item", id=made["id"], version=1, values={"kind": "service"}, dry_run=True)
            assert "phone" not in told["result"]
        async with door.open(api.tenant_b) as agent:
            assert (await refused(agent, "read_item", id=made["id"]))["code"] == "NOT_FOUND"
        goods = await item(api, "A2")
        order = {
            "partner": "甲",
            "order_date": "2026-01-05",
            "lines": [{"item_id": goods["id"], "quantity": "1", "price": "1"}],
        }
        theirs = await api.must("POST", "/orders", order)
        async with door.open(api.as_user(["*"], scope="self")) as agent:
            assert (await call(agent, "list_order"))["items"] == []
            assert (await refused(agent, "act_order_confirm", id=theirs["id"]))["code"] == "NOT_FOUND"


class TestWriting:
    async def test_a_dry_run_tells_and_changes_nothing(self, api: Api, door: Any) -> None:
        goods = await item(api)
        receipt = await api.must("POST", "/receipts", {"item_id": goods["id"], "quantity": "5"})
        before = len((await api.get("/_audit")).json["items"])
        async with door.open(api) as agent:
            told = await call(agent, "act_receipt_post", id=receipt["id"], dry_run=True, request_id="once")
            assert told["result"]["state"] == "posted"
            assert {"action", "entity", "id", "before", "after"} == set(told["changes"][0])
            assert told["changes"][0]["after"] == {"state": "posted"}
            order = {
                "partner": "甲",
                "order_date": "2026-01-05",
                "lines": [{"item_id": goods["id"], "quantity": "1", "price": "1"}],
            }
            told = await call(agent, "create_order", values=order, dry_run=True)
            assert (told["events"], told["changes"][0]["before"]) == (["sample.order.created.v1"], None)
            wrong = await refused(agent, "create_order", dry_run=True, values={
                **order, "lines": [{"item_id": receipt["id"], "quantity": "1", "price": "1"}],
            })  # fmt: skip
            assert wrong["code"] == "VALIDATION_FAILED"
            await call(agent, "update_item", id=goods["id"], version=1, values={"name": "螺母"}, dry_run=True)
            assert (await api.get("/orders")).json["items"] == []
            assert (await api.get("/stock")).json["items"] == []
            assert (await api.get(f"/receipts/{receipt['id']}")).json["state"] == "draft"
            assert (await api.get(f"/items/{goods['id']}")).json["name"] == "螺丝"
            assert len((await api.get("/_audit")).json["items"]) == before
            # The same id then does it for good: a dry run is no first answer.
            done = await call(agent, "act_receipt_post", id=receipt["id"], request_id="once")
            assert done["state"] == "posted"
        assert (await api.get("/stock")).json["items"][0]["quantity"] == "5.000000"

    async def test_a_dry_run_of_gapless_numbers_leaves_no_gap(self, api: Api, door: Any) -> None:
        goods = await item(api)
        receipt = await api.must("POST", "/receipts", {"item_id": goods["id"], "quantity": "5"})
        await api.must("POST", f"/receipts/{receipt['id']}/post")
        line = {"item_id": goods["id"], "quantity": "1", "price": "1"}
        order = await api.must("POST", "/orders", {"partner": "甲", "order_date": "2026-01-05", "lines": [line]})
        await api.must("POST", f"/orders/{order['id']}/confirm")
        async with door.open(api) as agent:
            for _ in range(2):
                told = await call(agent, "act_order_ship", id=order["id"], dry_run=True)
                assert told["result"]["result"]["slip_number"].endswith("00001")
            done = await call(agent, "act_order_ship", id=order["id"])
        assert done["result"]["slip_number"].endswith("00001")

    async def test_the_same_request_id_acts_once(self, api: Api, door: Any) -> None:
        async with door.open(api) as agent:
            values = {"code": "B1", "name": "螺母"}
            first, again = await asyncio.gather(
                call(agent, "create_item", values=values, request_id="r-1"),
                call(agent, "create_item", values=values, request_id="r-1"),
            )
            assert first["id"] == again["id"]
            other = await refused(agent, "create_item", values={**values, "name": "x"}, request_id="r-1")
            assert other["code"] == "IDEMPOTENT_CONFLICT"
            assert (await refused(agent, "create_item", values=values, request_id="a b"))["code"] == "VALIDATION_FAILED"
            assert len((await call(agent, "list_item"))["items"]) == 1


class TestProtocol:
    async def test_what_is_no_message_is_refused(self, api: Api, door: Any) -> None:
        for body in (
            b"{", [], {"id": 1}, {"jsonrpc": "2.0", "id": True, "method": "ping"}, {"jsonrpc": "1.0", "method": "ping"},
            {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": []},
        ):  # fmt: skip
            answer = await door.post(api, body)
            assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST"), body
        for message, status, code in (
            ({"method": "nothing"}, 200, -32601),
            ({"method": "tools/list", "params": {"cursor": "x"}}, 200, -32602),
            ({"method": "server/discover"}, 400, -32602),
        ):
            answer = await door.post(api, {"jsonrpc": "2.0", "id": 1, **message})
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), message
        ping = await door.post(api, {"jsonrpc": "2.0", "id": "p", "method": "ping"})
        assert ping.json() == {"jsonrpc": "2.0", "id": "p", "result": {}}
        note = await door.post(api, {"jsonrpc": "2.0", "method": "notifications/initialized"})
        assert (note.status_code, note.content) == (202, b"")
        old = await door.post(
            api, {"jsonrpc": "2.0", "id": 1, "method": "ping"}, **{"MCP-Protocol-Version": "1999-01-01"}
        )
        assert old.status_code == 400
        assert (await api.get("/_mcp")).json["code"] == "METHOD_NOT_ALLOWED"
        assert (await door.post(api, b" " * 1_100_000)).json()["code"] == "PAYLOAD_TOO_LARGE"

    async def test_a_modern_request_must_agree_with_its_headers(self, api: Api, door: Any) -> None:
        key = "io.modelcontextprotocol/"
        meta = {f"{key}protocolVersion": "2026-07-28", f"{key}clientCapabilities": {}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
        good = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"}
        result = (await door.post(api, body, **good)).json()["result"]
        assert (result["resultType"], result["cacheScope"]) == ("complete", "private")
        wrong = await door.post(api, body, **{**good, "Mcp-Method": "tools/call"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, -32020)
        later = {**body, "params": {"_meta": {**meta, f"{key}protocolVersion": "2030-01-01"}}}
        answer = await door.post(api, later, **{**good, "MCP-Protocol-Version": "2030-01-01"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32022)
        assert answer.json()["error"]["data"]["supported"] == ["2026-07-28"]

    async def test_names_are_unique_and_legal(self, api: Api, cell: Any) -> None:
        role = await api.app.engine.roles.get(api.tenant_id, api.user_id)
        tools = tools_of(cell, api.app.engine, role)
        assert all(name.replace("_", "").isalnum() and len(name) <= 64 for name in tools)
        assert all(tool.shown("zh-CN")["description"] and tool.shown("en")["title"] for tool in tools.values())
