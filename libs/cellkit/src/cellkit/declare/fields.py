"""Fields of a document: how a value is read from JSON, checked, stored and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.labels import L, Label

ValueCheck = Callable[[Any], bool]


class FieldError(Exception):
    """A value breaks a rule of its field."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        self.rule = rule
        self.message = Label(zh, en)
        super().__init__(rule)


class Field:
    """One field.

    ``required``: a create must carry it. ``readonly``: only the server sets it (computed, copied); a client that
    sends it gets a clear refusal. ``default``: a value, or a function of no arguments. ``list``: shown in lists.
    ``search``: part of the free-text search. ``index``: lists may filter and sort by it fast. ``unique``: within
    the tenant. ``secret``: encrypted at rest (AES-256-GCM); with ``find=True`` it can be looked up exactly through a
    blind index. ``mask``: how a caller with the ``mask`` rule sees it (``mobile``, ``email``, ``id_card``, ``bank``,
    ``name``, ``all``). ``always_editable``: may change in every state.
    """

    kind: ClassVar[str] = "text"
    array_type: ClassVar[str] = "text"

    def __init__(  # noqa: PLR0913 - options of a declaration, all by keyword
        self,
        label: Label,
        *,
        required: bool = False,
        readonly: bool = False,
        default: Any = None,
        list: bool = False,  # noqa: A002 - the word authors expect
        search: bool = False,
        index: bool = False,
        unique: bool = False,
        secret: bool = False,
        find: bool = False,
        mask: str | None = None,
        always_editable: bool = False,
        help: Label | None = None,  # noqa: A002 - the word authors expect
        check: tuple[str, ValueCheck, Label] | None = None,
    ) -> None:
        self.name = ""
        self.label = label
        self.required = required
        self.readonly = readonly
        self.default = default
        self.list = list
        self.search = search
        self.index = index or unique
        self.unique = unique
        self.secret = secret
        self.find = find
        self.mask = mask or ("all" if secret else None)
        self.always_editable = always_editable
        self.help = help
        self.check = check

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def column_type(self) -> sa.types.TypeEngine[Any]:
        """The SQL type of the column."""
        return sa.Text()

    def parse(self, value: Any) -> Any:
        """The stored value for a JSON value that is not null; raises :class:`FieldError`."""
        raise NotImplementedError

    def accept(self, value: Any) -> Any:
        """Parse and run the field's own check."""
        parsed = self.parse(value)
        if self.check is not None and not self.check[1](parsed):
            raise FieldError(self.check[0], self.check[2].zh, self.check[2].en)
        return parsed

    def from_text(self, text: str) -> Any:
        """The JSON-like value for a cell of a CSV or spreadsheet."""
        return text

    def initial(self) -> Any:
        """The default for a new row."""
        return self.default() if callable(self.default) else self.default

    def schema(self) -> dict[str, Any]:
        """The field's JSON schema."""
        return {"type": "string"}

    def describe(self) -> dict[str, Any]:
        """What is special about this kind of field, for the web's metadata."""
        return {}


class Text(Field):
    """One line of text, at most ``max`` characters; blanks around it are cut."""

    kind = "text"

    def __init__(self, label: Label, *, max: int = 200, pattern: str | None = None, **options: Any) -> None:  # noqa: A002
        super().__init__(label, **options)
        self.max = max
        self.pattern = re.compile(pattern) if pattern else None

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise FieldError("type", "应为文本", "Text expected")
        text = value.strip()
        if len(text) > self.max:
            raise FieldError("max_length", f"最多 {self.max} 个字符", f"At most {self.max} characters")
        if self.required and not text:
            raise FieldError("required", "必填", "Required")
        if "\x00" in text:
            raise FieldError("character", "含有不允许的字符", "Contains a character that is not allowed")
        if self.pattern is not None and text and not self.pattern.fullmatch(text):
            raise FieldError("pattern", "格式不正确", "Wrong format")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max}

    def describe(self) -> dict[str, Any]:
        return {"max": self.max}


class LongText(Text):
    """Text of several lines."""

    kind = "long_text"

    def __init__(self, label: Label, *, max: int = 10_000, **options: Any) -> None:  # noqa: A002
        super().__init__(label, max=max, **options)


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


