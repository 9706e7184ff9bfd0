"""What is measured: requests of the public API on a filled tenant."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import asyncpg

from demo.api import Api
from tests.load.client import Maker, request_bytes

ERP, CRM = "/api/v1/erp", "/api/v1/crm"
ITEMS, PARTNERS, LINES = 100, 200, 5
DAY = "2026-01-15"


@dataclass(slots=True)
class Tenant:
    """A tenant with master data and stock, and the login that measures it."""

    id: str
    token: str
    warehouse: str
    items: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        """Headers of a request by its administrator."""
        return {"Authorization": f"Bearer {self.token}", "X-Tenant-Id": self.id}

    def request(self, method: str, target: str, body: Any = None) -> bytes:
        """A request; writes carry an id of their own."""
        headers = self.headers()
        if method != "GET":
            headers["X-Request-ID"] = str(uuid.uuid4())
        return request_bytes(method, target, headers, b"" if body is None else json.dumps(body).encode())


async def prepare(api: Api) -> Tenant:
    """Master data by import, and stock that no run empties."""
    warehouse = await api.post(f"{ERP}/warehouses", {"code": "B1", "name": "Bench", "is_default": True})
    items = [{"code": f"I{index:04}", "name": f"物料 {index}", "sales_price": "9.50"} for index in range(ITEMS)]
    partners = [{"code": f"P{index:04}", "name": f"客户 {index}", "is_customer": "1"} for index in range(PARTNERS)]
    await import_rows(api, f"{ERP}/imports/items", items)
    await import_rows(api, f"{ERP}/imports/partners", partners)
    tenant = Tenant(api.tenant_id, api.token, warehouse["id"])
    tenant.items = [row["id"] for row in await api.all(f"{ERP}/items")]
    tenant.partners = [row["id"] for row in await api.all(f"{ERP}/partners")]
    lines = [{"item_id": item, "quantity": "100000000", "unit_cost": "5"} for item in tenant.items]
    receipt = await api.post(
        f"{ERP}/stock-receipts", {"warehouse_id": tenant.warehouse, "receipt_date": "2026-01-01", "lines": lines}
    )
    await api.post(f"{ERP}/stock-receipts/{receipt['id']}/post")
    return tenant


async def import_rows(api: Api, path: str, rows: list[dict[str, str]]) -> Any:
    """Import rows as CSV."""
    return await api.send("POST", f"{path}?mode=all", as_csv(rows), content_type="text/csv; charset=utf-8")


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """Rows as a CSV file."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def order_body(tenant: Tenant, choose: random.Random) -> dict[str, Any]:
    """An order with five lines."""
    return {
        "partner_id": choose.choice(tenant.partners),
        "order_date": DAY,
        "warehouse_id": tenant.warehouse,
        "lines": [
            {
                "item_id": item,
                "quantity": str(choose.randint(1, 20)),
                "price": "9.50",
                "discount": "0.05",
                "tax_rate": "0.13",
            }
            for item in choose.sample(tenant.items, LINES)
        ],
    }


def creating(tenant: Tenant, more: dict[str, Any] | None = None) -> Maker:
    """Requests that create orders, without end; ``more``: further fields of each."""
    choose = random.Random(7)
    return lambda: tenant.request("POST", f"{ERP}/orders", order_body(tenant, choose) | (more or {}))


async def add_custom_fields(api: Api) -> dict[str, Any]:
    """Give orders fields of the tenant's own; answers values for them."""
    kinds: list[tuple[dict[str, Any], Any]] = [
        ({"kind": "text", "in_search": True}, "二期厂房"),
        ({"kind": "choice", "choices": [{"value": "a", "zh": "甲", "en": "A"}], "in_list": True}, "a"),
        ({"kind": "money", "currency": "CNY"}, "1200.50"),
        ({"kind": "date"}, DAY),
    ]
    values = {}
    for index, (kind, value) in enumerate(kinds):
        field_name = f"x_bench_{index}"
        labels = {"label_zh": f"自定义 {index}", "label_en": f"Custom {index}"}
        await api.post(f"{ERP}/custom-fields", {"entity": "erp.order", "name": field_name, **labels, **kind})
        values[field_name] = value
    return values


def reading(tenant: Tenant, orders: list[str]) -> Maker:
    """Requests that read one order."""
    endless = itertools.cycle(orders)
    return lambda: tenant.request("GET", f"{ERP}/orders/{next(endless)}")


def listing(tenant: Tenant) -> Maker:
    """Requests that list the newest 20 orders."""
    request = tenant.request("GET", f"{ERP}/orders?limit=20")
    return lambda: request


def searching(tenant: Tenant) -> Maker:
    """Requests that look for a customer by a fragment of its name."""
    choose = random.Random(9)
    return lambda: tenant.request("GET", f"{CRM}/customers?q={quote(f'公司{choose.randint(1000, 9999)}')}")


def acting(tenant: Tenant, target: str, keys: list[str], body: dict[str, Any]) -> Maker:
    """One action on each of ``keys``; ``target`` has a place ``{key}``."""
    waiting: Iterator[str] = iter(keys)

    def make() -> bytes | None:
        key = next(waiting, None)
        return None if key is None else tenant.request("POST", target.format(key=key), body)

    return make


def customers(count: int) -> list[dict[str, str]]:
    """Customers as the import takes them; mobile and e-mail are encrypted at rest."""
    return [
        {
            "name": f"杭州第{index}号贸易有限公司{index:05}",
            "level": "ABC"[index % 3],
            "industry": "批发零售",
            "channel": "展会",
            "area": "浙江",
            "phone": f"138{index:08}",
            "email": f"c{index}@example.com",
            "website": f"https://c{index}.example.com",
            "address": f"文一西路 {index} 号",
            "remark": "批量导入",
        }
        for index in range(count)
    ]


async def fill_orders(owner: asyncpg.Connection[Any], tenant: Tenant, count: int) -> None:
    """Copy the newest order until there are ``count`` copies: what lists are measured on need not come by HTTP."""
    columns = [
        row["column_name"]
        for row in await owner.fetch(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'erp_order' ORDER BY ordinal_position"
        )
    ]
    special = {"id": "gen_random_uuid()", "number": "'F' || n", "reference": "NULL", "search_text": "'f' || n"}
    values = ", ".join(special.get(name, f'o."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    filled = await owner.fetchval(
        "SELECT count(*) FROM erp_order WHERE tenant_id = $1 AND number LIKE 'F%'", uuid.UUID(tenant.id)
    )
    await owner.execute(
        f"INSERT INTO erp_order ({names}) SELECT {values} FROM generate_series({int(filled) + 1}, {int(count)}) n, "
        "(SELECT * FROM erp_order WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1) o",
        uuid.UUID(tenant.id),
    )
    await owner.execute("ANALYZE erp_order")
