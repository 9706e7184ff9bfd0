"""What the cell refuses, each with its own code and nothing written."""

from collections.abc import Callable
from typing import Any

import pytest

Refused = Callable[[Any], tuple[int, str]]


async def test_credit_limit(company: Any, refused: Refused) -> None:
    await company.limit("ALFKI", "100")
    await company.receive(("CHAI", 100, "1"))
    first = await company.order(("CHAI", 6, "10"))
    second = await company.order(("CHAI", 5, "10"), confirm=False)
    answer = await company.attempt("orders", second, "confirm")
    assert refused(answer) == (422, "CREDIT_EXCEEDED")
    assert answer.json["details"]["excess"] == "10.00"
    # Invoicing moves the exposure, it does not free it; money does.
    await company.invoice(await company.deliver(first))
    assert refused(await company.attempt("orders", second, "confirm")) == (422, "CREDIT_EXCEEDED")
    body = {"partner_id": company.ids["ALFKI"], "amount": "10", "receipt_date": "1996-08-01"}
    await company.act("receipts", await company.api.must("POST", "/receipts", body), "post")
    assert (await company.attempt("orders", second, "confirm")).status == 200


async def test_disabled_partner_and_item(company: Any, refused: Refused) -> None:
    draft = await company.order(("CHAI", 1, "1"), confirm=False)
    await company.act("items", {"id": company.ids["CHAI"]}, "disable")
    assert refused(await company.attempt("orders", draft, "confirm")) == (422, "ITEM_DISABLED")
    line = {"item_id": company.ids["CHAI"], "quantity": "1", "price": "1"}
    body = {"partner_id": company.ids["ALFKI"], "lines": [line]}
    assert refused(await company.api.post("/orders", body)) == (422, "ITEM_DISABLED")
    await company.act("items", {"id": company.ids["CHAI"]}, "enable")
    await company.act("partners", {"id": company.ids["ALFKI"]}, "disable")
    assert refused(await company.attempt("orders", draft, "confirm")) == (422, "PARTNER_DISABLED")


async def test_a_supplier_is_no_customer(company: Any, refused: Refused) -> None:
    draft = await company.order(("CHAI", 1, "1"), confirm=False, partner_id=company.ids["EXOTIC"])
    assert refused(await company.attempt("orders", draft, "confirm")) == (422, "PARTNER_NOT_CUSTOMER")


async def test_negative_stock(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 5, "1"))
    order = await company.order(("CHAI", 6, "1"))
    answer = await company.attempt("orders", order, "deliver", delivery_date="1996-07-16", post=True)
    assert refused(answer) == (422, "INSUFFICIENT_STOCK")
    assert answer.json["details"] == {"item": "CHAI", "available": "5", "wanted": "6"}
    assert await company.all("deliveries") == []
    stock = await company.report("stock-balance")
    assert stock["items"][0]["quantity"] == "5.000000"


async def test_over_delivery_beyond_the_tolerance(company: Any, refused: Refused) -> None:
    await company.receive(("CHANG", 100, "1"), ("CHAI", 100, "1"))
    order = await company.order(("CHANG", 10, "1"), ("CHAI", 10, "1"))
    chang, chai = (line["id"] for line in order["lines"])

    async def deliver(line: str, quantity: str) -> Any:
        lines = [{"order_line_id": line, "quantity": quantity}]
        return await company.attempt("orders", order, "deliver", lines=lines, delivery_date="1996-07-16", post=True)

    assert refused(await deliver(chang, "11.1")) == (422, "OVER_DELIVERY")
    assert (await deliver(chang, "11")).status == 200
    assert refused(await deliver(chai, "10.5")) == (422, "OVER_DELIVERY")


async def test_over_billing(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 100, "1"))
    delivery = await company.deliver(await company.order(("CHAI", 10, "1")))
    line = {"delivery_id": delivery["id"], "delivery_line_id": delivery["lines"][0]["id"]}
    body = {"partner_id": company.ids["ALFKI"], "invoice_date": "1996-07-16"}

    async def draft(quantity: str) -> Any:
        return await company.api.post("/invoices", body | {"lines": [line | {"quantity": quantity}]})

    assert refused(await draft("10.000001")) == (422, "OVER_BILLING")
    assert refused(await draft("-1")) == (422, "VALIDATION_FAILED")
    first, second = (await draft("6")).json, (await draft("6")).json
    await company.act("invoices", first, "post")
    assert refused(await company.attempt("invoices", second, "post")) == (422, "OVER_BILLING")
    assert refused(await company.attempt("deliveries", delivery, "invoice")) == (422, "NOTHING_TO_INVOICE")
    assert (await company.attempt("invoices", second, "void", reason="多开")).status == 200
    assert (await company.invoice(delivery))["total"] == "4.00"


