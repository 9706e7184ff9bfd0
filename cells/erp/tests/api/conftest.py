"""A small trading company: what most tests of the API begin with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cellkit.testing.cells import Answer, Api


@dataclass
class Company:
    """Its master data by code, and the steps of the sales loop."""

    api: Api
    ids: dict[str, str]

    async def order(self, *lines: tuple[Any, ...], confirm: bool = True, **values: Any) -> dict[str, Any]:
        """An order of ``(item, quantity, price[, discount])`` lines."""
        body = {
            "partner_id": self.ids["ALFKI"],
            "order_date": "1996-07-04",
            "lines": [
                {"item_id": self.ids[item], "quantity": str(quantity), "price": price, "discount": discount}
                for item, quantity, price, discount in (((*line, "0")[:4]) for line in lines)
            ],
        } | values
        made = await self.api.must("POST", "/orders", body)
        return await self.act("orders", made, "confirm") if confirm else made

    async def act(self, plural: str, row: dict[str, Any], verb: str, **parameters: Any) -> dict[str, Any]:
        """An action that has to succeed; returns the row as it is afterwards."""
        await self.api.must("POST", f"/{plural}/{row['id']}/{verb}", parameters)
        return await self.read(plural, row["id"])

    async def attempt(self, plural: str, row: dict[str, Any], verb: str, **parameters: Any) -> Answer:
        """An action that may fail."""
        return await self.api.post(f"/{plural}/{row['id']}/{verb}", parameters)

    async def read(self, plural: str, key: str) -> dict[str, Any]:
        """One document."""
        return await self.api.must("GET", f"/{plural}/{key}")

    async def all(self, plural: str, **where: Any) -> list[dict[str, Any]]:
        """A list by equality."""
        answer = await self.api.get(f"/{plural}", filter=where, limit="200")
        assert answer.status == 200, answer.body
        return answer.json["items"]

    async def deliver(self, order: dict[str, Any], day: str = "1996-07-16", **parameters: Any) -> dict[str, Any]:
        """Deliver and post."""
        body = {"delivery_date": day, "post": True, **parameters}
        await self.api.must("POST", f"/orders/{order['id']}/deliver", body)
        rows = await self.all("deliveries", order_id=order["id"])
        return await self.read("deliveries", rows[0]["id"])

    async def invoice(self, delivery: dict[str, Any], day: str = "1996-07-16", **parameters: Any) -> dict[str, Any]:
        """Invoice and post."""
        made = await self.api.must(
            "POST", f"/deliveries/{delivery['id']}/invoice", {"invoice_date": day, "post": True, **parameters}
        )
        return await self.read("invoices", made["result"]["invoice_id"])

    async def limit(self, code: str, amount: str) -> None:
        """Set a customer's credit limit."""
        partner = await self.read("partners", self.ids[code])
        body = {"version": partner["version"], "credit_limit": amount}
        await self.api.must("PATCH", f"/partners/{partner['id']}", body)

    async def receive(self, *lines: tuple[str, Any, str], post: bool = True, **values: Any) -> dict[str, Any]:
        """Stock of ``(item, quantity, unit cost)`` lines."""
        body = {
            "receipt_date": "1996-07-01",
            "warehouse_id": self.ids["W1"],
            "lines": [
                {"item_id": self.ids[item], "quantity": str(quantity), "unit_cost": cost}
                for item, quantity, cost in lines
            ],
        } | values
        made = await self.api.must("POST", "/stock-receipts", body)
        return await self.act("stock-receipts", made, "post") if post else made

    async def report(self, name: str, **parameters: Any) -> dict[str, Any]:
        """A report."""
        answer = await self.api.get(f"/reports/{name}", **parameters)
        assert answer.status == 200, answer.body
        return answer.json

    async def balances(self, last: str = "1999-12") -> dict[str, str]:
        """Closing figures of the trial balance by account code, debit positive; checks that it balances."""
        report = await self.report("trial-balance", from_period="1996-01", to_period=last)
        assert report["difference"] == "0.00"
        assert report["turnover_difference"] == "0.00"
        return {
            row["code"]: row["closing_debit"] if row["closing_credit"] == "0.00" else "-" + row["closing_credit"]
            for row in report["items"]
        }


@pytest.fixture
def make_company() -> Callable[[Api], Awaitable[Company]]:
    async def make(api: Api) -> Company:
        ids = {}
        for path, body in (
            ("/warehouses", {"code": "W1", "name": "主仓", "is_default": True}),
            ("/partners", {"code": "ALFKI", "name": "Alfreds Futterkiste", "phone": "030-0074321"}),
            ("/partners", {"code": "EXOTIC", "name": "Exotic Liquids", "is_customer": False, "is_supplier": True}),
            ("/items", {"code": "CHAI", "name": "Chai 茶", "sales_price": "18"}),
            ("/items", {"code": "CHANG", "name": "Chang", "over_delivery_tolerance": "0.1"}),
            ("/items", {"code": "FREIGHT", "name": "运费", "kind": "service", "sales_price": "50"}),
        ):
            ids[body["code"]] = (await api.must("POST", path, body))["id"]
        return Company(api, ids)

    return make


@pytest.fixture
async def company(api: Api, make_company: Callable[[Api], Awaitable[Company]]) -> Company:
    return await make_company(api)


def code_of(answer: Answer) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status, answer.json["code"]


@pytest.fixture
def refused() -> Callable[[Answer], tuple[int, str]]:
    return code_of
