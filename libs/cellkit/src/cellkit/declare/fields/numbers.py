"""Whole numbers, exact decimals, money, prices, quantities, shares."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from cellkit.declare.fields.base import Field, FieldError
from cellkit.declare.fields.currencies import digits_of
from cellkit.labels import Label

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


class Integer(Field):
    """A whole number (64 bit)."""

    kind, array_type = "integer", "bigint"

    def __init__(self, label: Label, *, min: int | None = None, max: int | None = None, **options: Any) -> None:  # noqa: A002
        super().__init__(label, **options)
        self.min, self.max = min, max

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.BigInteger()

    def parse(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise FieldError("type", "应为整数", "Whole number expected")
        low = -(2**63) if self.min is None else self.min
        high = 2**63 - 1 if self.max is None else self.max
        if not low <= value <= high:
            raise FieldError("range", f"应在 {low} 与 {high} 之间", f"Must be between {low} and {high}")
        return value

    def filter_value(self, value: Any) -> Any:
        return Integer.parse(_ANY_INTEGER, value)

    def from_text(self, text: str) -> Any:
        try:
            return int(text)
        except ValueError:
            return text

    def schema(self) -> dict[str, Any]:
        low = -(2**63) if self.min is None else self.min
        high = 2**63 - 1 if self.max is None else self.max
        return {"type": "integer", "format": "int64", "minimum": low, "maximum": high}

    def describe(self) -> dict[str, Any]:
        return {"min": self.min, "max": self.max}


class Number(Field):
    """An exact decimal with ``digits`` in all and ``scale`` after the point; a string in JSON.

    More digits after the point than ``scale`` are refused, not rounded, because rounding is a business decision.
    """

    kind, array_type = "decimal", "numeric"

    def __init__(
        self,
        label: Label,
        *,
        digits: int = 18,
        scale: int = 2,
        min: Decimal | int | str | None = None,  # noqa: A002
        max: Decimal | int | str | None = None,  # noqa: A002
        above: Decimal | int | str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.digits, self.scale = digits, scale
        self.min = None if min is None else Decimal(min)
        self.max = None if max is None else Decimal(max)
        self.above = None if above is None else Decimal(above)
        self.unit = Decimal(1).scaleb(-scale)
        self.limit = Decimal(10) ** (digits - scale)

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.Numeric(self.digits, self.scale)

    def round(self, value: Decimal) -> Decimal:
        """Half up to the field's scale; for computed values."""
        return value.quantize(self.unit, ROUND_HALF_UP)

    def padded(self, value: Any) -> Any:
        """A value of the cell's own code as its column will give it back: ``0`` is ``0.00``."""
        if type(value) is int:
            value = Decimal(value)
        if not isinstance(value, Decimal) or value.same_quantum(self.unit) or not value.is_finite():
            return value
        try:
            exact = self.round(value)
        except InvalidOperation:
            return value
        # The digits of a tenant's own field are kept where it allows fewer now than when it was written.
        return exact if exact == value or not self.custom else value

    def parse(self, value: Any) -> Decimal:
        if isinstance(value, Decimal):
            number = value
        elif (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, str) and _DECIMAL.fullmatch(value)
        ):
            number = Decimal(value)
        else:
            raise FieldError(
                "type", '应为数字（字符串形式，如 "12.50"）', 'A number as a string expected, like "12.50"'
            )
        if not number.is_finite() or not -self.limit < number < self.limit:
            raise FieldError(
                "range",
                f"整数位最多 {self.digits - self.scale} 位",
                f"At most {self.digits - self.scale} digits before the point",
            )
        try:
            exact = number.quantize(self.unit)
        except InvalidOperation:
            raise FieldError("range", "数字过大", "Number too large") from None
        if exact != number:
            raise FieldError("scale", f"小数最多 {self.scale} 位", f"At most {self.scale} digits after the point")
        if self.min is not None and exact < self.min:
            raise FieldError("min", f"不能小于 {self.min}", f"Must be at least {self.min}")
        if self.max is not None and exact > self.max:
            raise FieldError("max", f"不能大于 {self.max}", f"Must be at most {self.max}")
        if self.above is not None and exact <= self.above:
            raise FieldError("above", f"必须大于 {self.above}", f"Must be greater than {self.above}")
        return exact

    def filter_value(self, value: Any) -> Any:
        # A limit of what may be written is none of what may be asked for.
        return Number.parse(_ANY_NUMBER, value)

    def to_extension(self, value: Any) -> Any:
        return format(value, "f")

    def from_extension(self, value: Any) -> Any:
        number = Decimal(value)
        padded = self.round(number)
        # Not rounded where fewer digits are allowed now than when it was written.
        return padded if padded == number else number

    def from_text(self, text: str) -> Any:
        return text.replace(",", "").replace("，", "")

    def schema(self) -> dict[str, Any]:
        before = self.digits - self.scale
        fraction = rf"(\.[0-9]{{1,{self.scale}}})?" if self.scale else ""
        return {"type": "string", "pattern": rf"^-?[0-9]{{1,{before}}}{fraction}$"}

    def describe(self) -> dict[str, Any]:
        as_text = {"min": self.min, "max": self.max, "above": self.above}
        return {"scale": self.scale, **{key: str(value) for key, value in as_text.items() if value is not None}}


