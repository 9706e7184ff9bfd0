"""Numbers of mainland China: what is read, how it is written, what is refused."""

from __future__ import annotations

import pytest

from cellkit.declare import Currency, Money, Text
from cellkit.declare.fields import FieldError
from cellkit.declare.fields.currencies import CURRENCIES
from cellkit.declare.fields.formats import FORMATS, birth_date, is_male
from cellkit.labels import L

GOOD = {
    "mobile": {
        "13800138000": "13800138000", "+86 138-0013-8000": "13800138000", "0086 19912345678": "19912345678",
        "86-166 1234 5678": "16612345678",
    },
    "landline": {
        "010-62770334": "010-62770334", "01062770334": "010-62770334", "(021) 6277 0334": "021-62770334",
        "0755-86013388-802": "0755-86013388-802", "0755-86013388转802": "0755-86013388-802",
        "03162345678": "0316-2345678", "+86 571 8502 2088".replace("571", "0571"): "0571-85022088",
        "400-820-8820": "4008208820", "95588": "95588",
    },
    "phone": {"13800138000": "13800138000", "010-62770334": "010-62770334"},
    "id_card": {
        "11010519491231002X": "11010519491231002X", "11010519491231002x": "11010519491231002X",
        "440524188001010014": "440524188001010014", "110108 19900307 7737".replace("7737", "773X"): None,
    },
    "credit_code": {"91110000600037341L": "91110000600037341L", "9111 0000 6000 3734 1l": "91110000600037341L"},
    "bank_card": {"6222 0262 0000 0832 119": None, "4111 1111 1111 1111": "4111111111111111"},
    "postcode": {"100084": "100084"},
    "email": {"wang.wu+a@example.com.cn": "wang.wu+a@example.com.cn"},
    "url": {"https://例子.中国/a?b=1": "https://例子.中国/a?b=1"},
}  # fmt: skip
BAD = {
    "mobile": ["12800138000", "1380013800", "138001380000", "手机"],
    "landline": ["12345678", "010-123456", "0000-1234567", "110a"],
    "phone": ["123"],
    "id_card": [
        "110105194912310021", "11010519491331002X", "99010519491231002X", "110105491231002", "11010529491231002X",
        "11010519491231002Y",
    ],
    "credit_code": ["91110000600037341A", "9111000060003734", "O1110000600037341L"],
    "bank_card": ["4111111111111112", "41111111", "4111-aaaa"],
    "postcode": ["1000", "1000845", "10008a"],
    "email": ["a@b", "a b@example.com", "@example.com", "a@-x.com"],
    "url": ["ftp://x.cn", "x.cn", "https://"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [(name, text, wanted) for name, texts in GOOD.items() for text, wanted in texts.items() if wanted],
)
def test_read_and_written_in_one_way(name: str, text: str, wanted: str) -> None:
    assert Text(L("x", "x"), format=name).parse(text) == wanted


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_refused(name: str, text: str) -> None:
    with pytest.raises(FieldError) as refusal:
        Text(L("x", "x"), format=name).parse(text)
    assert refusal.value.rule == "format"
    assert FORMATS[name].label.zh in refusal.value.message.zh
    assert FORMATS[name].label.en in refusal.value.message.en


def test_what_an_identity_number_tells() -> None:
    assert birth_date("11010519491231002X").isoformat() == "1949-12-31"
    assert not is_male("11010519491231002X")
    assert is_male("440524188001010014")


def test_unknown_formats_and_currencies_are_programming_errors() -> None:
    with pytest.raises(ValueError, match="no such format"):
        Text(L("x", "x"), format="plate")
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(L("x", "x"), currency="RMB")
    with pytest.raises(ValueError, match="ISO 4217"):
        Currency(L("x", "x"), only=("CNY", "XXX"))


def test_currencies_have_their_digits() -> None:
    assert (CURRENCIES["CNY"], CURRENCIES["JPY"], CURRENCIES["KWD"], CURRENCIES["CLF"]) == (2, 0, 3, 4)
    assert len(CURRENCIES) > 150
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)


def test_what_is_not_stored_must_be_computed() -> None:
    with pytest.raises(TypeError):
        Text(L("x", "x"), stored=False)
    with pytest.raises(TypeError):
        Text(L("x", "x"), stored=False, computed=lambda row: "", index=True)