_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


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


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Date(Field):
    """A calendar day, ``YYYY-MM-DD``."""

    kind, array_type = "date", "date"

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.Date()

    def parse(self, value: Any) -> date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            # Python reads ISO weeks as well; the contract knows calendar days only.
            if not isinstance(value, str) or not _DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            raise FieldError("type", "应为日期 YYYY-MM-DD", "Date YYYY-MM-DD expected") from None

    def from_text(self, text: str) -> Any:
        cut = text.strip().replace("/", "-").replace(".", "-")[:10]
        parts = cut.split("-")
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            return f"{parts[0]:0>4}-{parts[1]:0>2}-{parts[2]:0>2}"
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Moment(Field):
    """A point in time, stored in UTC; RFC 3339 with an offset in JSON."""

    kind, array_type = "moment", "timestamptz"

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.DateTime(timezone=True)

    def parse(self, value: Any) -> datetime:
        try:
            parsed = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            if parsed.tzinfo is None:
                raise ValueError
            return parsed.astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            raise FieldError("type", "应为带时区的时间", "Time with offset expected (RFC 3339)") from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


class Flag(Field):
    """Yes or no."""

    kind, array_type = "flag", "boolean"

    def __init__(self, label: Label, *, default: bool = False, **options: Any) -> None:
        super().__init__(label, default=default, **options)

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.Boolean()

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise FieldError("type", "应为是/否", "true or false expected")
        return value

    def from_text(self, text: str) -> Any:
        known = {
            "是": True,
            "1": True,
            "true": True,
            "yes": True,
            "y": True,
            "否": False,
            "0": False,
            "false": False,
            "no": False,
            "n": False,
        }
        return known.get(text.strip().lower(), text)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Choice(Field):
    """One of a fixed list: ``Choice(L(…), "local:市内:Local", "far:长途:Long distance")``."""

    kind = "choice"

    def __init__(self, label: Label, *options_text: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.options: dict[str, Label] = {}
        for text in options_text:
            value, zh, en = text.split(":")
            self.options[value] = L(zh, en)

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            allowed = ", ".join(self.options)
            raise FieldError("choice", f"应为以下之一：{allowed}", f"Must be one of: {allowed}")
        return value

    def from_text(self, text: str) -> Any:
        for value, label in self.options.items():
            if text in (value, label.zh, label.en):
                return value
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.options)}

    def describe(self) -> dict[str, Any]:
        return {"options": [{"value": value, "label": label.as_json()} for value, label in self.options.items()]}


def parse_uuid(value: Any) -> UUID:
    """A UUID from JSON; raises :class:`FieldError`."""
    if isinstance(value, UUID):
        return value
    try:
        if not isinstance(value, str) or len(value) != 36:
            raise ValueError
        return UUID(value)
    except ValueError:
        raise FieldError("type", "应为编号（UUID）", "UUID expected") from None


class Ref(Field):
    """A reference to a document of the same cell (``to="erp.item"``), kept by a foreign key.

    Answers carry the target's title as ``<name without _id>_label``.
    """

    kind, array_type = "reference", "uuid"

    def __init__(self, label: Label, *, to: str, **options: Any) -> None:
        super().__init__(label, **{"index": True, **options})
        self.to = to

    @property
    def label_name(self) -> str:
        """The answer's key for the target's title."""
        return self.name.removesuffix("_id") + "_label"

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.UUID(as_uuid=True)

    def parse(self, value: Any) -> UUID:
        return parse_uuid(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def describe(self) -> dict[str, Any]:
        return {"to": self.to}


class ExternalRef(Field):
    """A reference to a document of another cell: its id, never a join; keep a label in a field beside it."""

    kind, array_type = "external_reference", "text"

    def __init__(self, label: Label, *, to: str, **options: Any) -> None:
        super().__init__(label, **{"index": True, **options})
        self.to = to

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > 100:
            raise FieldError("type", "应为编号", "An id expected")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 100}

    def describe(self) -> dict[str, Any]:
        return {"to": self.to}


class UserRef(ExternalRef):
    """A user of the tenant."""

    kind = "user"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, to="identity.user", **options)


class DepartmentRef(ExternalRef):
    """A department of the tenant."""

    kind = "department"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, to="identity.department", **options)


class Json(Field):
    """A JSON value that the kit does not look into, at most ``max_bytes`` long."""

    kind, array_type = "json", "jsonb"

    def __init__(self, label: Label, *, max_bytes: int = 65_536, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_bytes = max_bytes

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.JSONB()

    def parse(self, value: Any) -> Any:
        from cellkit.http.messages import to_json  # noqa: PLC0415 - messages need no fields, fields need one function

        if len(to_json(value)) > self.max_bytes:
            raise FieldError("max_length", f"最多 {self.max_bytes} 字节", f"At most {self.max_bytes} bytes")
        return value

    def schema(self) -> dict[str, Any]:
        return {}


def names_of(fields: Sequence[Field]) -> tuple[str, ...]:
    """The names of fields, in order."""
    return tuple(field.name for field in fields)