async def test_only_posted_deliveries_of_the_same_customer_are_invoiced(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 100, "1"))
    order = await company.order(("CHAI", 10, "1"))
    await company.api.must("POST", f"/orders/{order['id']}/deliver", {"delivery_date": "1996-07-16"})
    draft = await company.read("deliveries", (await company.all("deliveries"))[0]["id"])
    line = {"delivery_id": draft["id"], "delivery_line_id": draft["lines"][0]["id"], "quantity": "1"}
    body = {"partner_id": company.ids["ALFKI"], "lines": [line]}
    assert refused(await company.api.post("/invoices", body)) == (422, "DELIVERY_NOT_POSTED")
    body["partner_id"] = company.ids["EXOTIC"]
    assert refused(await company.api.post("/invoices", body)) == (422, "INVOICE_PARTNER_MISMATCH")


async def test_nothing_is_cancelled_while_something_rests_on_it(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 100, "1"))
    order = await company.order(("CHAI", 10, "1"))
    delivery = await company.deliver(order, lines=[{"order_line_id": order["lines"][0]["id"], "quantity": "4"}])
    assert refused(await company.attempt("orders", order, "cancel", reason="x")) == (409, "CONFLICT")
    other = await company.order(("CHAI", 10, "1"))
    await company.api.must("POST", f"/orders/{other['id']}/deliver", {})
    assert refused(await company.attempt("orders", other, "cancel", reason="x")) == (422, "DOWNSTREAM_EXISTS")
    assert refused(await company.attempt("orders", other, "unconfirm")) == (422, "DOWNSTREAM_EXISTS")
    assert refused(await company.attempt("orders", other, "short-close", reason="x")) == (422, "DOWNSTREAM_EXISTS")
    await company.invoice(delivery)
    assert refused(await company.attempt("deliveries", delivery, "reverse", reason="x")) == (422, "DOWNSTREAM_EXISTS")


async def test_delivering_twice_takes_nothing_twice(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 100, "1"))
    order = await company.order(("CHAI", 10, "1"))
    await company.api.must("POST", f"/orders/{order['id']}/deliver", {})
    assert refused(await company.attempt("orders", order, "deliver")) == (422, "NOTHING_TO_DELIVER")


SOMEWHERE = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ({}, "lines"),
        ([], "lines"),
        ([{"order_line_id": "x", "quantity": "1"}], "lines[0].order_line_id"),
        ([{"quantity": "1"}], "lines[0].order_line_id"),
        ([{"order_line_id": SOMEWHERE, "quantity": "0"}], "lines[0].quantity"),
        ([{"order_line_id": SOMEWHERE, "quantity": "1"}] * 2, "lines[1].order_line_id"),
    ],
)
async def test_what_is_wrong_with_chosen_lines_is_told_at_its_cell(
    company: Any, refused: Refused, lines: Any, place: str
) -> None:
    order = await company.order(("CHAI", 10, "1"))
    answer = await company.attempt("orders", order, "deliver", lines=lines)
    assert refused(answer) == (422, "VALIDATION_FAILED")
    assert [item["field"] for item in answer.json["details"]] == [place]


async def test_chosen_lines_must_be_the_order_s(company: Any, refused: Refused) -> None:
    order = await company.order(("CHAI", 10, "1"))
    lines = [{"order_line_id": SOMEWHERE, "quantity": "1"}]
    assert refused(await company.attempt("orders", order, "deliver", lines=lines)) == (422, "SELECTION_INVALID")


async def test_receipts_never_allocate_more_than_there_is(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 100, "1"))
    invoice = await company.invoice(await company.deliver(await company.order(("CHAI", 10, "1"))))
    body = {"partner_id": company.ids["ALFKI"], "receipt_date": "1996-08-01", "amount": "8", "allocation": "none"}
    share = {"invoice_id": invoice["id"], "amount": "9"}
    answer = await company.api.post("/receipts", body | {"allocation": "chosen", "allocations": [share]})
    assert refused(answer) == (422, "ALLOCATION_EXCEEDS_RECEIPT")
    receipt = await company.act("receipts", await company.api.must("POST", "/receipts", body), "post")
    assert (receipt["allocated"], receipt["unallocated"]) == ("0.00", "8.00")
    answer = await company.attempt("receipts", receipt, "allocate", invoices=[share])
    assert refused(answer) == (422, "ALLOCATION_EXCEEDS_RECEIPT")
    large = await company.act("receipts", await company.api.must("POST", "/receipts", body | {"amount": "50"}), "post")
    answer = await company.attempt("receipts", large, "allocate", invoices=[share | {"amount": "10.01"}])
    assert refused(answer) == (422, "ALLOCATION_EXCEEDS_OPEN")
    assert refused(await company.attempt("receipts", large, "unallocate")) == (422, "NOTHING_TO_ALLOCATE")
    await company.act("receipts", large, "allocate", date="1996-08-02")
    assert (await company.read("invoices", invoice["id"]))["state"] == "paid"
    assert refused(await company.attempt("receipts", receipt, "allocate")) == (422, "NOTHING_TO_ALLOCATE")
    answer = await company.attempt("receipts", receipt, "allocate", invoices=[share | {"amount": "1"}])
    assert refused(answer) == (422, "INVOICE_NOT_OPEN")
    assert refused(await company.attempt("invoices", invoice, "reverse", reason="x")) == (409, "CONFLICT")


