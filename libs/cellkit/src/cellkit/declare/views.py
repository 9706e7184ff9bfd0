"""Views of a document's list that are shipped with its declaration: read-only for tenants, who may copy them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from cellkit.labels import L, Label

ViewKind = Literal["list", "kanban", "calendar", "gantt", "pivot", "tree", "scan"]
KIND_LABELS: dict[str, Label] = {
    "list": L("列表", "List"),
    "kanban": L("看板", "Kanban"),
    "calendar": L("日历", "Calendar"),
    "gantt": L("甘特图", "Gantt"),
    "pivot": L("透视表", "Pivot"),
    "tree": L("树", "Tree"),
    "scan": L("扫码作业", "Scan"),
}


class View:
    """One view: ``View("list", columns="number partner_id amount", presets={L("我的", "Mine"): "created_by == me"})``.

    ``name`` (default: the kind) tells several views of one kind apart. ``columns``: fields separated by blanks.
    ``sort``: as a list takes it. ``filters``: as a list takes it, or an expression. ``presets``: filters to switch on
    and off, a label to an expression. ``group``: what a list is grouped by, fields or ``month(field)``; ``sums``: the
    figures summed up under it. ``colours``: expression to colour (``red orange yellow green blue grey``). ``density``:
    ``compact``, ``normal`` or ``wide``.

    kanban: ``by`` (a choice, the state or a reference), ``card`` (fields). calendar and gantt: ``start``, ``end`` (days
    or times), ``card``. pivot: ``rows``, ``columns``, ``measures`` as reports have them. tree: ``parent``.

    scan: a page for handheld scanners. ``codes``: the fields in which a scanned code is looked for, in this order
    (default: the number). ``action``: what is done with the document that is found; without it the document is only
    shown. ``ask``: the action's parameters to ask for after the scan (default: all of them). ``card``: what is shown
    of the document. ``at_once="yes"``: the scan itself performs an action that asks nothing. ``filters`` and
    presets narrow what may be found.
    """

    def __init__(  # noqa: PLR0913 - options of a declaration, all by keyword
        self,
        kind: ViewKind,
        *,
        name: str | None = None,
        label: Label | None = None,
        columns: str = "",
        filters: Mapping[str, Any] | str | None = None,
        presets: Mapping[Label, str] | None = None,
        sort: str = "",
        group: str = "",
        sums: str = "",
        colours: Mapping[str, str] | None = None,
        density: str | None = None,
        default: bool = False,
        **options: str,
    ) -> None:
        self.kind: ViewKind = kind
        self.name = name or kind
        self.label = label or KIND_LABELS[kind]
        self.default = default
        self.presets = dict(presets or {})
        where = {"where": filters} if isinstance(filters, str) else {"filter": dict(filters or {})}
        given: dict[str, Any] = {
            "columns": columns.split() if kind == "pivot" else [{"field": name} for name in columns.split()],
            **where,
            "sort": [
                {"field": part.removeprefix("-"), "descending": part.startswith("-")}
                for part in sort.split(",")
                if part
            ],
            "group": group.split(),
            "sums": sums.split(),
            "colours": [{"where": text, "colour": colour} for text, colour in (colours or {}).items()],
            "density": density,
        }
        lists = ("card", "rows", "measures", "codes", "ask")
        if "at_once" in options:
            given["at_once"] = options.pop("at_once") == "yes"
        given |= {key: text.split() if key in lists else text for key, text in options.items()}
        self.settings = {key: value for key, value in given.items() if value not in (None, [], {}, "")}


def declared_views(table: Any) -> list[View]:
    """The views declared on a document's class."""
    found = getattr(table, "views", ())
    # A document may have a field called like this.
    return [item for item in found if isinstance(item, View)] if isinstance(found, list | tuple) else []
