"""Amounts in words, as Chinese vouchers and contracts carry them (支付结算办法 appendix 1)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")
_CENT = Decimal("0.01")


def capitals(amount: Decimal) -> str:
    """``1680.32`` → ``壹仟陆佰捌拾元叁角贰分``; ``107000.53`` → ``壹拾万柒仟元伍角叁分``; negative ones get 负."""
    cents = int(abs(amount).quantize(_CENT, ROUND_HALF_UP) * 100)
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    if fen:
        text += f"{_DIGITS[fen]}分"
    else:
        text = (text or "零元") + "整"
    return f"负{text}" if amount < 0 and cents else text


def _whole(number: int) -> str:
    parts: list[str] = []
    place = 0
    pending_zero = False
    while number:
        number, group = divmod(number, 10_000)
        if group:
            words = _group(group)
            if pending_zero:
                words += _GROUPS[place] + "零"
            else:
                words += _GROUPS[place]
            parts.append(words)
            # A group below a thousand is read with a zero before it.
            pending_zero = group < 1000
        elif parts:
            pending_zero = True
        place += 1
    return "".join(reversed(parts))


def _group(number: int) -> str:
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _UNITS[place]
            zero = False
        else:
            zero = True
    return text
