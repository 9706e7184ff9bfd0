"""Quote and contract amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from cell_crm.common.money import effective_discount, line_amount
from cell_crm.contracts.rules import contract_of_event, contract_payload, derive_contract, is_over
from cell_crm.quotes.documents import Quote
from cell_crm.quotes.rules import derive_quote, is_expired, next_version
from hypothesis import given
from hypothesis import strategies as st

from cellkit.expression import Situation, condition, names_of

D = Decimal

money = st.decimals(min_value=0, max_value=10**6, places=2)
factor = st.decimals(min_value=0, max_value=1, places=4)


def test_line_value_is_rounded_half_up() -> None:
    assert line_amount(D(1), D("0.125"), D(0)) == D("0.13")
    assert line_amount(D(12), D("9.8"), D("0.15")) == D("99.96")


@given(money, money, factor)
def test_a_discount_never_raises_the_amount(price: D, quantity: D, discount: D) -> None:
    assert D(0) <= line_amount(quantity, price, discount) <= line_amount(quantity, price, D(0))


def test_a_lowered_price_counts_as_a_discount() -> None:
    assert effective_discount(D(100), D(80), D(0)) == D("0.2")
    assert effective_discount(D(100), D(90), D("0.1")) == D("0.19")
    assert effective_discount(D(100), D(120), D("0.1")) == 0
    assert effective_discount(None, D(80), D("0.05")) == D("0.05")


def quote_row(**values: Any) -> dict[str, Any]:
    line = {"product_id": uuid4(), "quantity": D(2), "price": D(90), "list_price": D(100), "discount": D(0)}
    return {"lines": [{**line, "tax_rate": D("0.13"), "due_date": None, "remark": None}], **values}


def test_a_quote_knows_its_amount_and_largest_discount() -> None:
    row = quote_row()
    row["lines"].append({**row["lines"][0], "price": D(50), "quantity": D(1)})
    derive_quote(row)
    assert row["amount"] == D("230.00")
    assert row["list_amount"] == D("300.00")
    assert row["largest_discount"] == D("0.5")
    assert row["discount_rate"] == D("0.23333333")
    needs_approval = condition(Quote.flow.when or "", names_of(Quote))
    situation = Situation(datetime(2026, 3, 1, tzinfo=UTC), UTC)
    assert needs_approval.holds({**row, "discount_limit": D("0.3")}, situation)
    assert not needs_approval.holds({**row, "discount_limit": D("0.5")}, situation)


def test_the_next_version_is_the_same_offer() -> None:
    head = {"name": "A", "customer_id": 1, "contact_id": None, "opportunity_id": 2, "terms": None, "remark": None}
    first = quote_row(id="q1", root_id=None, revision=1, **head)
    second = next_version(first)
    assert second["revision"] == 2
    assert second["root_id"] == "q1"
    assert second["lines"][0]["price"] == D(90)
    assert "amount" not in second["lines"][0]
    assert next_version({**first, "root_id": "q0", "revision": 4})["root_id"] == "q0"


def test_the_last_day_counts() -> None:
    day = date(2026, 3, 31)
    assert not is_expired(day, day)
    assert is_expired(day, date(2026, 4, 1))
    assert not is_over(None, day)
    assert is_over(day, date(2026, 4, 1))


def test_the_contract_event_is_what_erp_needs() -> None:
    row: dict[str, Any] = {
        "id": "c1", "number": "HT1", "name": "A", "state": "effective", "customer_id": "k1", "customer_code": "KH1",
        "customer_name": "甲", "customer_tax_number": "91110000600037341L", "terms": "30 天", "sign_date": None,
        "start_date": None, "end_date": date(2026, 12, 31), "owner_id": "u", "received_amount": D("10.00"),
        "lines": [
            {"item": "P1", "quantity": D(3), "price": D("9.99"), "tax_rate": D("0.13"), "discount": D("0.1"),
             "due_date": None}
        ],
    }  # fmt: skip
    derive_contract(row)
    data = contract_payload(row)
    assert data["customer"] == {"id": "k1", "code": "KH1", "name": "甲", "tax": "91110000600037341L"}
    assert data["lines"] == [
        {"item": "P1", "qty": D(3), "price": D("9.99"), "tax": D("0.13"), "discount": D("0.1"),
         "due": date(2026, 12, 31), "amount": D("26.97")}
    ]  # fmt: skip
    assert data["amount"] == D("26.97")
    assert row["open_amount"] == D("16.97")


def test_an_order_event_names_its_contract_or_none() -> None:
    key = UUID("0190a000-0000-7000-8000-000000000001")
    assert contract_of_event({"contract_id": str(key)}) == key
    assert contract_of_event({"source": f"crm/contract/{key}"}) == key
    assert contract_of_event({"source": "shop/1"}) is None
    assert contract_of_event({"contract_id": "nonsense"}) is None
    assert contract_of_event({}) is None
