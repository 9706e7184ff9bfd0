"""Orders with known figures."""

from __future__ import annotations

import uuid
from typing import Any

from cellkit.testing import Api


def order(
    who: str | None, day: str | None, amount: str | None, state: str, *lines: tuple[str, str], **more: Any
) -> Any:
    """The body of an order, the customer by name, with the state it is brought to."""
    grid = [{"item": item, "quantity": quantity} for item, quantity in lines]
    return {"who": who, "order_date": day, "amount": amount, "state": state, "lines": grid, "margin": "1.00", **more}


ORDERS: list[dict[str, Any]] = [
    order("甲", "2026-01-05", "100.10", "open", ("螺丝", "10"), ("螺母", "5"), pieces=1, kind="retail", city="上海"),
    order("甲", "2026-01-20", "200.20", "done", ("螺丝", "7"), pieces=2, kind="project", city="北京"),
    order("甲", "2026-02-11", "0.05", "open", pieces=3, city=""),
    order("乙", "2026-01-07", "1000.00", "draft", ("垫片", "1.5"), pieces=10, kind="retail", city="上海"),
    order("乙", "2026-02-28", "33.33", "open", ("螺丝", "0.25"), kind="retail"),
    order(None, None, None, "open", pieces=4, kind="project", city="北京"),
]


async def partner(api: Api, name: str, **values: Any) -> str:
    made = await api.must("POST", "/partners", {"code": uuid.uuid4().hex[:10], "name": name, **values})
    return made["id"]


async def fill(api: Api) -> dict[str, str]:
    """Make the orders; gives the ids of the customers."""
    ids = {name: await partner(api, name) for name in ("甲", "乙")}
    for one in ORDERS:
        body = {key: value for key, value in one.items() if key not in ("who", "state")}
        body["partner_id"] = ids.get(one["who"])
        made = await api.must("POST", "/orders", body)
        for verb in {"draft": [], "open": ["open"], "done": ["open", "finish"]}[one["state"]]:
            await api.must("POST", f"/orders/{made['id']}/{verb}", {})
    return ids


async def run(api: Api, given: dict[str, Any] | None = None, **definition: Any) -> Any:
    """Run a definition over orders."""
    body = {"definition": {"entity": "desk.order", **definition}, "parameters": given or {}}
    return await api.must("POST", "/_reports/run", body)


def table(result: Any, measure: str) -> dict[tuple[str, ...], Any]:
    """Labels of rows and, behind a bar, of columns → figure."""
    found = {}
    for item in result["items"]:
        across = ("|", *item["column_labels"]) if item["column_labels"] else ()
        found[*item["row_labels"], *across] = item["values"][measure]
    return found


async def listed(api: Api, where: dict[str, Any], plural: str = "orders") -> int:
    """How many rows the list gives for a cell's filter."""
    answer = await api.get(f"/{plural}", filter=where, total="true")
    assert answer.status == 200, answer.body
    return answer.json["total"]
