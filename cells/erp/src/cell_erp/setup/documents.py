"""The set of books (账套), and a record of what has been set up."""

from __future__ import annotations

from typing import Any

from cell_erp.setup.books import ensure_books
from cellkit.declare import Balance, Choice, Document, Flag, Text
from cellkit.labels import L


class Preparation(Balance, key="erp.preparation", label=L("初始化记录", "Preparation"), unique_together=(("topic",),)):
    """One row per thing that is set up once; its lock makes that happen once, however many postings come first."""

    topic = Text(L("事项", "Topic"), required=True, max=40)
    done = Flag(L("已完成", "Done"))


class Book(Document, key="erp.book", label=L("账套", "Set of books"), title="name", scoped=False):
    """The tenant's books. Creating them fills the chart of accounts, the account mapping and the tax rates.

    The first posting creates them by itself when nobody did before.
    """

    code = Text(L("编码", "Code"), max=20, default="main", unique=True, list=True)
    name = Text(L("名称", "Name"), required=True, max=100, list=True)
    standard = Choice(
        L("会计准则", "Accounting standard"),
        "small_business:小企业会计准则:Accounting standard for small enterprises",
        default="small_business",
        list=True,
    )
    currency = Text(L("本位币", "Currency"), max=3, pattern="[A-Z]{3}", default="CNY", list=True)

    @staticmethod
    async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:  # noqa: ARG004 - the kit's signature
        """Fill the chart, the mapping and the rates with the first books."""
        if before is None:
            await ensure_books(work, create_book=False)
