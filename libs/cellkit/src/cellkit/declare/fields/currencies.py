"""Currencies of ISO 4217: their codes and digits after the point."""

from __future__ import annotations

from typing import Any

from cellkit.declare.fields.base import Field, FieldError
from cellkit.labels import L, Label

# ISO 4217 list one, the currencies in use as of January 2026; other digits than two are named below.
_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP
CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD
IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF
XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
CURRENCIES: dict[str, int] = {code: _DIGITS.get(code, 2) for code in _CODES.split()}
"""Every currency's digits after the point."""

NAMES: dict[str, Label] = {
    "CNY": L("人民币", "Renminbi"),
    "HKD": L("港元", "Hong Kong dollar"),
    "MOP": L("澳门元", "Macanese pataca"),
    "TWD": L("新台币", "New Taiwan dollar"),
    "USD": L("美元", "US dollar"),
    "EUR": L("欧元", "Euro"),
    "GBP": L("英镑", "Pound sterling"),
    "JPY": L("日元", "Japanese yen"),
    "KRW": L("韩元", "South Korean won"),
    "SGD": L("新加坡元", "Singapore dollar"),
    "MYR": L("马来西亚林吉特", "Malaysian ringgit"),
    "THB": L("泰铢", "Thai baht"),
    "VND": L("越南盾", "Vietnamese dong"),
    "IDR": L("印尼卢比", "Indonesian rupiah"),
    "PHP": L("菲律宾比索", "Philippine peso"),
    "INR": L("印度卢比", "Indian rupee"),
    "RUB": L("俄罗斯卢布", "Russian rouble"),
    "KZT": L("哈萨克斯坦坚戈", "Kazakhstani tenge"),
    "AUD": L("澳大利亚元", "Australian dollar"),
    "NZD": L("新西兰元", "New Zealand dollar"),
    "CAD": L("加拿大元", "Canadian dollar"),
    "CHF": L("瑞士法郎", "Swiss franc"),
    "SEK": L("瑞典克朗", "Swedish krona"),
    "NOK": L("挪威克朗", "Norwegian krone"),
    "DKK": L("丹麦克朗", "Danish krone"),
    "BRL": L("巴西雷亚尔", "Brazilian real"),
    "MXN": L("墨西哥比索", "Mexican peso"),
    "ZAR": L("南非兰特", "South African rand"),
    "AED": L("阿联酋迪拉姆", "UAE dirham"),
    "SAR": L("沙特里亚尔", "Saudi riyal"),
    "TRY": L("土耳其里拉", "Turkish lira"),
}


def digits_of(code: str) -> int:
    """How many digits a currency has after the point; raises :class:`ValueError` for one that is none."""
    try:
        return CURRENCIES[code]
    except KeyError:
        message = f"{code} is no currency of ISO 4217"
        raise ValueError(message) from None


class Currency(Field):
    """A currency by its ISO 4217 code; ``only=("CNY", "USD")`` narrows the choice."""

    kind = "currency"

    def __init__(self, label: Label, *, only: tuple[str, ...] | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.allowed = tuple(CURRENCIES) if only is None else only
        for code in self.allowed:
            digits_of(code)

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.allowed:
            raise FieldError(
                "currency", "应为可用的币种代码（ISO 4217），如 CNY", "A usable currency code (ISO 4217), like CNY"
            )
        return value

    def from_text(self, text: str) -> Any:
        wanted = text.strip()
        named = next((code for code, label in NAMES.items() if wanted in (label.zh, label.en)), None)
        return named or wanted.upper()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}

    def describe(self) -> dict[str, Any]:
        return {
            "currencies": [
                {"code": code, "digits": CURRENCIES[code], "label": NAMES.get(code, Label(code, code))}
                for code in self.allowed
            ]
        }
