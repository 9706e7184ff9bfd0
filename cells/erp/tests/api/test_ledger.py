"""Vouchers, periods, chart of accounts."""

from collections.abc import Callable
from typing import Any

Refused = Callable[[Any], tuple[int, str]]


async def accounts(company: Any, *codes: str) -> list[str]:
    if not await company.all("books"):
        await company.api.must("POST", "/books", {"name": "账套"})
    return [(await company.all("accounts", code=code))[0]["id"] for code in codes]


async def manual(company: Any, debit: str, credit: str, amount: str = "100", **values: Any) -> dict[str, Any]:
    debit_id, credit_id = await accounts(company, debit, credit)
    body = {
        "voucher_date": "1996-07-05",
        "summary": "办公费",
        "lines": [{"account_id": debit_id, "debit": amount}, {"account_id": credit_id, "credit": "100"}],
    }
    return await company.api.must("POST", "/vouchers", body | values)


async def test_books_bring_the_chart_the_mapping_and_the_rates(company: Any, refused: Refused) -> None:
    await company.api.must("POST", "/books", {"name": "账套"})
    answer = await company.api.get("/accounts", limit="200", total="true")
    assert answer.json["total"] == 81
    top = [row for row in answer.json["items"] if row["parent_account_id"] is None]
    assert len(top) == 66
    assert len(await company.all("account-mappings")) == 11
    assert len(await company.all("tax-rates")) == 11
    assert (await company.api.post("/books", {"name": "第二个"})).status in {409, 422}


async def test_a_manual_voucher_needs_two_people(company: Any, refused: Refused) -> None:
    voucher = await manual(company, "5602", "1002")
    assert voucher["number"] == "记-199607-0001"
    assert refused(await company.attempt("vouchers", voucher, "post")) == (409, "CONFLICT")
    assert refused(await company.attempt("vouchers", voucher, "review")) == (422, "MAKER_IS_REVIEWER")
    second = company.api.as_user()
    assert (await second.post(f"/vouchers/{voucher['id']}/review", {})).status == 200
    assert (await company.balances()) == {}
    await company.act("vouchers", voucher, "post")
    assert (await company.balances()) == {"1002": "-100.00", "5602": "100.00"}
    voucher = await company.read("vouchers", voucher["id"])
    answer = await company.api.patch(f"/vouchers/{voucher['id']}", {"version": voucher["version"], "summary": "改"})
    assert answer.status in {409, 422}
    assert (await company.api.delete(f"/vouchers/{voucher['id']}", version=voucher["version"])).status == 409


async def test_reversal_is_a_red_voucher_that_is_reviewed_too(company: Any, refused: Refused) -> None:
    voucher = await manual(company, "5602", "1002")
    second = company.api.as_user()
    assert (await second.post(f"/vouchers/{voucher['id']}/review", {})).status == 200
    await company.act("vouchers", voucher, "post")
    await company.act("vouchers", voucher, "reverse", reason="记错", date="1996-08-01")
    assert refused(await company.attempt("vouchers", voucher, "reverse", reason="x")) == (422, "REVERSAL_EXISTS")
    red = (await company.all("vouchers", reversal_of_id=voucher["id"]))[0]
    assert red["number"] == "记-199608-0001"
    assert (await second.post(f"/vouchers/{red['id']}/review", {})).status == 200
    await company.act("vouchers", red, "post")
    assert (await company.read("vouchers", voucher["id"]))["state"] == "reversed"
    report = await company.report("trial-balance", from_period="1996-07", to_period="1996-08")
    # Red entries lower the turnover of their own side.
    assert {row["code"]: (row["debit"], row["credit"]) for row in report["items"]} == {
        "1002": ("0.00", "0.00"),
        "5602": ("0.00", "0.00"),
    }