class Money(Number):
    """An amount of money.

    ``Money(L(…))``: two digits after the point, in the currency of the document's own rule. ``currency="JPY"``: always
    that currency, with its digits of ISO 4217. ``currency_field="currency"``: the currency stands in that field of the
    same row (see :class:`Currency`), which must then be filled, and the amount has at most its digits.
    """

    kind = "money"

    def __init__(
        self, label: Label, *, currency: str | None = None, currency_field: str | None = None, **options: Any
    ) -> None:
        scale = 2
        if currency is not None:
            scale = digits_of(currency)
        elif currency_field is not None:
            scale = 4
        super().__init__(label, **{"digits": 18, "scale": scale, **options})
        self.currency, self.currency_field = currency, currency_field
        self.checks_row = currency_field is not None

    def partners(self) -> tuple[str, ...]:
        return () if self.currency_field is None else (self.currency_field,)

    def check_row(self, row: dict[str, Any]) -> None:
        value = row.get(self.name)
        if self.currency_field is None or value is None:
            return
        currency = row.get(self.currency_field)
        if not currency:
            raise FieldError("currency", "填写金额时必须选择币种", "An amount needs its currency")
        digits = digits_of(currency)
        if value != value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):
            raise FieldError(
                "scale", f"{currency} 的小数最多 {digits} 位", f"{currency} has at most {digits} digits after the point"
            )

    def describe(self) -> dict[str, Any]:
        named = {"currency": self.currency, "currency_field": self.currency_field}
        return super().describe() | {key: value for key, value in named.items() if value is not None}


class Price(Number):
    """A price per unit, six digits after the point."""

    kind = "price"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, **{"digits": 18, "scale": 6, **options})


class Quantity(Number):
    """A quantity, six digits after the point.

    ``unit="kg"``: always in that unit. ``unit_field="unit"``: the unit stands in that field of the same row, which
    must then be filled.
    """

    kind = "quantity"

    def __init__(self, label: Label, *, unit: str | None = None, unit_field: str | None = None, **options: Any) -> None:
        super().__init__(label, **{"digits": 18, "scale": 6, **options})
        self.measure, self.unit_field = unit, unit_field
        self.checks_row = unit_field is not None

    def partners(self) -> tuple[str, ...]:
        return () if self.unit_field is None else (self.unit_field,)

    def check_row(self, row: dict[str, Any]) -> None:
        if self.unit_field is not None and row.get(self.name) is not None and not row.get(self.unit_field):
            raise FieldError("unit", "填写数量时必须填写单位", "A quantity needs its unit")

    def describe(self) -> dict[str, Any]:
        named = {"unit": self.measure, "unit_field": self.unit_field}
        return super().describe() | {key: value for key, value in named.items() if value is not None}


class Percent(Number):
    """A share as a factor (0.15 = 15 %), eight digits after the point."""

    kind = "percent"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, **{"digits": 18, "scale": 8, "min": 0, "max": 1, **options})


_ANY_NUMBER = Number(Label("数字", "Number"), digits=40, scale=12)
_ANY_INTEGER = Integer(Label("整数", "Whole number"))
