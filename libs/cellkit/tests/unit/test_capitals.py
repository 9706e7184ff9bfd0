"""Amounts in capitals against the examples of 支付结算办法, annex 1, and worked ones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cellkit.capitals import amount_in_capitals

GOLDEN = {
    # The annex's own examples; of two allowed writings the one with 零 after 元.
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "0": "零元整",
    "0.00": "零元整",
    "0.01": "壹分",
    "0.10": "壹角",
    "0.15": "壹角伍分",
    "1": "壹元整",
    "10": "壹拾元整",
    "10.10": "壹拾元零壹角",
    "100": "壹佰元整",
    "101.01": "壹佰零壹元零壹分",
    "1000": "壹仟元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "1100": "壹仟壹佰元整",
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "10010.00": "壹万零壹拾元整",
    "100100": "壹拾万零壹佰元整",
    "101000": "壹拾万壹仟元整",
    "1000000": "壹佰万元整",
    "10000000": "壹仟万元整",
    "10001000": "壹仟万壹仟元整",
    "20000500.00": "贰仟万零伍佰元整",
    "100000000": "壹亿元整",
    "100000001.50": "壹亿零壹元伍角",
    "100010000": "壹亿零壹万元整",
    "110000000": "壹亿壹仟万元整",
    "1000000000000": "壹万亿元整",
    "1234567890123456.78": "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
    "9999999999999999.99": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "1000000000000000000": "壹佰亿亿元整",
    "-1409.50": "负壹仟肆佰零玖元伍角",
    "-0.05": "负伍分",
    "-0": "零元整",
}


@pytest.mark.parametrize(("amount", "text"), GOLDEN.items())
def test_golden(amount: str, text: str) -> None:
    assert amount_in_capitals(Decimal(amount)) == text


def test_prefix() -> None:
    assert amount_in_capitals(Decimal("3.20"), prefix="人民币") == "人民币叁元贰角"


@pytest.mark.parametrize("amount", ["0.001", "1.234", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="two digits"):
        amount_in_capitals(Decimal(amount))


def test_every_amount_reads_back() -> None:
    """The capitals of an amount say it: read by a reader of its own, they give the same number."""
    values = {"零": 0, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
    units = {"拾": 10, "佰": 100, "仟": 1000}

    def whole(text: str) -> int:
        for name, unit in (("亿", 10**8), ("万", 10**4)):
            upper, found, lower = text.rpartition(name)
            if found:
                return whole(upper) * unit + whole(lower)
        total, digit = 0, 0
        for letter in text:
            if letter in units:
                total += digit * units[letter]
                digit = 0
            else:
                digit = values[letter]
        return total + digit

    state = 12345
    for _ in range(3000):
        state = state * 6364136223846793005 % 2**63
        cents = state % 10 ** (state % 17 + 1)
        if state % 3 == 0:
            cents = cents // 1000 * 1000
        text = amount_in_capitals(Decimal(cents) / 100)
        assert "零零" not in text
        yuan, found, rest = text.partition("元")
        if not found:
            yuan, rest = "零", text
        read = whole(yuan) * 100
        for name, unit in (("角", 10), ("分", 1)):
            before, found, after = rest.strip("零整").partition(name)
            if found:
                read += values[before[-1]] * unit
                rest = after
        assert read == cents, (cents, text)