async def test_unbalanced_vouchers(company: Any, refused: Refused) -> None:
    voucher = await manual(company, "5602", "1002", amount="90")
    second = company.api.as_user()
    answer = await second.post(f"/vouchers/{voucher['id']}/review", {})
    assert refused(answer) == (422, "VOUCHER_NOT_BALANCED")
    debit, credit = await accounts(company, "5602", "1002")
    both = [{"account_id": debit, "debit": "1", "credit": "1"}, {"account_id": credit}]
    body = {"voucher_date": "1996-07-05", "lines": both}
    assert refused(await company.api.post("/vouchers", body)) == (422, "VALIDATION_FAILED")


async def test_accounts_that_take_no_postings(company: Any, refused: Refused) -> None:
    parent, leaf, bank, receivable = await accounts(company, "2221", "5602", "1002", "1122")

    async def make(account: str) -> Any:
        lines = [{"account_id": account, "debit": "1"}, {"account_id": bank, "credit": "1"}]
        return await company.api.post("/vouchers", {"voucher_date": "1996-07-05", "lines": lines})

    assert refused(await make(parent)) == (422, "ACCOUNT_NOT_POSTABLE")
    await company.act("accounts", {"id": leaf}, "disable")
    assert refused(await make(leaf)) == (422, "ACCOUNT_NOT_POSTABLE")
    assert refused(await make(receivable)) == (422, "DIMENSION_MISSING")


async def test_automatic_vouchers_are_undone_by_their_document(company: Any, refused: Refused) -> None:
    receipt = await company.receive(("CHAI", 10, "1"))
    voucher = (await company.all("vouchers", origin=receipt["number"]))[0]
    assert refused(await company.attempt("vouchers", voucher, "reverse", reason="x")) == (422, "VOUCHER_AUTOMATIC")


async def test_voided_drafts_keep_their_numbers(company: Any, refused: Refused) -> None:
    first = await manual(company, "5602", "1002")
    await company.act("vouchers", first, "void", reason="作废")
    assert (await manual(company, "5602", "1002"))["number"] == "记-199607-0002"
    row = await company.read("vouchers", first["id"])
    assert (await company.api.delete(f"/vouchers/{first['id']}", version=row["version"])).status == 409
    draft = await manual(company, "5602", "1002")
    answer = await company.api.patch(
        f"/vouchers/{draft['id']}", {"version": draft["version"], "voucher_date": "1996-08-01"}
    )
    assert refused(answer) == (422, "NUMBERED_MONTH_FIXED")


async def test_accounts_in_use_keep_their_place(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 10, "1"))
    account = (await company.all("accounts", code="1405"))[0]
    answer = await company.api.patch(f"/accounts/{account['id']}", {"version": account["version"], "code": "1499"})
    assert refused(answer) == (422, "ACCOUNT_IN_USE")
    child = {"code": "140501", "name": "茶叶", "parent_account_id": account["id"]}
    assert refused(await company.api.post("/accounts", child)) == (422, "ACCOUNT_IN_USE")
    bank = (await company.all("accounts", code="1002"))[0]
    wrong = {"code": "100301", "name": "工行", "parent_account_id": bank["id"]}
    assert refused(await company.api.post("/accounts", wrong)) == (422, "ACCOUNT_CODE_MISMATCH")
    made = await company.api.must("POST", "/accounts", wrong | {"code": "100201"})
    assert (made["category"], made["direction"], made["is_leaf"]) == ("asset", "debit", True)
    assert (await company.read("accounts", bank["id"]))["is_leaf"] is False


async def test_mapping_is_dated(company: Any) -> None:
    (other,) = await accounts(company, "5402")
    body = {"purpose": "cost_of_sales", "account_id": other, "valid_from": "1996-08-01"}
    await company.api.must("POST", "/account-mappings", body)
    await company.receive(("CHAI", 10, "1"))
    await company.deliver(await company.order(("CHAI", 1, "1")), "1996-07-31")
    await company.deliver(await company.order(("CHAI", 2, "1")), "1996-08-01")
    balances = await company.balances()
    assert (balances["5401"], balances["5402"]) == ("1.00", "2.00")


