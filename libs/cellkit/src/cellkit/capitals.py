"""Amounts in Chinese capitals (人民币大写) as cheques, vouchers and contracts carry them.

The rules are those of 支付结算办法, annex 1 (正确填写票据和结算凭证的基本规定): one 零 for zeros in a row, none for
zeros at the end, 整 after 元 where nothing follows and nothing after 角 or 分. Where the rules leave it open whether a
零 stands (元 is zero and 角 is not), it stands.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_PRECISION = 100
_TEN_THOUSAND = 10_000
_HUNDRED_MILLION = 100_000_000


def amount_in_capitals(amount: Decimal, *, prefix: str = "") -> str:
    """An amount of yuan in capitals: ``1409.50`` → ``壹仟肆佰零玖元伍角``, ``-0.05`` → ``负伍分``, ``0`` → ``零元整``.

    ``prefix``: what stands before it without a gap, usually ``人民币``. Any size. Raises :class:`ValueError` for more
    digits than 分 and for what is no finite number, because rounding is a business decision.
    """
    with localcontext(prec=_PRECISION):
        exact = amount.is_finite() and abs(amount) * 100 == int(abs(amount) * 100)
        if not exact:
            message = f"an amount has at most two digits after the point: {amount}"
            raise ValueError(message)
        whole, cents = divmod(int(abs(amount) * 100), 100)
    text = f"{prefix}{'负' if amount < 0 else ''}"
    if whole:
        text += _integer(whole) + "元"
    jiao, fen = divmod(cents, 10)
    if not cents:
        return text + ("整" if whole else "零元整")
    if jiao:
        # A yuan place of zero before a tenth: 壹拾万柒仟元零伍角.
        text += ("零" if whole and whole % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (_DIGITS[fen] + "分" if fen else "")


def _integer(number: int) -> str:
    """A positive whole number."""
    for unit, name in ((_HUNDRED_MILLION, "亿"), (_TEN_THOUSAND, "万")):
        if number >= unit:
            upper, lower = divmod(number, unit)
            gap = "零" if 0 < lower < unit // 10 else ""
            return _integer(upper) + name + gap + (_integer(lower) if lower else "")
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
        zero = not digit
    return text
