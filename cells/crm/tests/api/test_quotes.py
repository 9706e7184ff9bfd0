"""L2: quote versions, discounts above the limit, acceptance."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cellkit.testing.cells import Api, Clock


async def test_a_discount_within_the_limit_is_approved_at_once(api: Api, steps: Any) -> None:
    quote = await steps.quote(discount="0.10")
    assert quote["number"].startswith("BJ")
    assert (quote["amount"], quote["list_amount"], quote["largest_discount"]) == ("900.00", "1000.00", "0.10000000")
    submitted = await api.must("POST", f"/quotes/{quote['id']}/submit")
    assert (submitted["state"], submitted["discount_limit"]) == ("approved", "0.10000000")


async def test_a_larger_discount_needs_another_person(api: Api, steps: Any) -> None:
    quote = await steps.quote(discount="0.25")
    path = f"/quotes/{quote['id']}"
    assert (await api.must("POST", f"{path}/submit"))["state"] == "approving"
    steps.refused(await api.post(f"{path}/approve"), "APPROVER_IS_MAKER")
    clerk = api.as_user(["crm.quote.read", "crm.quote.submit"])
    steps.refused(await clerk.post(f"{path}/approve"), "FORBIDDEN", 403)
    steps.refused(await api.post(f"{path}/send"), "CONFLICT", 409)
    back = await steps.boss.must("POST", f"{path}/reject", {"reason": "折扣过高"})
    assert (back["state"], back["approval_comment"]) == ("draft", "折扣过高")
    await api.must("POST", f"{path}/submit")
    approved = await steps.boss.must("POST", f"{path}/approve", {"comment": "老客户"})
    assert (approved["state"], approved["approved_by"]) == ("approved", steps.boss.user_id)


async def test_a_lowered_price_is_a_discount_too_and_the_limit_is_the_tenants(api: Api, steps: Any) -> None:
    await api.must("POST", "/settings", {"quote_discount_limit": "0.30"}, 201)
    product = await steps.product()
    customer = await steps.customer()
    line = {"product_id": product["id"], "quantity": "1", "price": "65.00"}
    quote = await api.must("POST", "/quotes", {"customer_id": customer["id"], "lines": [line]})
    assert quote["largest_discount"] == "0.35000000"
    assert (await api.must("POST", f"/quotes/{quote['id']}/submit"))["state"] == "approving"


async def test_a_new_version_freezes_the_old_one(api: Api, steps: Any) -> None:
    quote = await steps.quote()
    path = f"/quotes/{quote['id']}"
    await api.must("POST", f"{path}/submit")
    await api.must("POST", f"{path}/send")
    answer = await api.must("POST", f"{path}/new-version")
    assert (answer["state"], answer["result"]["revision"]) == ("frozen", 2)
    second = await api.must("GET", f"/quotes/{answer['result']['id']}")
    assert (second["state"], second["revision"], second["root_id"]) == ("draft", 2, quote["id"])
    assert second["amount"] == quote["amount"]
    steps.refused(await api.post(f"{path}/accept"), "CONFLICT", 409)
    steps.refused(await api.post(f"{path}/new-version"), "CONFLICT", 409)
    frozen = await api.patch(path, {"version": answer["version"], "name": "x"})
    steps.refused(frozen, "CONFLICT", 409)


async def test_an_accepted_quote_sets_the_opportunitys_amount(api: Api, steps: Any) -> None:
    opportunity = await steps.opportunity(amount="1.00")
    quote = await steps.quote(customer_id=opportunity["customer_id"], opportunity_id=opportunity["id"])
    for verb in ("submit", "send", "accept"):
        quote = await api.must("POST", f"/quotes/{quote['id']}/{verb}")
    assert quote["state"] == "accepted"
    after = await api.must("GET", f"/opportunities/{opportunity['id']}")
    assert (after["amount"], after["weighted_amount"]) == ("1000.00", "100.00")


async def test_an_offer_past_its_day_is_not_accepted(api: Api, steps: Any, clock: Clock) -> None:
    quote = await steps.quote(valid_to=None)
    path = f"/quotes/{quote['id']}"
    await api.must("POST", f"{path}/submit")
    await api.must("POST", f"{path}/send")
    steps.refused(await api.post(f"{path}/expire"), "QUOTE_STILL_VALID")
    clock.advance(days=31)
    steps.refused(await api.post(f"{path}/accept"), "QUOTE_EXPIRED")
    assert (await api.must("POST", f"{path}/expire"))["state"] == "expired"
    again = await steps.quote()
    await api.must("POST", f"/quotes/{again['id']}/submit")
    await api.must("POST", f"/quotes/{again['id']}/send")
    declined = await api.must("POST", f"/quotes/{again['id']}/decline", {"reason": "预算"})
    assert (declined["state"], declined["decline_reason"]) == ("rejected", "预算")


async def test_disabled_products_and_bad_days_are_refused(api: Api, steps: Any) -> None:
    product = await steps.product(enabled=False)
    customer = await steps.customer()
    line = {"product_id": product["id"], "quantity": "1"}
    steps.refused(await api.post("/quotes", {"customer_id": customer["id"], "lines": [line]}), "PRODUCT_DISABLED")
    good = await steps.product()
    body = {"customer_id": customer["id"], "lines": [{"product_id": good["id"], "quantity": "1"}]}
    answer = await api.post("/quotes", {**body, "quote_date": "2026-05-02", "valid_to": "2026-05-01"})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["field"] == "valid_to"
    answer = await api.post("/quotes", {**body, "lines": [{"product_id": good["id"], "quantity": "-1"}]})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["field"] == "lines[0].quantity"


@pytest.mark.parametrize("collection", ["quotes", "opportunities", "contracts"])
async def test_an_unknown_product_is_named_with_its_line(api: Api, steps: Any, collection: str) -> None:
    customer, product = await steps.customer(), await steps.product()
    lines = [{"product_id": key, "quantity": "1"} for key in (product["id"], str(uuid.uuid4()))]
    for discount in (None, "0.10"):
        lines[1]["discount"] = discount
        answer = await api.post(f"/{collection}", {"name": "x", "customer_id": customer["id"], "lines": lines})
        details = steps.refused(answer, "VALIDATION_FAILED")
        assert [(item["field"], item["rule"]) for item in details] == [("lines[1].product_id", "reference")]
