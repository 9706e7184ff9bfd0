"""Many at once: nothing lost, nothing doubled, no gap in numbers, no limit passed."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any


async def test_first_postings_at_once_set_the_books_up_once(company: Any) -> None:
    receipts = [await company.receive(("CHAI", 10, "1"), post=False) for _ in range(8)]
    answers = await asyncio.gather(*(company.attempt("stock-receipts", row, "post") for row in receipts))
    assert [answer.status for answer in answers] == [200] * 8
    assert len(await company.all("periods")) == 12
    assert (await company.api.get("/accounts", total="true")).json["total"] == 81
    assert len(await company.all("books")) == 1
    stock = await company.report("stock-balance")
    assert (stock["items"][0]["quantity"], stock["general_ledger_difference"]) == ("80.000000", "0.00")
    numbers = sorted(row["number"] for row in await company.all("vouchers"))
    assert numbers == [f"记-199607-{index:04}" for index in range(1, 9)]


async def test_deliveries_of_the_same_items_in_any_order(company: Any) -> None:
    await company.receive(("CHAI", 45, "3.33"), ("CHANG", 45, "7.77"))
    lines = [("CHAI", 10, "5"), ("CHANG", 10, "9")]
    orders = [await company.order(*(lines if index % 2 else reversed(lines))) for index in range(8)]
    answers = await asyncio.gather(
        *(company.attempt("orders", row, "deliver", delivery_date="1996-07-16", post=True) for row in orders)
    )
    # There is enough for four of eight; the rest is refused and leaves nothing behind.
    assert Counter(answer.status for answer in answers) == {200: 4, 422: 4}
    assert {answer.json["code"] for answer in answers if answer.status == 422} == {"INSUFFICIENT_STOCK"}
    stock = await company.report("stock-balance")
    assert {row["item"]: row["quantity"] for row in stock["items"]} == {"CHAI": "5.000000", "CHANG": "5.000000"}
    assert stock["totals"]["difference_value"] == stock["general_ledger_difference"] == "0.00"
    numbers = sorted(row["number"] for row in await company.all("vouchers"))
    assert numbers == [f"记-199607-{index:04}" for index in range(1, 6)]
    await company.balances()


async def test_invoice_numbers_have_no_gap_even_when_some_fail(company: Any) -> None:
    await company.receive(("CHAI", 100, "1"))
    deliveries = [await company.deliver(await company.order(("CHAI", 2, "5"))) for _ in range(6)]
    doubled = [*deliveries, *deliveries]
    answers = await asyncio.gather(
        *(company.attempt("deliveries", row, "invoice", invoice_date="1996-07-20", post=True) for row in doubled)
    )
    assert sum(answer.status == 200 for answer in answers) == 6
    assert {answer.json["code"] for answer in answers if answer.status != 200} == {"NOTHING_TO_INVOICE"}
    numbers = sorted(row["number"] for row in await company.all("invoices"))
    assert numbers == [f"AR199607-{index:05}" for index in range(1, 7)]


async def test_credit_is_not_spent_twice(company: Any) -> None:
    await company.limit("ALFKI", "100")
    orders = [await company.order(("CHAI", 3, "10"), confirm=False) for _ in range(8)]
    answers = await asyncio.gather(*(company.attempt("orders", row, "confirm") for row in orders))
    assert sum(answer.status == 200 for answer in answers) == 3
    assert {answer.json["code"] for answer in answers if answer.status != 200} == {"CREDIT_EXCEEDED"}


async def test_receipts_at_once_never_overpay_an_invoice(company: Any) -> None:
    await company.receive(("CHAI", 100, "1"))
    invoices = [await company.invoice(await company.deliver(await company.order(("CHAI", 10, "5")))) for _ in range(3)]
    body = {"partner_id": company.ids["ALFKI"], "receipt_date": "1996-08-01", "amount": "40"}
    receipts = [await company.api.must("POST", "/receipts", body) for _ in range(6)]
    answers = await asyncio.gather(*(company.attempt("receipts", row, "post") for row in receipts))
    assert [answer.status for answer in answers] == [200] * 6
    assert {(await company.read("invoices", row["id"]))["open_amount"] for row in invoices} == {"0.00"}
    rows = [await company.read("receipts", row["id"]) for row in receipts]
    assert sum(Decimal(row["allocated"]) for row in rows) == 150
    ageing = await company.report("ar-ageing", date="1996-08-31")
    assert (ageing["totals"]["unallocated"], ageing["difference"]) == ("90.00", "0.00")


async def test_closing_waits_for_postings_or_refuses_them(company: Any) -> None:
    await company.receive(("CHAI", 100, "1"), receipt_date="1996-01-01")
    period = next(row for row in await company.all("periods") if row["code"] == "1996-01")
    receipts = [await company.receive(("CHAI", 1, "1"), receipt_date="1996-01-31", post=False) for _ in range(6)]
    posting = [company.attempt("stock-receipts", row, "post") for row in receipts]
    *posted, closed = await asyncio.gather(*posting, company.attempt("periods", period, "close-stock"))
    drafts = [row for row in await company.all("stock-receipts") if row["state"] == "draft"]
    if closed.status == 200:
        assert drafts == []
    else:
        assert closed.json["code"] == "UNPOSTED_DOCUMENTS"
    assert sum(answer.status == 200 for answer in posted) == 6 - len(drafts)
