"""Accounting periods: months that take postings until they are closed."""

from __future__ import annotations

from typing import Any

from cell_erp.periods import closing
from cell_erp.periods.errors import PeriodClosed
from cell_erp.periods.rules import bounds, is_code
from cellkit.declare import Date, Document, Field, LongText, States, Text, action, check
from cellkit.labels import L


def _reason() -> dict[str, Field]:
    return {"reason": LongText(L("原因", "Reason"), required=True, max=500)}


class Period(Document, key="erp.period", label=L("会计期间", "Period"), title="code", scoped=False):
    """One month. Stock is closed before the ledger; reopening goes the other way round."""

    code = Text(L("期间", "Period"), required=True, max=7, unique=True, list=True)
    start_date = Date(L("开始日期", "First day"), readonly=True, list=True)
    end_date = Date(L("结束日期", "Last day"), readonly=True, list=True)
    reopen_reason = LongText(L("反结账原因", "Why reopened"), max=500, readonly=True)

    states = States(
        "open:未结账:Open",
        "stock_closed:库存已结账:Stock closed",
        "gl_closed:总账已结账:Ledger closed",
        editable="",
        deletable="",
    )

    @staticmethod
    def derive(row: dict[str, Any]) -> None:
        """First and last day."""
        if row["code"] and is_code(row["code"]):
            row["start_date"], row["end_date"] = bounds(row["code"])

    @staticmethod
    async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:
        """A period before a closed one cannot be opened any more."""
        if before is None and await closing.later_closed(work, row["code"]):
            raise PeriodClosed(period=row["code"])

    @check("期间格式应为 YYYY-MM", "A period looks like YYYY-MM", field="code")
    def is_month(row: dict[str, Any]) -> bool:
        """The code names a month."""
        return is_code(row["code"] or "")

    @action(L("库存结账", "Close stock"), source="open", target="stock_closed", event="stock_closed")
    async def close_stock(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """No stock posting in this period or before it any more."""
        await closing.check_stock(work, row)

    @action(L("总账结账", "Close ledger"), source="stock_closed", target="gl_closed", event="closed")
    async def close_gl(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """No posting at all in this period or before it any more."""
        await closing.check_ledger(work, row)

    @action(
        L("总账反结账", "Reopen ledger"),
        source="gl_closed",
        target="stock_closed",
        event="reopened",
        parameters=_reason(),
    )
    async def reopen_gl(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Take ledger postings again; later periods must be open for them."""
        await closing.check_reopen(work, row, ("gl_closed",))
        row["reopen_reason"] = parameters["reason"]

    @action(
        L("库存反结账", "Reopen stock"),
        source="stock_closed",
        target="open",
        event="stock_reopened",
        parameters=_reason(),
    )
    async def reopen_stock(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Take stock postings again; later periods must be open for them."""
        await closing.check_reopen(work, row, ("stock_closed", "gl_closed"))
        row["reopen_reason"] = parameters["reason"]
