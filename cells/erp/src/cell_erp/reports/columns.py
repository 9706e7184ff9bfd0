"""What the values of the reports are called, for pages and prints."""

from __future__ import annotations

from cellkit.declare import Date, Field, Flag, Money, Price, Quantity, Text
from cellkit.labels import L


def trial_balance() -> dict[str, Field]:
    """An account's figures."""
    return {
        "code": Text(L("科目编码", "Account")),
        "name": Text(L("科目名称", "Name")),
        "opening_debit": Money(L("期初借方", "Opening debit")),
        "opening_credit": Money(L("期初贷方", "Opening credit")),
        "debit": Money(L("本期借方", "Debit")),
        "credit": Money(L("本期贷方", "Credit")),
        "closing_debit": Money(L("期末借方", "Closing debit")),
        "closing_credit": Money(L("期末贷方", "Closing credit")),
    }


def trial_balance_figures() -> dict[str, Field]:
    """Both have to be nothing."""
    return {
        "difference": Money(L("期末借贷差额", "Difference")),
        "turnover_difference": Money(L("本期借贷差额", "Difference of turnover")),
    }


def ledger() -> dict[str, Field]:
    """A posting with the balance after it."""
    return {
        "posting_date": Date(L("日期", "Date")),
        "voucher": Text(L("凭证", "Voucher")),
        "origin": Text(L("来源单据", "Origin")),
        "summary": Text(L("摘要", "Summary")),
        "partner": Text(L("往来单位", "Partner")),
        "debit": Money(L("借方", "Debit")),
        "credit": Money(L("贷方", "Credit")),
        "balance": Money(L("余额", "Balance")),
    }


def ledger_figures() -> dict[str, Field]:
    """The account with its balances."""
    return {
        "account": Text(L("科目编码", "Account")),
        "account_name": Text(L("科目名称", "Account name")),
        "opening": Money(L("期初余额", "Opening balance")),
        "debit": Money(L("借方合计", "Debit")),
        "credit": Money(L("贷方合计", "Credit")),
        "closing": Money(L("期末余额", "Closing balance")),
        "truncated": Flag(L("行数超出上限", "More rows than the limit")),
    }


def statement_figures() -> dict[str, Field]:
    """The customer with his balances."""
    return {
        "partner": Text(L("客户编码", "Customer code")),
        "partner_name": Text(L("客户", "Customer")),
        **{name: item for name, item in ledger_figures().items() if not name.startswith("account")},
    }


def ageing() -> dict[str, Field]:
    """A customer's open amounts by days past due."""
    return {
        "partner": Text(L("客户编码", "Customer code")),
        "partner_name": Text(L("客户", "Customer")),
        "not_due": Money(L("未到期", "Not due")),
        "days_1_30": Money(L("1–30 天", "1–30 days")),
        "days_31_60": Money(L("31–60 天", "31–60 days")),
        "days_61_90": Money(L("61–90 天", "61–90 days")),
        "over_90": Money(L("90 天以上", "Over 90 days")),
        "open": Money(L("未收合计", "Open")),
        "unallocated": Money(L("未核销收款", "Unallocated")),
        "balance": Money(L("余额", "Balance")),
    }


def ageing_figures() -> dict[str, Field]:
    """The day, and the check against the ledger."""
    return {
        "date": Date(L("截止日期", "As of")),
        "ledger_balance": Money(L("总账余额", "Ledger balance")),
        "difference": Money(L("与总账差额", "Difference")),
    }


def stock() -> dict[str, Field]:
    """What of an item is in a warehouse."""
    return {
        "item": Text(L("物料编码", "Item code")),
        "item_name": Text(L("物料", "Item")),
        "warehouse_name": Text(L("仓库", "Warehouse")),
        "unit": Text(L("单位", "Unit")),
        "quantity": Quantity(L("数量", "Quantity")),
        "average_cost": Price(L("平均成本", "Average cost")),
        "value": Money(L("金额", "Value")),
        "reorder_point": Quantity(L("再订货点", "Reorder point")),
        "difference_quantity": Quantity(L("与台账数量差", "Difference of quantity")),
        "difference_value": Money(L("与台账金额差", "Difference of value")),
    }


def stock_figures() -> dict[str, Field]:
    """The check against the general ledger."""
    return {
        "general_ledger_value": Money(L("总账存货余额", "Stock in the ledger")),
        "general_ledger_difference": Money(L("与总账差额", "Difference")),
    }