async def test_periods_close_in_order_and_refuse_postings(company: Any, refused: Refused) -> None:
    await company.receive(("CHAI", 100, "1"), receipt_date="1996-01-15")
    periods = {row["code"]: row for row in await company.all("periods")}
    assert sorted(periods) == [f"1996-{month:02}" for month in range(1, 13)]
    answer = await company.attempt("periods", periods["1996-02"], "close-stock")
    assert refused(answer) == (422, "PERIOD_ORDER")
    order = await company.order(("CHAI", 10, "2"), order_date="1996-01-16")
    await company.api.must("POST", f"/orders/{order['id']}/deliver", {"delivery_date": "1996-01-20"})
    answer = await company.attempt("periods", periods["1996-01"], "close-stock")
    assert refused(answer) == (422, "UNPOSTED_DOCUMENTS")
    delivery = (await company.all("deliveries"))[0]
    await company.act("deliveries", delivery, "post")
    await company.act("periods", periods["1996-01"], "close-stock")
    late = await company.receive(("CHAI", 1, "1"), receipt_date="1996-01-31", post=False)
    assert refused(await company.attempt("stock-receipts", late, "post")) == (422, "PERIOD_CLOSED")
    # The ledger is still open: invoices of the month are posted.
    assert (await company.invoice(delivery, "1996-01-31"))["state"] == "posted"
    await company.act("periods", periods["1996-01"], "close-gl")
    body = {"partner_id": company.ids["ALFKI"], "receipt_date": "1996-01-31", "amount": "1"}
    money = await company.api.must("POST", "/receipts", body)
    assert refused(await company.attempt("receipts", money, "post")) == (422, "PERIOD_CLOSED")
    # Nothing opens before a closed period.
    old = await company.receive(("CHAI", 1, "1"), receipt_date="1995-12-31", post=False)
    assert refused(await company.attempt("stock-receipts", old, "post")) == (422, "PERIOD_CLOSED")
    assert refused(await company.api.post("/periods", {"code": "1995-12"})) == (422, "PERIOD_CLOSED")
    await company.act("periods", periods["1996-02"], "close-stock")
    answer = await company.attempt("periods", periods["1996-01"], "reopen-gl", reason="漏记")
    assert answer.status == 200
    answer = await company.attempt("periods", periods["1996-01"], "reopen-stock", reason="漏记")
    assert refused(answer) == (422, "PERIOD_ORDER")
    await company.act("periods", periods["1996-02"], "reopen-stock", reason="漏记")
    await company.act("periods", periods["1996-01"], "reopen-stock", reason="漏记")
    await company.act("stock-receipts", late, "post")


async def test_negative_stock_stops_the_closing(company: Any, refused: Refused) -> None:
    item = await company.api.must("POST", "/items", {"code": "NEG", "name": "可负", "allow_negative": True})
    company.ids["NEG"] = item["id"]
    await company.deliver(await company.order(("NEG", 1, "1")), "1996-01-10")
    period = next(row for row in await company.all("periods") if row["code"] == "1996-01")
    assert refused(await company.attempt("periods", period, "close-stock")) == (422, "NEGATIVE_STOCK_LEFT")


async def test_reports_check_their_parameters(company: Any, refused: Refused) -> None:
    for query in ({"period": "1996-13"}, {"from_period": "1996-02", "to_period": "1996-01"}):
        answer = await company.api.get("/reports/trial-balance", **query)
        assert refused(answer) == (422, "VALIDATION_FAILED")
    assert (await company.api.get("/reports/account-ledger", account="9999")).status == 404
    assert (await company.api.get("/reports/account-ledger")).status == 422
    report = await company.report("trial-balance")
    assert (report["items"], report["difference"]) == ([], "0.00")


async def test_account_ledger_runs_from_opening_to_closing(company: Any) -> None:
    await company.receive(("CHAI", 100, "1"))
    await company.deliver(await company.order(("CHAI", 10, "2")), "1996-08-01")
    report = await company.report("account-ledger", account="1405", period="1996-08")
    assert (report["opening"], report["credit"], report["closing"]) == ("100.00", "10.00", "90.00")
    assert report["items"][0]["voucher"] == "记-199608-0001"