async def test_money_goes_to_an_account_for_money(company: Any, refused: Refused) -> None:
    await company.api.must("POST", "/books", {"name": "账套"})
    account = (await company.all("accounts", code="5001"))[0]
    body = {"partner_id": company.ids["ALFKI"], "amount": "1", "account_id": account["id"]}
    assert refused(await company.api.post("/receipts", body)) == (422, "NOT_A_CASH_ACCOUNT")


async def test_stock_receipts(company: Any, refused: Refused) -> None:
    body = {"warehouse_id": company.ids["W1"], "receipt_date": "1996-07-01"}
    service = [{"item_id": company.ids["FREIGHT"], "quantity": "1", "unit_cost": "1"}]
    assert refused(await company.api.post("/stock-receipts", body | {"lines": service})) == (422, "NOT_A_STOCK_ITEM")
    goods = [{"item_id": company.ids["CHAI"], "quantity": "10", "unit_cost": "1"}]
    answer = await company.api.post("/stock-receipts", body | {"lines": goods, "kind": "purchase"})
    assert refused(answer) == (422, "SUPPLIER_REQUIRED")
    receipt = await company.receive(("CHAI", 10, "1"))
    await company.deliver(await company.order(("CHAI", 3, "1")))
    assert refused(await company.attempt("stock-receipts", receipt, "reverse", reason="x")) == (422, "RECEIPT_CONSUMED")
    bought = await company.receive(("CHANG", 4, "2"), kind="purchase", partner_id=company.ids["EXOTIC"])
    early = await company.attempt("stock-receipts", bought, "reverse", reason="x", date="1996-06-30")
    assert refused(early) == (422, "REVERSAL_TOO_EARLY")
    assert (await company.balances())["220299"] == "-8.00"
    await company.act("stock-receipts", bought, "reverse", reason="退货")
    assert (await company.balances())["220299"] == "0.00"


async def test_disabled_warehouse(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 10, "1"))
    order = await company.order(("CHAI", 3, "1"))
    await company.act("warehouses", {"id": company.ids["W1"]}, "disable")
    answer = await company.attempt("orders", order, "deliver", post=True)
    assert refused(answer) == (422, "WAREHOUSE_REQUIRED")
    answer = await company.attempt("orders", order, "deliver", post=True, warehouse_id=company.ids["W1"])
    assert refused(answer) == (422, "WAREHOUSE_DISABLED")


async def test_unit_of_an_item_with_stock(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 10, "1"))
    item = await company.read("items", company.ids["CHAI"])
    answer = await company.api.patch(f"/items/{item['id']}", {"version": item["version"], "unit": "箱"})
    assert refused(answer) == (422, "ITEM_IN_USE")
    answer = await company.api.patch(f"/items/{item['id']}", {"version": item["version"], "tax_code": "NONE"})
    assert refused(answer) == (422, "TAX_CODE_UNKNOWN")


async def test_tax_code_without_a_rate_on_the_day(company: Any, refused: Refused) -> None:
    item = await company.api.must("POST", "/items", {"code": "T1", "name": "应税品", "tax_code": "VAT-STANDARD"})
    body = {
        "partner_id": company.ids["ALFKI"],
        "order_date": "1990-01-01",
        "lines": [{"item_id": item["id"], "quantity": "1", "price": "1"}],
    }
    assert refused(await company.api.post("/orders", body)) == (422, "TAX_RATE_MISSING")


async def test_amounts_beyond_the_columns(company: Any, refused: Refused) -> None:
    body = {
        "partner_id": company.ids["ALFKI"],
        "lines": [{"item_id": company.ids["CHAI"], "quantity": "999999999999", "price": "999999999999"}],
    }
    assert refused(await company.api.post("/orders", body)) == (422, "VALIDATION_FAILED")


async def test_codes_and_references_are_unique(company: Any, refused: Refused) -> None:
    assert (await company.api.post("/items", {"code": "CHAI", "name": "又一个"})).status in {409, 422}
    await company.order(("CHAI", 1, "1"), reference="10248")
    body = {
        "partner_id": company.ids["ALFKI"],
        "reference": "10248",
        "lines": [{"item_id": company.ids["CHAI"], "quantity": "1", "price": "1"}],
    }
    assert (await company.api.post("/orders", body)).status in {409, 422}
