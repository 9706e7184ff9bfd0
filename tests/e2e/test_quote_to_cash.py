"""From a lead to the money: CRM and ERP through the gateway, by two people, with an event in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from demo.api import Api, ApiError
from tests.e2e.conftest import NewTenant
from tests.running import Platform

CRM, ERP = "/api/v1/crm", "/api/v1/erp"


async def eventually(look: Callable[[], Awaitable[Any]], seconds: float = 15.0) -> Any:
    """What ``look`` finds, as soon as it finds something."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = await look()
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline, "nothing came"
        await asyncio.sleep(0.05)


async def test_lead_to_cash(platform: Platform, new_tenant: NewTenant) -> None:
    async with Api(platform.first_login["url"]) as seller, Api(platform.first_login["url"]) as boss:
        tenant = await new_tenant(seller)
        roles = await seller.all("/api/admin/roles")
        colleague = await seller.post(
            "/api/admin/users",
            {"username": "boss", "display_name": "经理", "password": "Approve-It-2026", "role_ids": [roles[0]["id"]]},
        )
        await boss.login(tenant["code"], "boss", "Approve-It-2026")

        await seller.post(f"{ERP}/warehouses", {"code": "W1", "name": "主仓", "is_default": True})
        item = await seller.post(f"{ERP}/items", {"code": "P-1", "name": "离心泵"})
        warehouse = (await seller.get(f"{ERP}/warehouses"))["items"][0]
        stock = await seller.post(
            f"{ERP}/stock-receipts",
            {"warehouse_id": warehouse["id"], "lines": [{"item_id": item["id"], "quantity": "100", "unit_cost": "60"}]},
        )
        await seller.post(f"{ERP}/stock-receipts/{stock['id']}/post")
        product = await seller.post(
            f"{CRM}/products", {"code": "P-1", "name": "离心泵", "price": "113.00", "tax_rate": "0.13"}
        )

        lead = await seller.post(
            f"{CRM}/leads", {"name": "王工", "company": "宁波水务有限公司", "mobile": "13800138000"}
        )
        await seller.post(f"{CRM}/leads/{lead['id']}/assign", {"owner_id": colleague["id"]})
        converted = await seller.post(f"{CRM}/leads/{lead['id']}/convert", {})
        with pytest.raises(ApiError) as refused:
            await seller.post(f"{CRM}/leads/{lead['id']}/convert", {})
        assert refused.value.code in {"LEAD_ALREADY_CONVERTED", "CONFLICT"}

        quote = await seller.post(
            f"{CRM}/quotes",
            {"customer_id": converted["customer_id"], "lines": [{"product_id": product["id"], "quantity": "10"}]},
        )
        await seller.post(f"{CRM}/quotes/{quote['id']}/submit")
        await seller.post(f"{CRM}/quotes/{quote['id']}/send")
        await seller.post(f"{CRM}/quotes/{quote['id']}/accept")
        made = await seller.post(f"{CRM}/quotes/{quote['id']}/make-contract")
        contract = {"id": made["result"]["id"]}
        await seller.post(f"{CRM}/contracts/{contract['id']}/submit")
        await boss.post(f"{CRM}/contracts/{contract['id']}/approve", {"comment": "同意"})

        async def order_of_contract() -> Any:
            return (await seller.get(f"{ERP}/orders", filter={"source": f"crm/contract/{contract['id']}"}))["items"]

        orders = await eventually(order_of_contract)
        assert len(orders) == 1
        order = orders[0]
        assert Decimal(order["total"]) == Decimal("1130.00")

        async def order_number_in_crm() -> Any:
            return (await seller.get(f"{CRM}/contracts/{contract['id']}"))["erp_order_number"]

        assert await eventually(order_number_in_crm) == order["number"]

        await seller.post(f"{ERP}/orders/{order['id']}/confirm")
        delivered = await seller.post(f"{ERP}/orders/{order['id']}/deliver", {"post": True})
        invoiced = await seller.post(f"{ERP}/deliveries/{delivered['result']['delivery_id']}/invoice", {"post": True})
        invoice = await seller.get(f"{ERP}/invoices/{invoiced['result']['invoice_id']}")
        receipt = await seller.post(
            f"{ERP}/receipts", {"partner_id": invoice["partner_id"], "amount": invoice["total"]}
        )
        await seller.post(f"{ERP}/receipts/{receipt['id']}/post")
        assert (await seller.get(f"{ERP}/invoices/{invoice['id']}"))["state"] == "paid"
        trial = await seller.get(f"{ERP}/reports/trial-balance")
        assert trial["difference"] == "0.00"

        # The contract is in force only once, and the event made only one order.
        with pytest.raises(ApiError) as again:
            await boss.post(f"{CRM}/contracts/{contract['id']}/approve", {})
        assert again.value.status == 409
        assert len(await order_of_contract()) == 1


async def test_refused_contract_comes_back_as_blocked(platform: Platform, new_tenant: NewTenant) -> None:
    async with Api(platform.first_login["url"]) as seller, Api(platform.first_login["url"]) as boss:
        tenant = await new_tenant(seller)
        roles = await seller.all("/api/admin/roles")
        await seller.post(
            "/api/admin/users",
            {"username": "boss", "display_name": "经理", "password": "Approve-It-2026", "role_ids": [roles[0]["id"]]},
        )
        await boss.login(tenant["code"], "boss", "Approve-It-2026")
        product = await seller.post(f"{CRM}/products", {"code": "UNKNOWN-IN-ERP", "name": "x", "price": "1"})
        customer = await seller.post(f"{CRM}/customers", {"name": "绍兴纺织有限公司"})
        contract = await seller.post(
            f"{CRM}/contracts",
            {"name": "合同", "customer_id": customer["id"], "lines": [{"product_id": product["id"], "quantity": "1"}]},
        )
        await seller.post(f"{CRM}/contracts/{contract['id']}/submit")
        await boss.post(f"{CRM}/contracts/{contract['id']}/approve", {})

        async def blocked() -> Any:
            found = await seller.get(f"{CRM}/contracts/{contract['id']}")
            return found if found["exec_blocked"] else None

        assert "UNKNOWN-IN-ERP" in (await eventually(blocked))["block_reason"]
