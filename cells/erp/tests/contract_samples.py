"""Examples for the platform's contract tests: what the declarations cannot tell."""

from __future__ import annotations

import itertools
from typing import Any

_serial = itertools.count()
_warehouses: dict[str, str] = {}
_FIRST_PERIOD = "1990-01"


def _month(number: int) -> str:
    return f"{2001 + number // 12}-{number % 12 + 1:02}"


def sample(key: str, references: dict[str, str]) -> dict[str, Any]:
    """Fields to lay over the generic body."""
    number = next(_serial)
    account, item = references.get("erp.account"), references.get("erp.item")
    values: dict[str, dict[str, Any]] = {
        "erp.order": {"lines": [{"item_id": item, "quantity": "1", "price": "10"}]},
        "erp.voucher": {
            "lines": [{"account_id": account, "debit": "1.00"}, {"account_id": account, "credit": "1.00"}],
        },
        # What comes in waits to be allocated by hand, so that the actions for it have something to do.
        "erp.receipt": {"allocation": "none"},
        "erp.period": {"code": _month(number)},
        "erp.book": {"code": f"book{number}"},
        "erp.account_mapping": {"valid_from": f"{2100 + number % 7000}-01-01"},
    }
    return values.get(key, {})


async def set_up(api: Any) -> None:
    """The earliest period, so that closing it waits for nothing else."""
    await api.must("POST", "/periods", {"code": _FIRST_PERIOD})


def parameters(key: str, verb: str, row: dict[str, Any]) -> dict[str, Any]:
    """Parameters of an action."""
    warehouse = _warehouses.get(row["id"])
    return {"warehouse_id": warehouse} if warehouse and (key, verb) == ("erp.order", "deliver") else {}


async def _stock(api: Any, samples: Any) -> None:
    line = {"item_id": await samples.reference("erp.item"), "quantity": "10", "unit_cost": "5"}
    warehouse = await samples.reference("erp.warehouse")
    made = await api.must("POST", "/stock-receipts", {"warehouse_id": warehouse, "lines": [line]})
    await api.must("POST", f"/stock-receipts/{made['id']}/post", {})


async def _order(api: Any, samples: Any) -> dict[str, Any]:
    """A confirmed order with stock to ship it."""
    await _stock(api, samples)
    made = await samples.make(samples.table("erp.order"))
    return dict(await api.must("POST", f"/orders/{made['id']}/confirm", {}))


async def _delivery(api: Any, samples: Any) -> dict[str, Any]:
    """A posted delivery."""
    made = await api.must("POST", "/deliveries", await body("erp.delivery", api, samples))
    return dict(await api.must("POST", f"/deliveries/{made['id']}/post", {}))


async def _invoice(api: Any, samples: Any) -> dict[str, Any]:
    """A posted invoice."""
    made = await api.must("POST", "/invoices", await body("erp.invoice", api, samples))
    return dict(await api.must("POST", f"/invoices/{made['id']}/post", {}))


async def body(key: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """A body that needs rows in a certain state."""
    if key == "erp.delivery":
        order = await _order(api, samples)
        lines = [{"order_line_id": line["id"], "quantity": line["quantity"]} for line in order["lines"]]
        return {"order_id": order["id"], "warehouse_id": await samples.reference("erp.warehouse"), "lines": lines}
    if key == "erp.invoice":
        delivery = await _delivery(api, samples)
        lines = [
            {"delivery_id": delivery["id"], "delivery_line_id": line["id"], "quantity": line["quantity"]}
            for line in delivery["lines"]
        ]
        return {"partner_id": delivery["partner_id"], "lines": lines}
    return None


async def _period(verb: str, api: Any) -> dict[str, Any]:
    """The earliest period in the state that the action starts from."""
    found = await api.get("/periods", filter={"code": _FIRST_PERIOD})
    row = dict(found.json["items"][0])
    ways = {
        "close-stock": {"open": [], "stock_closed": ["reopen-stock"], "gl_closed": ["reopen-gl", "reopen-stock"]},
        "close-gl": {"open": ["close-stock"], "stock_closed": [], "gl_closed": ["reopen-gl"]},
        "reopen-gl": {"open": ["close-stock", "close-gl"], "stock_closed": ["close-gl"], "gl_closed": []},
        "reopen-stock": {"open": ["close-stock"], "stock_closed": [], "gl_closed": ["reopen-gl"]},
    }
    for step in ways[verb][row["state"]]:
        parameters = {"reason": "x"} if step.startswith("reopen") else {}
        row = dict(await api.must("POST", f"/periods/{row['id']}/{step}", parameters))
    return row


async def ready(key: str, verb: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """A row on which the action may run, where the states do not tell enough."""
    if key == "erp.period":
        return await _period(verb, api)
    if key == "erp.voucher":
        # Whoever made a voucher does not review it.
        row = await samples.as_api(api.as_user()).make(samples.table(key))
        for step in {"unreview": ["review"], "post": ["review"], "reverse": ["review", "post"]}.get(verb, []):
            row = dict(await api.must("POST", f"/vouchers/{row['id']}/{step}", {}))
        return dict(row)
    if (key, verb) == ("erp.order", "deliver"):
        row = await _order(api, samples)
        _warehouses[row["id"]] = await samples.reference("erp.warehouse")
        return row
    if (key, verb) == ("erp.order", "close"):
        invoice = await _invoice(api, samples)
        delivery = await api.must("GET", f"/deliveries/{invoice['lines'][0]['delivery_id']}")
        return dict(await api.must("GET", f"/orders/{delivery['order_id']}"))
    if (key, verb) in {("erp.receipt", "allocate"), ("erp.receipt", "unallocate")}:
        await _invoice(api, samples)
        row = await samples.make(samples.table(key))
        for step in ["post", "allocate"] if verb == "unallocate" else ["post"]:
            row = dict(await api.must("POST", f"/receipts/{row['id']}/{step}", {}))
        return dict(row)
    return None
