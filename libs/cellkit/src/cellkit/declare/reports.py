"""Reports over a document that are declared rather than coded, and compiled to SQL by the kit."""

from __future__ import annotations

from typing import Any, Literal

from cellkit.labels import Label

Chart = Literal["table", "bar", "line", "pie", "area", "stacked"]


class DocumentReport:
    """``DocumentReport("by-month", L(…), by="partner_id month(order_date)", measures="sum(amount) count()")``.

    ``by`` and ``columns``: dimensions separated by blanks, a field or ``day|week|month|quarter|year(field)``; columns
    make it a pivot. ``measures``: ``sum|avg|min|max|count_distinct(field)`` or ``count()``, or a list of dicts
    (``{"name", "expression", "label"}``). ``lines``: the grid whose lines are counted instead of documents; its fields
    are then ``<grid>.<field>``. ``where``: an expression; ``parameters``: what it asks for as ``:name``
    (``{"name", "kind", "label", "default", "required"}``). ``chart`` is how the web shows it first. Everything else of
    a report definition may be given by its name in ``options`` (``sort``, ``top``, ``having``, ``compare``).
    """

    def __init__(
        self,
        name: str,
        label: Label,
        *,
        by: str = "",
        columns: str = "",
        measures: str | list[dict[str, Any]] = "count()",
        lines: str | None = None,
        where: str | None = None,
        parameters: list[dict[str, Any]] | None = None,
        chart: Chart = "table",
        **options: Any,
    ) -> None:
        self.name = name
        self.label = label
        given = {
            "lines": lines,
            "rows": by.split(),
            "columns": columns.split(),
            "measures": measures.split() if isinstance(measures, str) else measures,
            "where": where,
            "parameters": parameters or [],
            "chart": chart,
            **options,
        }
        self.definition = {key: value for key, value in given.items() if value not in (None, [])}


def declared_reports(table: Any) -> list[DocumentReport]:
    """The reports declared on a document's class."""
    found = getattr(table, "reports", ())
    # A document may have a field called like this.
    return [item for item in found if isinstance(item, DocumentReport)] if isinstance(found, list | tuple) else []
