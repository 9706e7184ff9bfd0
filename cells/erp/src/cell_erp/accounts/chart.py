"""The chart of accounts that a new set of books starts with.

Source: 财政部《小企业会计准则》（财会〔2011〕17 号）, appendix 会计科目、主要账务处理和财务报表: 66 accounts. Account
5403 is printed there as 营业税金及附加; its present name 税金及附加 follows 财会〔2016〕22 号. Below them stand the
subaccounts that the automatic vouchers and the VAT ledger need; the standard leaves those to the enterprise.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def small_business_chart() -> tuple[dict[str, Any], ...]:
    """All accounts, parents before their children.

    Keys: ``code``, ``parent`` (code or ""), ``name``, ``name_en``, ``category``, ``direction``, ``aux_partner``,
    ``is_leaf``.
    """
    text = files("cell_erp.accounts").joinpath("small_business_chart.csv").read_text("utf-8")
    rows: list[dict[str, Any]] = [dict(row) for row in csv.DictReader(text.splitlines())]
    parents = {row["parent"] for row in rows}
    for row in rows:
        row["aux_partner"] = row["aux_partner"] == "1"
        row["is_leaf"] = row["code"] not in parents
    return tuple(rows)


DEFAULT_MAPPING = {
    "receivable": "1122",
    "revenue": "5001",
    "output_tax": "22210106",
    "cost_of_sales": "5401",
    "inventory": "1405",
    "bank": "1002",
    "cash": "1001",
    "opening_stock": "3001",
    "goods_received": "220299",
    "stock_gain": "1901",
    "other_income": "5301",
}
"""Purpose of a posting → the account a new set of books uses for it; tenants change it by dated account mappings."""
