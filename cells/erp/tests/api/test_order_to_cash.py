"""Loop L1: order → credit → delivery and cost voucher → invoice → receipt → allocation, step by step."""

from typing import Any

from cellkit.testing.cells import Api


async def test_the_whole_loop(company: Any) -> None:
    await company.receive(("CHAI", 100, "10"), ("CHANG", 40, "12.5"))
    order = await company.order(("CHAI", 12, "14.40", "0.25"), ("CHANG", 10, "19"))
    assert (order["state"], order["amount"], order["tax"], order["total"]) == ("confirmed", "319.60", "0.00", "319.60")
    assert order["number"].startswith("SO19960704-")

    delivery = await company.deliver(order)
    assert (delivery["state"], delivery["cost"]) == ("posted", "245.00")
    order = await company.read("orders", order["id"])
    assert (order["state"], order["lines"][0]["delivered"]) == ("shipped", "12.000000")
    voucher = (await company.all("vouchers", origin=delivery["number"]))[0]
    voucher = await company.read("vouchers", voucher["id"])
    assert (voucher["state"], voucher["automatic"], voucher["period"]) == ("posted", True, "1996-07")
    assert voucher["number"].startswith("记-199607-")
    assert [(line["account_code"], line["debit"], line["credit"]) for line in voucher["lines"]] == [
        ("5401", "245.00", "0.00"),
        ("1405", "0.00", "245.00"),
    ]

    invoice = await company.invoice(delivery)
    assert (invoice["state"], invoice["number"], invoice["open_amount"]) == ("posted", "AR199607-00001", "319.60")
    assert invoice["due_date"] == "1996-08-15"
    assert (await company.read("orders", order["id"]))["state"] == "invoiced"

    receipt = await company.api.must(
        "POST", "/receipts", {"partner_id": company.ids["ALFKI"], "receipt_date": "1996-08-01", "amount": "300"}
    )
    receipt = await company.act("receipts", receipt, "post")
    assert (receipt["allocated"], receipt["unallocated"]) == ("300.00", "0.00")
    invoice = await company.read("invoices", invoice["id"])
    assert (invoice["state"], invoice["open_amount"]) == ("part_paid", "19.60")

    assert await company.balances() == {
        "1002": "300.00",
        "1122": "19.60",
        "1405": "1255.00",
        "3001": "-1500.00",
        "5001": "-319.60",
        "5401": "245.00",
    }
    stock = await company.report("stock-balance")
    assert {row["item"]: (row["quantity"], row["value"]) for row in stock["items"]} == {
        "CHAI": ("88.000000", "880.00"),
        "CHANG": ("30.000000", "375.00"),
    }
    assert stock["totals"]["difference_value"] == stock["general_ledger_difference"] == "0.00"
    ageing = await company.report("ar-ageing", date="1996-09-30")
    assert (ageing["totals"]["days_31_60"], ageing["difference"]) == ("19.60", "0.00")
    # As of the day before the money came, all of it was open and not due.
    before = await company.report("ar-ageing", date="1996-07-31")
    assert (before["totals"]["not_due"], before["ledger_balance"], before["difference"]) == ("319.60", "319.60", "0.00")
    assert (await company.act("orders", order, "close"))["state"] == "closed"


async def test_tax_is_dated_and_kept_apart(company: Any) -> None:
    item = await company.api.must("POST", "/items", {"code": "T1", "name": "应税品", "tax_code": "VAT-STANDARD"})
    company.ids["T1"] = item["id"]
    await company.receive(("T1", 10, "50"), receipt_date="2018-01-01")
    old = await company.order(("T1", 1, "100"), order_date="2018-04-30")
    new = await company.order(("T1", 3, "100"), order_date="2024-01-01")
    assert (old["lines"][0]["tax_rate"], old["tax"]) == ("0.17000000", "17.00")
    assert (new["amount"], new["tax"], new["total"]) == ("300.00", "39.00", "339.00")
    invoice = await company.invoice(await company.deliver(new, "2024-01-05"), "2024-01-05")
    assert (invoice["amount"], invoice["tax"], invoice["total"]) == ("300.00", "39.00", "339.00")
    balances = await company.balances("2024-12")
    assert balances["22210106"] == balances["222101"] == balances["2221"] == "-39.00"
    assert (balances["1122"], balances["5001"]) == ("339.00", "-300.00")
    included = await company.order(("T1", 1, "113"), order_date="2024-01-01", tax_included=True)
    assert (included["amount"], included["tax"], included["total"]) == ("100.00", "13.00", "113.00")


