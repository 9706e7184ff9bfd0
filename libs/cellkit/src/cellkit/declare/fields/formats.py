"""Formats of texts that have rules of their own: numbers of mainland China, addresses of mail and web.

Each reads what people type (blanks, hyphens, a country code) and gives it in one way of writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cellkit.declare.fields.base import FieldError
from cellkit.labels import L, Label

_JOINTS = re.compile(r"[\s\-－—()（）]+")
_COUNTRY = re.compile(r"^(\+|00)?86(?=1[3-9]\d{9}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# GB/T 2260 area codes have three or four digits; 95xxx and 400/800 numbers have none.
_LANDLINE = re.compile(r"(?:\+?86)?(0[1-9]\d{1,2})(\d{7,8})")
_SERVICE = re.compile(r"[48]00\d{7}|95\d{3,6}|1[02]\d{3}")
_EXTENSION = re.compile(r"^(.*?)(?:转|#|ext\.?|[x×])\s*(\d{1,6})$|^(.*\d{7,8})[\-－](\d{1,6})$", re.IGNORECASE)
_CARD = re.compile(r"\d{13,19}")
_POSTCODE = re.compile(r"\d{6}")
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_URL = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)
# GB/T 2260 provinces, and those of the residence permits for people of Hong Kong, Macao and Taiwan.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_OLDEST = date(1850, 1, 1)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, and what reads a text or raises :class:`ValueError`."""

    label: Label
    read: Callable[[str], str]

    def accept(self, text: str) -> str:
        """The text as it is stored; raises :class:`FieldError`."""
        try:
            return self.read(text)
        except ValueError as error:
            why = error.args[0] if error.args and isinstance(error.args[0], Label) else L("", "")
            detail = L(f"（{why.zh}）", f" ({why.en})") if why.zh else why
            raise FieldError(
                "format",
                f"不是有效的{self.label.zh}{detail.zh}",
                f"Not a valid {self.label.en}{detail.en}",
            ) from None


def mobile(text: str) -> str:
    """A mobile number of the mainland, eleven digits."""
    number = _COUNTRY.sub("", _JOINTS.sub("", text))
    if not _MOBILE.fullmatch(number):
        raise ValueError(number)
    return number


def landline(text: str) -> str:
    """A landline, ``010-12345678`` with perhaps ``-123`` behind it, or a service number (400, 800, 95…)."""
    extension = _EXTENSION.match(text.strip())
    main, inner = (extension[1] or extension[3], extension[2] or extension[4]) if extension else (text, "")
    digits = _JOINTS.sub("", main)
    found = _LANDLINE.fullmatch(digits)
    if found is not None:
        area, number = found[1], found[2]
        # 010 and 02x have three digits, everything else four; a greedy reading gets some of them wrong.
        whole = area + number
        width = 3 if whole[1] in "12" else 4
        area, number = whole[:width], whole[width:]
        if len(number) not in (7, 8):
            raise ValueError(text)
        joined = f"{area}-{number}"
    elif _SERVICE.fullmatch(digits):
        joined = digits
    else:
        raise ValueError(text)
    return f"{joined}-{inner}" if inner else joined


def phone(text: str) -> str:
    """A mobile number or a landline."""
    try:
        return mobile(text)
    except ValueError:
        return landline(text)


def id_card(text: str) -> str:
    """A resident identity number (GB 11643): province, birth date, check digit (``python-stdnum``).

    Not the county: numbers are given out under county codes of any year, and a list of them is never complete.
    """
    from stdnum.cn import ric  # noqa: PLC0415 - few fields have it

    number: str = ric.compact(text)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise ValueError(L("应为 18 位", "18 digits expected"))
    if not _PROVINCES.fullmatch(number[:2]):
        raise ValueError(L("地区码不存在", "no such region"))
    if not _OLDEST <= birth_date(number) <= datetime.now(UTC).date():
        raise ValueError(L("出生日期不正确", "wrong birth date"))
    if ric.calc_check_digit(number) != number[-1]:
        raise ValueError(L("校验位不正确", "wrong check digit"))
    return number


def birth_date(number: str) -> date:
    """The birth date in a resident identity number; raises :class:`ValueError` when it holds none."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValueError(L("出生日期不正确", "wrong birth date")) from None


def is_male(number: str) -> bool:
    """The sex in a resident identity number: its 17th digit is odd for men."""
    return int(number[16]) % 2 == 1


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100) with its check character (``python-stdnum``)."""
    from stdnum.cn import uscc  # noqa: PLC0415 - few fields have it
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    try:
        return str(uscc.validate(text))
    except ValidationError:
        raise ValueError(L("应为 18 位且校验位正确", "18 characters with a right check character")) from None


def bank_card(text: str) -> str:
    """A bank card number of 13 to 19 digits with its check digit (Luhn, ``python-stdnum``)."""
    from stdnum import luhn  # noqa: PLC0415 - few fields have it

    number = _JOINTS.sub("", text)
    if not _CARD.fullmatch(number):
        raise ValueError(L("应为 13–19 位数字", "13–19 digits expected"))
    if not luhn.is_valid(number):
        raise ValueError(L("校验位不正确", "wrong check digit"))
    return number


def _matched(pattern: re.Pattern[str], *, lower: bool = False) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text.lower() if lower else text

    return read


FORMATS: dict[str, Format] = {
    "mobile": Format(L("手机号码", "mobile number"), mobile),
    "landline": Format(L("固定电话", "landline number"), landline),
    "phone": Format(L("电话号码", "phone number"), phone),
    "id_card": Format(L("身份证号码", "identity number"), id_card),
    "credit_code": Format(L("统一社会信用代码", "unified social credit code"), credit_code),
    "bank_card": Format(L("银行卡号", "bank card number"), bank_card),
    "postcode": Format(L("邮政编码", "postcode"), _matched(_POSTCODE)),
    "email": Format(L("电子邮箱", "e-mail address"), _matched(_MAIL)),
    "url": Format(L("网址", "web address"), _matched(_URL)),
}
"""The formats of :class:`~cellkit.declare.Text` by name."""
