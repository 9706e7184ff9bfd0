"""Load Northwind: import, confirm, deliver, invoice, receive.

Each step looks at what is there, so that it may be repeated.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from demo.api import Api
from demo.northwind import source
from demo.northwind.source import Northwind

ERP = "/api/v1/erp"
WORKERS = 8
PAID_YEARS = ("1996", "1997")
_T = TypeVar("_T")
Progress = Callable[[str], None]


async def load(api: Api, data: Northwind, progress: Progress) -> dict[str, Any]:
    """Bring the tenant to the state after the trading years, and return the figures."""
    await _ensure_warehouse(api)
    await _import(api, "partners", source.partners(data), "code", progress)
    await _import(api, "items", source.items(data), "code", progress)
    await _import(api, "stock-receipts", source.opening_stock(data), "reference", progress)
    await _post_opening(api)
    await _import(api, "orders", source.orders(data), "reference", progress)
    await _confirm(api, progress)
    await _deliver(api, data, progress)
    await _invoice(api, progress)
    await _receive(api, progress)
    return await figures(api, data)


async def _ensure_warehouse(api: Api) -> None:
    known = await api.get(f"{ERP}/warehouses", filter={"code": source.WAREHOUSE})
    if not known["items"]:
        await api.post(f"{ERP}/warehouses", {"code": source.WAREHOUSE, "name": "Northwind", "is_default": True})


async def _import(api: Api, plural: str, rows: Sequence[Mapping[str, str]], key: str, progress: Progress) -> None:
    known = {row[key] for row in await api.all(f"{ERP}/{plural}")}
    missing = {row[key] for row in rows} - known
    if missing:
        body = source.as_csv(rows, missing, key)
        report = await api.send(
            "POST", f"{ERP}/imports/{plural}?mode=all", body, content_type="text/csv; charset=utf-8"
        )
        progress(f"{plural}: {report['created']}")


async def _post_opening(api: Api) -> None:
    receipts = await api.get(f"{ERP}/stock-receipts", filter={"reference": "NW-OPENING"})
    receipt = receipts["items"][0]
    if receipt["state"] == "draft":
        await api.post(f"{ERP}/stock-receipts/{receipt['id']}/post")


async def _confirm(api: Api, progress: Progress) -> None:
    drafts = await api.all(f"{ERP}/orders", filter={"state": "draft"})
    await _each(
        sorted(drafts, key=lambda row: row["order_date"]), lambda row: api.post(f"{ERP}/orders/{row['id']}/confirm")
    )
    progress(f"confirmed: {len(drafts)}")


async def _deliver(api: Api, data: Northwind, progress: Progress) -> None:
    waiting = {row["reference"]: row for row in await api.all(f"{ERP}/orders", filter={"state": "confirmed"})}
    # A load that was cut may have left a delivery that is made but not posted.
    for draft in await api.all(f"{ERP}/deliveries", filter={"state": "draft"}):
        await api.post(f"{ERP}/deliveries/{draft['id']}/post")
    shipped = [order for order in data.shipped if source.order_reference(order["order_id"]) in waiting]

    async def deliver(order: dict[str, str]) -> None:
        row = waiting[source.order_reference(order["order_id"])]
        await api.post(f"{ERP}/orders/{row['id']}/deliver", {"delivery_date": order["shipped_date"], "post": True})

    await _each(shipped, deliver)
    progress(f"delivered: {len(shipped)}")


async def _invoice(api: Api, progress: Progress) -> None:
    for draft in await api.all(f"{ERP}/invoices", filter={"state": "draft"}):
        await api.post(f"{ERP}/invoices/{draft['id']}/post")
    open_orders = {row["id"] for row in await api.all(f"{ERP}/orders", filter={"state": "shipped"})}
    deliveries = [
        row for row in await api.all(f"{ERP}/deliveries", filter={"state": "posted"}) if row["order_id"] in open_orders
    ]

    async def invoice(delivery: dict[str, Any]) -> None:
        body = {"invoice_date": delivery["delivery_date"], "post": True}
        await api.post(f"{ERP}/deliveries/{delivery['id']}/invoice", body)

    await _each(sorted(deliveries, key=lambda row: row["delivery_date"]), invoice)
    progress(f"invoiced: {len(deliveries)}")


async def _receive(api: Api, progress: Progress) -> None:
    known = {row["reference"]: row for row in await api.all(f"{ERP}/receipts")}
    invoices = [row for row in await api.all(f"{ERP}/invoices") if row["invoice_date"][:4] in PAID_YEARS]
    by_partner: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for invoice in invoices:
        if invoice["state"] != "reversed":
            by_partner[invoice["partner_id"]].append(invoice)

    async def receive(invoice: dict[str, Any]) -> None:
        reference = f"NW-PAY-{invoice['number']}"
        receipt = known.get(reference)
        if receipt is None:
            receipt = await api.post(
                f"{ERP}/receipts",
                {
                    "partner_id": invoice["partner_id"],
                    "receipt_date": invoice["due_date"],
                    "amount": invoice["total"],
                    "reference": reference,
                    "allocation": "chosen",
                    "allocations": [{"invoice_id": invoice["id"], "amount": invoice["total"]}],
                },
            )
        if receipt["state"] == "draft":
            await api.post(f"{ERP}/receipts/{receipt['id']}/post")

    async def receive_of_one_partner(rows: list[dict[str, Any]]) -> None:
        for invoice in sorted(rows, key=lambda row: (row["invoice_date"], row["number"])):
            await receive(invoice)

    await _each(list(by_partner.values()), receive_of_one_partner)
    progress(f"received: {len(invoices)}")


async def figures(api: Api, data: Northwind) -> dict[str, Any]:
    """What the books say now, read from the API alone."""
    orders = await api.all(f"{ERP}/orders")
    invoices = [row for row in await api.all(f"{ERP}/invoices") if row["state"] in ("posted", "part_paid", "paid")]
    receipts = [row for row in await api.all(f"{ERP}/receipts") if row["state"] == "posted"]
    partners = {row["id"]: row for row in await api.all(f"{ERP}/partners")}
    trial = await api.get(f"{ERP}/reports/trial-balance", from_period="1996-01", to_period="1998-12")
    by_customer: dict[str, Decimal] = defaultdict(Decimal)
    for row in orders:
        by_customer[row["partner_id"]] += Decimal(row["total"])
    top = sorted(by_customer.items(), key=lambda pair: pair[1], reverse=True)[:3]
    invoiced, received = _total(row["total"] for row in invoices), _total(row["amount"] for row in receipts)
    return {
        "orders": len(orders),
        "order_value": str(_total(row["total"] for row in orders)),
        "invoices": len(invoices),
        "invoiced": str(invoiced),
        "received": str(received),
        "ar_open": str(invoiced - received),
        "trial_balance_difference": trial["difference"],
        "stock_difference": _plain(await _stock_difference(api, data)),
        "top_customers": [{"name": partners[key]["name"], "value": str(value)} for key, value in top],
    }


async def _stock_difference(api: Api, data: Northwind) -> Decimal:
    codes = {row["id"]: row["code"] for row in await api.all(f"{ERP}/items")}
    left: dict[str, Decimal] = defaultdict(Decimal)
    for product, quantity in source.opening_quantities(data).items():
        left[source.item_code(product)] += quantity
    shipped = {order["order_id"] for order in data.shipped}
    for line in data.order_details:
        if line["order_id"] in shipped:
            left[source.item_code(line["product_id"])] -= Decimal(line["quantity"])
    for balance in await api.all(f"{ERP}/stock-balances"):
        left[codes[balance["item_id"]]] -= Decimal(balance["quantity"])
    return sum((abs(value) for value in left.values()), Decimal(0))


def _total(values: Iterable[str]) -> Decimal:
    return sum((Decimal(value) for value in values), Decimal("0.00"))


def _plain(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")


async def _each(items: Sequence[_T], work: Callable[[_T], Awaitable[Any]]) -> None:
    """Run ``work`` on every item, in order of start, a few at a time; the first error ends it."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(WORKERS):
            group.create_task(worker())
