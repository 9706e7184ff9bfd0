"""Field types of the CRM: values are brought to one form when they arrive, so that equal ones are found as equal."""

from __future__ import annotations

import re
from typing import Any

from stdnum.cn import uscc

from cellkit.declare import Text
from cellkit.declare.fields import FieldError
from cellkit.labels import Label

_SEPARATORS = re.compile(r"[\s\-()（）.]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FOREIGN_MOBILE = re.compile(r"\+[1-9]\d{5,14}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")


class Mobile(Text):
    """A mobile number: a Chinese one as 11 digits, a foreign one as ``+`` and digits."""

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, **{"max": 30, "secret": True, "find": True, "mask": "mobile", **options})

    def parse(self, value: Any) -> Any:
        """The number without separators; an empty one is None."""
        text = _SEPARATORS.sub("", super().parse(value))
        if text.startswith("00"):
            text = "+" + text[2:]
        text = text.removeprefix("+86")
        if not text:
            return None
        if _MOBILE.fullmatch(text) or _FOREIGN_MOBILE.fullmatch(text):
            return text
        raise FieldError("mobile", "手机号格式不正确", "Not a valid mobile number")


class Email(Text):
    """An e-mail address in lower case."""

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, **{"max": 254, "secret": True, "find": True, "mask": "email", **options})

    def parse(self, value: Any) -> Any:
        """The address; an empty one is None."""
        text = super().parse(value).lower()
        if not text:
            return None
        if _EMAIL.fullmatch(text):
            return text
        raise FieldError("email", "邮箱格式不正确", "Not a valid e-mail address")


class CreditCode(Text):
    """A unified social credit code (GB 32100), 18 characters with a valid check character."""

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, **{"max": 30, **options})

    def parse(self, value: Any) -> Any:
        """The code in capitals without blanks; an empty one is None."""
        text = _SEPARATORS.sub("", super().parse(value)).upper()
        if not text:
            return None
        if uscc.is_valid(text):
            return text
        raise FieldError("credit_code", "统一社会信用代码不正确", "Not a valid unified social credit code")