async def test_partial_deliveries_and_invoices_add_up_to_the_order(company: Any) -> None:
    await company.receive(("CHAI", 10, "1"))
    order = await company.order(("CHAI", 3, "3.335"))
    line = order["lines"][0]["id"]
    for _ in range(2):
        await company.deliver(order, lines=[{"order_line_id": line, "quantity": "1"}])
    assert (await company.read("orders", order["id"]))["state"] == "partly_shipped"
    preset = (await company.api.must("GET", f"/orders/{order['id']}/deliver"))["parameters"]
    told = {"order_line_id": line, "item_code": "CHAI", "open_quantity": "1.000000", "quantity": "1.000000"}
    assert preset["lines"] == [told | {name: preset["lines"][0][name] for name in ("item_id", "item_label")}]
    assert preset["lines"][0]["item_label"]
    assert preset["warehouse_label"]
    await company.deliver(order)  # the rest
    answer = await company.api.get(f"/orders/{order['id']}/deliver")
    assert (answer.status, answer.json["code"]) == (409, "CONFLICT")
    for delivery in await company.all("deliveries", order_id=order["id"]):
        preset = (await company.api.must("GET", f"/deliveries/{delivery['id']}/invoice"))["parameters"]
        assert [row["quantity"] for row in preset["lines"]] == ["1.000000"]
        await company.invoice(delivery)
    invoices = await company.all("invoices", partner_id=company.ids["ALFKI"])
    assert sorted(invoice["amount"] for invoice in invoices) == ["3.33", "3.34", "3.34"]
    assert sorted(invoice["number"] for invoice in invoices) == [f"AR199607-0000{index}" for index in (1, 2, 3)]
    order = await company.read("orders", order["id"])
    assert (order["state"], order["invoiced_total"], order["total"]) == ("invoiced", "10.01", "10.01")


async def test_services_are_delivered_without_stock(company: Any) -> None:
    order = await company.order(("FREIGHT", 1, None))
    assert order["total"] == "50.00"
    delivery = await company.deliver(order)
    assert delivery["cost"] == "0.00"
    assert await company.all("vouchers", origin=delivery["number"]) == []
    assert (await company.invoice(delivery))["total"] == "50.00"


async def test_one_invoice_for_deliveries_of_several_orders(company: Any) -> None:
    await company.receive(("CHAI", 10, "1"))
    deliveries = [await company.deliver(await company.order(("CHAI", 2, "5"))) for _ in range(2)]
    invoice = await company.api.must(
        "POST",
        "/invoices",
        {
            "partner_id": company.ids["ALFKI"],
            "invoice_date": "1996-07-31",
            "lines": [
                {"delivery_id": row["id"], "delivery_line_id": row["lines"][0]["id"], "quantity": "2"}
                for row in deliveries
            ],
        },
    )
    invoice = await company.act("invoices", invoice, "post")
    assert invoice["total"] == "20.00"
    assert {row["state"] for row in await company.all("orders", partner_id=company.ids["ALFKI"])} == {"invoiced"}


async def test_delivery_reversal_restores_cost_and_order(company: Any) -> None:
    await company.receive(("CHAI", 100, "10"))
    order = await company.order(("CHAI", 20, "15"))
    delivery = await company.deliver(order)
    await company.receive(("CHAI", 20, "16"))
    delivery = await company.act("deliveries", delivery, "reverse", reason="客户拒收")
    assert delivery["state"] == "reversed"
    order = await company.read("orders", order["id"])
    assert (order["state"], order["lines"][0]["delivered"]) == ("confirmed", "0.000000")
    stock = await company.report("stock-balance")
    assert (stock["items"][0]["quantity"], stock["items"][0]["value"]) == ("120.000000", "1320.00")
    assert stock["general_ledger_difference"] == "0.00"
    assert (await company.balances())["5401"] == "0.00"
    assert (await company.deliver(order, "1996-07-20"))["id"] != delivery["id"]


async def test_invoice_reversal_makes_a_red_invoice(company: Any) -> None:
    await company.receive(("CHAI", 10, "1"))
    order = await company.order(("CHAI", 2, "5"))
    delivery = await company.deliver(order)
    invoice = await company.invoice(delivery)
    invoice = await company.act("invoices", invoice, "reverse", reason="开错", date="1996-08-02")
    assert (invoice["state"], invoice["open_amount"]) == ("reversed", "0.00")
    red = (await company.all("invoices", state="red"))[0]
    assert (red["number"], red["total"]) == ("AR199608-00001", "-10.00")
    assert (await company.read("orders", order["id"]))["state"] == "shipped"
    before, after = [await company.report("ar-ageing", date=day) for day in ("1996-07-31", "1996-08-31")]
    assert (before["totals"]["open"], before["difference"]) == ("10.00", "0.00")
    assert (after["totals"]["open"], after["difference"]) == ("0.00", "0.00")
    again = await company.invoice(delivery, "1996-08-05")
    assert again["total"] == "10.00"


