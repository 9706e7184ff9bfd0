"""Days, times of day and points in time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from cellkit.declare.fields.base import Field, FieldError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
_TYPED_TIME = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})([:：]([0-9]{2})(\.0*)?)?")


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

    def to_extension(self, value: Any) -> Any:
        return value.isoformat()

    def from_extension(self, value: Any) -> Any:
        return date.fromisoformat(value)

    def from_text(self, text: str) -> Any:
        cut = text.strip().replace("/", "-").replace(".", "-")[:10]
        parts = cut.split("-")
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            return f"{parts[0]:0>4}-{parts[1]:0>2}-{parts[2]:0>2}"
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Time(Field):
    """A time of day without a zone, ``HH:MM`` or ``HH:MM:SS`` (answers: ``HH:MM:SS``)."""

    kind, array_type = "time", "time"

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.Time()

    def parse(self, value: Any) -> time:
        if isinstance(value, time) and value.tzinfo is None:
            return value.replace(microsecond=0)
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise FieldError("type", "应为时间 HH:MM 或 HH:MM:SS", "Time HH:MM or HH:MM:SS expected")
        return time.fromisoformat(value)

    def to_extension(self, value: Any) -> Any:
        return value.isoformat()

    def from_extension(self, value: Any) -> Any:
        return time.fromisoformat(value)

    def from_text(self, text: str) -> Any:
        match = _TYPED_TIME.fullmatch(text.strip())
        return text if match is None else f"{match[1]:0>2}:{match[2]}:{match[4] or '00'}"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}


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

    def to_extension(self, value: Any) -> Any:
        # Of one width, so that texts sort as the moments do.
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)

    def from_extension(self, value: Any) -> Any:
        return datetime.fromisoformat(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}
