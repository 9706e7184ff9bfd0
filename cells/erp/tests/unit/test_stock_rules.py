"""Moving average cost: the golden vector, and properties that hold for any sequence of moves."""

from decimal import Decimal

from cell_erp.figures import money
from cell_erp.stock.rules import Position, covers, issue, receive, withdraw
from hypothesis import given
from hypothesis import strategies as st

D = Decimal


def test_golden_vector() -> None:
    position = receive(Position(), D(100), D(1000)).after
    position = receive(position, D(50), D(625)).after
    first = issue(position, D(120))
    assert -first.value == D("1300.00")
    position = receive(first.after, D(80), D(880)).after
    second = issue(position, D(60))
    assert -second.value == D("657.27")
    assert (second.after.quantity, second.after.value) == (D(50), D("547.73"))
    assert second.unit_cost == D("10.954500")


def test_last_unit_takes_the_rest() -> None:
    position = receive(Position(), D(3), D("10.00")).after
    costs = []
    for _ in range(3):
        movement = issue(position, D(1))
        costs.append(-movement.value)
        position = movement.after
    assert costs == [D("3.33"), D("3.34"), D("3.33")]
    assert (position.quantity, position.value) == (D(0), D("0.00"))


def test_negative_stock_leaves_at_last_average_and_is_settled_by_the_next_receipt() -> None:
    position = receive(Position(), D(10), D("100.00")).after
    out = issue(position, D(14))
    assert not covers(position, D(14))
    assert out.value == D("-140.00")
    assert (out.after.quantity, out.after.value) == (D(-4), D("-40.00"))
    back = receive(out.after, D(10), D("120.00"))
    assert back.adjustment == D("8.00")  # four pieces went out at 10 and cost 12
    assert (back.after.quantity, back.after.value, back.after.average) == (D(6), D("72.00"), D("12.000000"))


def test_a_receipt_that_does_not_fill_the_gap_keeps_the_old_average_for_the_rest() -> None:
    short = issue(receive(Position(), D(1), D("10.00")).after, D(6)).after
    movement = receive(short, D(2), D("30.00"))
    assert movement.after.quantity == D(-3)
    assert movement.after.value == D("-30.00")
    assert movement.adjustment == D("10.00")


def test_withdrawing_a_receipt_is_refused_when_the_rest_would_be_impossible() -> None:
    position = receive(receive(Position(), D(5), D("50.00")).after, D(5), D("100.00")).after
    assert withdraw(position, D(5), D("100.00")).after == Position(D(5), D("50.00"), D("10.000000"))  # type: ignore[union-attr]
    left = issue(position, D(6)).after
    assert withdraw(left, D(5), D("50.00")) is None
    assert withdraw(issue(position, D(5)).after, D(5), D("100.00")) is None


moves = st.lists(
    st.tuples(st.booleans(), st.integers(1, 10**9), st.integers(0, 10**11)),
    min_size=1,
    max_size=40,
)


@given(moves)
def test_value_is_never_lost_or_made(sequence: list[tuple[bool, int, int]]) -> None:
    position = Position()
    total = D(0)
    for is_receipt, units, cents in sequence:
        quantity = D(units).scaleb(-6)
        if is_receipt:
            movement = receive(position, quantity, D(cents).scaleb(-2))
        elif covers(position, quantity):
            movement = issue(position, quantity)
        else:
            continue
        total += movement.value - movement.adjustment
        position = movement.after
        assert position.value == total
        assert position.quantity >= 0
        assert position.value >= 0
        assert position.value == money(position.value)
        if position.quantity == 0:
            assert position.value == 0


@given(moves)
def test_ledger_and_balance_agree_even_when_stock_goes_negative(sequence: list[tuple[bool, int, int]]) -> None:
    position = Position()
    value = quantity_total = D(0)
    for is_receipt, units, cents in sequence:
        quantity = D(units).scaleb(-6)
        movement = receive(position, quantity, D(cents).scaleb(-2)) if is_receipt else issue(position, quantity)
        value += movement.value - movement.adjustment
        quantity_total += movement.quantity
        position = movement.after
        assert (position.quantity, position.value) == (quantity_total, value)
