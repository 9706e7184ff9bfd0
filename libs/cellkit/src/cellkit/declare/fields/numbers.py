"""Whole numbers, exact decimals, money, prices, quantities, shares."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from cellkit.declare.fields.base import Field, FieldError
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

    def from_text(self, text: str) -> Any:
        return text.replace(",", "")

    def schema(self) -> dict[str, Any]:
        before = self.digits - self.scale
        fraction = rf"(\.[0-9]{{1,{self.scale}}})?" if self.scale else ""
        return {"type": "string", "pattern": rf"^-?[0-9]{{1,{before}}}{fraction}$"}

    def describe(self) -> dict[str, Any]:
        as_text = {"min": self.min, "max": self.max, "above": self.above}
        return {"scale": self.scale, **{key: str(value) for key, value in as_text.items() if value is not None}}


class Money(Number):
    """An amount of money in the document's currency, two digits after the point."""

    kind = "money"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, digits=18, scale=2, **options)


class Price(Number):
    """A price per unit, six digits after the point."""

    kind = "price"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, digits=18, scale=6, **options)


class Quantity(Number):
    """A quantity in the line's unit, six digits after the point."""

    kind = "quantity"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, digits=18, scale=6, **options)


class Percent(Number):
    """A share as a factor (0.15 = 15 %), eight digits after the point."""

    kind = "percent"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, **{"digits": 18, "scale": 8, "min": 0, "max": 1, **options})
