"""Between a cell's text and a field's value, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from cellkit.declare.fields import Choice, DictionaryChoice, Field, FieldError, MultiChoice, Tags, Text
from cellkit.http.messages import from_json, to_json

Reader = Callable[[str], Any]
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_GUARDED = re.compile(rf"'+[{re.escape(FORMULA_STARTS)}]")
_NEEDS_GUARD = re.compile(rf"'*[{re.escape(FORMULA_STARTS)}]")
_CHINESE_DATE = str.maketrans({"年": "-", "月": "-", "日": None})
_YES_NO = {True: ("是", "yes"), False: ("否", "no")}
_KEPT_AS_TYPED = (Text,)


def guard(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; :func:`unguard` gives the same text back.

    Texts that look guarded already get one more apostrophe, so nothing is lost on the way there and back.
    """
    return "'" + text if _NEEDS_GUARD.match(text) else text


def unguard(text: str) -> str:
    """The text before :func:`guard`."""
    return text[1:] if _GUARDED.match(text) else text


def reader(item: Field, zone: tzinfo, *, quoted: bool) -> Reader:
    """How the cells of a column are read; raises :class:`FieldError` for what cannot be."""
    if item.kind == "json":
        return _read_json
    if item.kind == "moment":
        return lambda text: _read_moment(text, zone)
    if item.kind == "date":
        return lambda text: item.from_text(text.translate(_CHINESE_DATE))
    if item.kind == "percent":
        return lambda text: _read_percent(item, text)
    read = _unmasked(item.from_text) if item.mask is not None else item.from_text
    if quoted and isinstance(item, _KEPT_AS_TYPED):
        return lambda text: read(unguard(text)) if text[0] == "'" else read(text)
    return read


def _unmasked(read: Reader) -> Reader:
    def checked(text: str) -> Any:
        if "***" in text:
            # An exported mask, read back, would overwrite the value that it stands for.
            raise FieldError(
                "masked",
                "是脱敏后的值，请填写完整内容或留空",
                "This is a masked value; write it in full or leave it empty",
            )
        return read(text)

    return checked


def _read_json(text: str) -> Any:
    try:
        return from_json(text)
    except (msgspec.DecodeError, RecursionError):
        raise FieldError("type", "应为 JSON", "JSON expected") from None


def _read_moment(text: str, zone: tzinfo) -> Any:
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return text
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _read_percent(item: Field, text: str) -> Any:
    if text.endswith(("%", "％")):
        try:
            return Decimal(text[:-1].strip()) / 100
        except InvalidOperation:
            return text
    return item.from_text(text)


def shown(item: Field | None, value: Any, zone: tzinfo, language: str) -> Any:
    """A stored or masked value as an exported cell: a text, an exact decimal, a whole number or a day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[value][language.startswith("en")]
    if isinstance(value, str):
        return _word(item, value, language)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ")
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, dict | list):
        several = isinstance(item, MultiChoice | Tags) and isinstance(value, list)
        return "；".join(_word(item, one, language) for one in value) if several else to_json(value).decode()
    if isinstance(value, Decimal) and item is not None and item.kind not in ("money", "decimal"):
        return _short(value)
    return value


def _word(item: Field | None, value: str, language: str) -> str:
    if isinstance(item, Choice | MultiChoice) and value in item.options:
        return item.options[value].text(language)
    return item.text_of(value, language) if isinstance(item, DictionaryChoice) else value


def _short(value: Decimal) -> Decimal:
    """Without zeros at the end: 3, not 3.000000."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
