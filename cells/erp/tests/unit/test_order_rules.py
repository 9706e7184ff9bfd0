"""Amounts, progress and credit of orders."""

from decimal import Decimal

import pytest
from cell_erp.orders.rules import amounts_fit, credit_excess, derive_order, line_amounts, may_ship, state_by_progress
from hypothesis import given
from hypothesis import strategies as st

D = Decimal


def test_northwind_line_is_rounded_half_up() -> None:
    # Order 10263 of the Northwind data: 65 pieces at 20.70 less 25 %: 1,009.125 becomes 1,009.13.
    assert line_amounts(D("20.70"), D(65), D("0.25"), D(0), tax_included=False) == (
        D("1009.13"),
        D("0.00"),
        D("1009.13"),
    )


def test_tax_on_top_and_tax_included() -> None:
    assert line_amounts(D("100"), D(3), D(0), D("0.13"), tax_included=False) == (D("300.00"), D("39.00"), D("339.00"))
    assert line_amounts(D("113"), D(3), D(0), D("0.13"), tax_included=True) == (D("300.00"), D("39.00"), D("339.00"))
    assert line_amounts(D("9.99"), D(1), D(0), D("0.13"), tax_included=True) == (D("8.84"), D("1.15"), D("9.99"))


def test_header_is_the_sum_of_rounded_lines() -> None:
    line = {"price": D("0.005"), "quantity": D(1), "discount": D(0), "tax_rate": D(0)}
    row = {"lines": [dict(line), dict(line)], "tax_included": False}
    derive_order(row)
    assert row["amount"] == D("0.02")
    assert amounts_fit(row)


def test_amounts_beyond_the_column_are_seen() -> None:
    line = {"price": D("999999999999"), "quantity": D("999999999999"), "discount": D(0), "tax_rate": D(0)}
    row = {"lines": [line], "tax_included": False}
    derive_order(row)
    assert not amounts_fit(row)


@given(
    st.decimals(0, 10**6, places=6),
    st.decimals("0.000001", 10**6, places=6),
    st.decimals(0, 1, places=8),
    st.sampled_from([D(0), D("0.01"), D("0.03"), D("0.06"), D("0.09"), D("0.13")]),
    st.booleans(),
)
def test_amount_and_tax_make_the_total(
    price: Decimal, quantity: Decimal, discount: Decimal, rate: Decimal, included: bool
) -> None:
    amount, tax, total = line_amounts(price, quantity, discount, rate, tax_included=included)
    assert amount + tax == total
    assert min(amount, tax, total) >= 0


def line(quantity: int, delivered: int, invoiced: int) -> dict[str, Decimal]:
    return {"quantity": D(quantity), "delivered": D(delivered), "invoiced": D(invoiced)}


@pytest.mark.parametrize(
    ("lines", "short_closed", "state"),
    [
        ([line(5, 0, 0)], False, "confirmed"),
        ([line(5, 5, 0), line(1, 0, 0)], False, "partly_shipped"),
        ([line(5, 5, 2), line(1, 1, 0)], False, "shipped"),
        ([line(5, 6, 6)], False, "invoiced"),
        ([line(5, 2, 2)], False, "partly_shipped"),
        ([line(5, 2, 0)], True, "shipped"),
        ([line(5, 2, 2)], True, "closed"),
        ([line(5, 0, 0)], True, "closed"),
    ],
)
def test_state_follows_shipped_and_invoiced_quantities(
    lines: list[dict[str, Decimal]], short_closed: bool, state: str
) -> None:
    assert state_by_progress(lines, short_closed=short_closed) == state


def test_tolerance() -> None:
    assert may_ship(line(100, 60, 0), D(45), D("0.05"))
    assert not may_ship(line(100, 60, 0), D("45.000001"), D("0.05"))
    assert not may_ship(line(100, 100, 0), D("0.000001"), D(0))


def test_credit() -> None:
    assert credit_excess(None, D(10**9), D(1)) == 0
    assert credit_excess(D(100), D(60), D(40)) == 0
    assert credit_excess(D(100), D(60), D("40.01")) == D("0.01")
    assert credit_excess(D(0), D(-5), D(3)) == 0
