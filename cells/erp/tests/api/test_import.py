"""Master data and documents from files: references by code, lines grouped by the external number."""

from typing import Any

from cellkit.testing.cells import Answer, Api


async def upload(api: Api, plural: str, text: str, **query: str) -> Answer:
    return await api.call(
        "POST", f"/imports/{plural}", text.encode(), query=query, headers={"content-type": "text/csv"}
    )


async def test_items_orders_and_opening_stock_come_from_files(company: Any) -> None:
    items = "code,name,unit,sales_price\nA1,甲,箱,10\nA2,乙,箱,20\n"
    answer = await upload(company.api, "items", items)
    assert answer.status < 300, answer.body.decode()
    stock = (
        "reference,kind,receipt_date,warehouse_id,lines.item_id,lines.quantity,lines.unit_cost\n"
        "OPEN-1,opening,1996-07-01,W1,A1,10,7.5\n"
        "OPEN-1,opening,1996-07-01,W1,A2,10,15\n"
    )
    answer = await upload(company.api, "stock-receipts", stock)
    assert answer.status < 300, answer.body.decode()
    orders = (
        "reference,partner_id,order_date,lines.item_id,lines.quantity,lines.price,lines.discount\n"
        "10248,ALFKI,1996-07-04,A1,2,9.8,0.05\n"
        "10248,ALFKI,1996-07-04,A2,1,,\n"
        "10249,ALFKI,1996-07-05,A2,3,18,0\n"
    )
    answer = await upload(company.api, "orders", orders)
    assert answer.status < 300, answer.body.decode()
    rows = {row["reference"]: row for row in await company.all("orders")}
    assert {key: row["amount"] for key, row in rows.items()} == {"10248": "38.62", "10249": "54.00"}
    receipt = (await company.all("stock-receipts", reference="OPEN-1"))[0]
    await company.act("stock-receipts", receipt, "post")
    stock_report = await company.report("stock-balance")
    assert stock_report["totals"]["value"] == "225.00"
    # The same file again makes nothing twice.
    again = await upload(company.api, "orders", orders)
    assert len(await company.all("orders")) == 2, again.body


async def test_a_broken_row_is_named_and_nothing_is_written(company: Any) -> None:
    orders = (
        "reference,partner_id,order_date,lines.item_id,lines.quantity,lines.price\n"
        "1,ALFKI,1996-07-04,CHAI,2,9.8\n"
        "2,ALFKI,1996-07-04,NOPE,2,9.8\n"
        "3,ALFKI,1996-07-04,CHAI,-1,9.8\n"
    )
    answer = await upload(company.api, "orders", orders)
    assert 400 <= answer.status < 500
    assert await company.all("orders") == []
