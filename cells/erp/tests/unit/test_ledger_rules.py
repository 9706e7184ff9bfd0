"""Vouchers, invoices, receipts, periods, taxes and report sums."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from cell_erp.accounts.chart import small_business_chart
from cell_erp.invoices.rules import bill, due_date, state_by_open
from cell_erp.periods.rules import accepts, bounds, code_of, codes_of_year, is_code
from cell_erp.receipts.rules import fifo
from cell_erp.reports.rules import Figures, bucket, roll_up
from cell_erp.taxes.rates import dated_rates
from cell_erp.taxes.rules import rate_on
from cell_erp.vouchers.rules import derive_voucher, entry, is_balanced, missing_dimensions, one_side_each, red_lines
from hypothesis import given
from hypothesis import strategies as st

D = Decimal


def voucher(*amounts: tuple[str, str]) -> dict[str, object]:
    row: dict[str, object] = {"lines": [entry("a", "", debit=D(debit), credit=D(credit)) for debit, credit in amounts]}
    derive_voucher(row)
    return row


def test_balance_of_a_voucher() -> None:
    assert is_balanced(voucher(("113", "0"), ("0", "100"), ("0", "13")))
    assert not is_balanced(voucher(("113", "0"), ("0", "100")))
    assert not is_balanced(voucher(("0", "0")))
    assert not one_side_each(voucher(("1", "1"), ("0", "0")))
    assert one_side_each(voucher(("-5", "0"), ("0", "-5")))


def test_red_lines_keep_their_sides() -> None:
    lines = [entry("ar", "sale", debit=D(5), partner_id="p"), entry("sales", "sale", credit=D(5))]
    red = red_lines(lines, "red")
    assert [(line["debit"], line["credit"], line["partner_id"]) for line in red] == [
        (D(-5), D(0), "p"),
        (D(0), D(-5), None),
    ]


def test_auxiliary_dimensions() -> None:
    account = {"aux_partner": True, "aux_item": False, "aux_department": True}
    assert missing_dimensions(account, {"partner_id": "p", "charged_department_id": None}) == ["charged_department_id"]
    assert missing_dimensions(account, {"partner_id": "p", "charged_department_id": "d"}) == []


def test_due_dates() -> None:
    assert due_date(date(2024, 1, 31), "net", 30) == date(2024, 3, 1)
    assert due_date(date(2024, 2, 10), "month_end", 60) == date(2024, 4, 29)


def test_parts_of_a_line_bill_to_its_amount() -> None:
    order_line = {
        "quantity": D(3),
        "price": D("3.335"),
        "discount": D(0),
        "tax_rate": D("0.13"),
        "amount": D("10.01"),
        "tax": D("1.30"),
        "invoiced": D(0),
        "invoiced_amount": D(0),
        "invoiced_tax": D(0),
    }
    amounts = []
    for _ in range(3):
        amount, tax, _total = bill(order_line, D(1), tax_included=False)
        amounts.append(amount)
        order_line["invoiced"] += 1
        order_line["invoiced_amount"] += amount
        order_line["invoiced_tax"] += tax
    assert amounts == [D("3.34"), D("3.34"), D("3.33")]
    assert (order_line["invoiced_amount"], order_line["invoiced_tax"]) == (D("10.01"), D("1.30"))


def test_payment_state() -> None:
    assert [state_by_open(D(5), D(left)) for left in (5, 2, 0)] == ["posted", "part_paid", "paid"]


def invoices(*open_amounts: str) -> list[dict[str, object]]:
    return [
        {
            "id": number,
            "number": f"AR{number}",
            "due_date": date(2024, 1, 28 - number),
            "invoice_date": date(2024, 1, 1),
            "open_amount": D(amount),
        }
        for number, amount in enumerate(open_amounts)
    ]


def test_fifo_fills_the_oldest_due_first() -> None:
    assert fifo(D(100), invoices("50", "30", "40")) == [(2, D(40)), (1, D(30)), (0, D(30))]


@given(st.decimals(0, 10**6, places=2), st.lists(st.decimals(0, 10**5, places=2), max_size=20))
def test_fifo_never_exceeds_money_or_invoice(amount: Decimal, open_amounts: list[Decimal]) -> None:
    rows = invoices(*(str(item) for item in open_amounts))
    shares = dict(fifo(amount, rows))
    assert sum(shares.values()) == min(amount, sum(open_amounts, D(0)))
    assert all(0 < share <= open_amounts[key] for key, share in shares.items())


def test_periods() -> None:
    assert code_of(date(1996, 7, 4)) == "1996-07"
    assert bounds("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert codes_of_year(1996)[0] == "1996-01"
    assert [is_code(text) for text in ("1996-07", "1996-13", "96-07", "1996-7", "0000-01")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert [
        accepts(state, stock=stock) for state in ("open", "stock_closed", "gl_closed") for stock in (True, False)
    ] == [
        True,
        True,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2018, 4, 30), "0.17"),
        (date(2018, 5, 1), "0.16"),
        (date(2019, 3, 31), "0.16"),
        (date(2019, 4, 1), "0.13"),
        (date(2026, 11, 22), "0.13"),
    ],
)
def test_standard_rate_by_date(day: date, rate: str) -> None:
    assert rate_on(dated_rates(), "VAT-STANDARD", day) == D(rate)


def test_no_rate_before_the_table_begins() -> None:
    assert rate_on(dated_rates(), "VAT-STANDARD", date(1990, 1, 1)) is None


def test_every_rate_names_its_source_and_none_overlap() -> None:
    rates = sorted(dated_rates(), key=lambda rate: (rate["code"], rate["valid_from"]))
    assert all(rate["legal_source"] for rate in rates)
    for earlier, later in pairwise(rates):
        if earlier["code"] == later["code"]:
            assert earlier["valid_to"] is not None
            assert earlier["valid_to"] < later["valid_from"]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 1, 10), "not_due"),
        (date(2024, 1, 11), "days_1_30"),
        (date(2024, 2, 9), "days_1_30"),
        (date(2024, 2, 10), "days_31_60"),
        (date(2024, 4, 9), "days_61_90"),
        (date(2024, 4, 10), "over_90"),
    ],
)
def test_ageing_buckets(day: date, name: str) -> None:
    assert bucket(date(2024, 1, 10), day) == name


def test_parents_sum_their_children() -> None:
    accounts = [
        {"id": 1, "parent_account_id": None},
        {"id": 2, "parent_account_id": 1},
        {"id": 3, "parent_account_id": 2},
    ]
    figures = roll_up(accounts, {3: Figures(D(1), D(5), D(2)), 2: Figures(D(0), D(1), D(0))})
    assert figures[1].closing == figures[2].closing == D(5)
    assert figures[3].closing == D(4)


def test_chart_has_the_66_accounts_of_the_standard_and_is_a_tree() -> None:
    chart = small_business_chart()
    top = [account for account in chart if not account["parent"]]
    assert len(top) == 66
    codes = [account["code"] for account in chart]
    assert len(set(codes)) == len(codes)
    seen: set[str] = set()
    for account in chart:  # parents come before their children
        assert not account["parent"] or account["parent"] in seen
        seen.add(account["code"])
    names = {account["code"]: account["name"] for account in top}
    assert (names["1001"], names["1405"], names["5403"], names["5801"]) == (
        "库存现金",
        "库存商品",
        "税金及附加",
        "所得税费用",
    )
    assert all(account["direction"] in {"debit", "credit"} for account in chart)