async def test_receipts_allocate_first_in_first_out_or_as_chosen(company: Any) -> None:
    await company.receive(("CHAI", 100, "1"))
    days = ("1996-07-10", "1996-07-20", "1996-07-30")
    invoices = [
        await company.invoice(await company.deliver(await company.order(("CHAI", 10, "5")), day), day) for day in days
    ]
    body = {"partner_id": company.ids["ALFKI"], "receipt_date": "1996-08-01", "amount": "70"}
    receipt = await company.act("receipts", await company.api.must("POST", "/receipts", body), "post")
    states = [(await company.read("invoices", row["id"]))["state"] for row in invoices]
    assert states == ["paid", "part_paid", "posted"]
    receipt = await company.act("receipts", receipt, "unallocate", invoice_id=invoices[1]["id"])
    assert (receipt["allocated"], receipt["unallocated"]) == ("50.00", "20.00")
    preset = (await company.api.must("GET", f"/receipts/{receipt['id']}/allocate"))["parameters"]
    shares = [(row["invoice_label"], row["open_amount"], row["amount"]) for row in preset["invoices"]]
    assert shares == [(invoices[1]["number"], "50.00", "20.00"), (invoices[2]["number"], "50.00", None)]
    receipt = await company.act(
        "receipts", receipt, "allocate", invoices=[{"invoice_id": invoices[2]["id"], "amount": "15"}]
    )
    assert (await company.read("invoices", invoices[2]["id"]))["open_amount"] == "35.00"
    ageing = await company.report("ar-ageing", date="1996-08-31")
    totals = ageing["totals"]
    assert (totals["open"], totals["unallocated"], ageing["difference"]) == ("85.00", "5.00", "0.00")
    receipt = await company.act("receipts", receipt, "reverse", reason="退票")
    assert {(await company.read("invoices", row["id"]))["state"] for row in invoices} == {"posted"}
    ageing = await company.report("ar-ageing", date="1996-08-31")
    assert (ageing["totals"]["balance"], ageing["difference"]) == ("150.00", "0.00")
    statement = await company.report("ar-statement", partner="ALFKI", from_period="1996-07", to_period="1996-08")
    assert (len(statement["items"]), statement["closing"]) == (5, "150.00")


async def test_short_close_lets_the_shipped_part_be_invoiced(company: Any) -> None:
    await company.receive(("CHAI", 10, "1"))
    order = await company.order(("CHAI", 5, "2"))
    delivery = await company.deliver(order, lines=[{"order_line_id": order["lines"][0]["id"], "quantity": "2"}])
    order = await company.act("orders", order, "short-close", reason="客户不要了")
    assert order["state"] == "shipped"
    await company.invoice(delivery)
    assert (await company.read("orders", order["id"]))["state"] == "closed"


async def test_cost_follows_the_golden_vector(company: Any) -> None:
    await company.receive(("CHAI", 100, "10"))
    await company.receive(("CHAI", 50, "12.5"))
    first = await company.deliver(await company.order(("CHAI", 120, "20")))
    await company.receive(("CHAI", 80, "11"))
    second = await company.deliver(await company.order(("CHAI", 60, "20")))
    assert (first["cost"], second["cost"]) == ("1300.00", "657.27")
    ledger = await company.all("stock-ledger")
    assert len(ledger) == 5
    stock = await company.report("stock-balance")
    assert (stock["items"][0]["quantity"], stock["items"][0]["value"]) == ("50.000000", "547.73")


async def test_negative_stock_where_it_is_allowed_is_settled_by_the_next_receipt(company: Any) -> None:
    item = await company.api.must("POST", "/items", {"code": "NEG", "name": "可负", "allow_negative": True})
    company.ids["NEG"] = item["id"]
    await company.receive(("NEG", 10, "10"))
    await company.deliver(await company.order(("NEG", 14, "20")))
    await company.receive(("NEG", 10, "12"))
    stock = await company.report("stock-balance")
    assert (stock["items"][0]["quantity"], stock["items"][0]["value"]) == ("6.000000", "72.00")
    assert stock["general_ledger_difference"] == stock["totals"]["difference_value"] == "0.00"
    assert (await company.balances())["5401"] == "148.00"


async def test_another_tenant_sees_nothing(company: Any) -> None:
    order = await company.order(("CHAI", 1, "1"))
    other: Api = company.api.tenant_b
    assert (await other.get(f"/orders/{order['id']}")).status == 404
    assert (await other.get("/orders")).json["items"] == []
    assert (await other.post(f"/orders/{order['id']}/deliver", {})).status == 404
    line = {"item_id": company.ids["CHAI"], "quantity": "1", "price": "1"}
    body = {"partner_id": company.ids["ALFKI"], "lines": [line]}
    assert (await other.post("/orders", body)).status == 422
    assert (await other.get("/reports/stock-balance")).json["items"] == []
