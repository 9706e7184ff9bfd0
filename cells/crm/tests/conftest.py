"""Fixtures of the CRM's tests: the cell on a real PostgreSQL, and the steps that many tests begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from cellkit.testing import cell_fixtures
from cellkit.testing.cells import Answer, Api

globals().update(cell_fixtures("cell_crm.app:cell"))


@dataclass(slots=True)
class Steps:
    """Business steps of a tenant; ``boss`` is another person, who approves."""

    api: Api
    boss: Api
    count: int = 0

    async def product(self, **values: Any) -> Any:
        self.count += 1
        body = {"code": f"P{self.count}", "name": f"产品{self.count}", "price": "100.00", **values}
        return await self.api.must("POST", "/products", body, 201)

    async def customer(self, **values: Any) -> Any:
        self.count += 1
        return await self.api.must("POST", "/customers", {"name": f"客户{self.count}", **values}, 201)

    async def opportunity(self, **values: Any) -> Any:
        if "customer_id" not in values:
            values["customer_id"] = (await self.customer())["id"]
        return await self.api.must("POST", "/opportunities", {"name": "商机", **values}, 201)

    async def quote(self, *, discount: str = "0", quantity: str = "10", **values: Any) -> Any:
        if "customer_id" not in values:
            values["customer_id"] = (await self.customer())["id"]
        product = await self.product()
        line = {"product_id": product["id"], "quantity": quantity, "discount": discount}
        return await self.api.must("POST", "/quotes", {"lines": [line], **values}, 201)

    async def contract(self, *, effective: bool = True, quantity: str = "10", **values: Any) -> Any:
        """A contract over quantity × 100.00, in force unless told otherwise."""
        if "customer_id" not in values:
            values["customer_id"] = (await self.customer())["id"]
        if "lines" not in values:
            product = await self.product()
            values["lines"] = [{"product_id": product["id"], "quantity": quantity, "due_date": "2027-03-01"}]
        made = await self.api.must("POST", "/contracts", {"name": "合同", **values}, 201)
        return await self.in_force(made["id"]) if effective else made

    async def in_force(self, key: str) -> Any:
        await self.api.must("POST", f"/contracts/{key}/submit")
        return await self.boss.must("POST", f"/contracts/{key}/approve", {"comment": "同意"})

    async def planned(self, instalments: int = 2, first: str = "2026-12-31", **values: Any) -> Any:
        """A contract in force with equal instalments."""
        contract = await self.contract(**values)
        await self.api.must(
            "POST",
            f"/contracts/{contract['id']}/plan-instalments",
            {"instalments": instalments, "first_due_date": first},
        )
        return contract

    async def plans(self, contract_id: str) -> list[Any]:
        found = await self.api.get("/receivable-plans", filter={"contract_id": contract_id}, sort="due_date")
        return found.json["items"]  # type: ignore[no-any-return]

    async def receipt(self, contract_id: str, amount: str, *, approved: bool = True, **values: Any) -> Any:
        body = {"contract_id": contract_id, "amount": amount, **values}
        made = await self.api.must("POST", "/receipts", body, 201)
        if not approved:
            return made
        await self.api.must("POST", f"/receipts/{made['id']}/submit")
        return await self.boss.must("POST", f"/receipts/{made['id']}/approve")

    @staticmethod
    def refused(answer: Answer, code: str, status: int = 422) -> Any:
        """The answer refuses with this code; gives its details."""
        assert (answer.status, answer.json["code"]) == (status, code), answer.body.decode()
        return answer.json["details"]


@pytest.fixture
def steps(api: Api) -> Steps:
    return Steps(api, api.as_user())
