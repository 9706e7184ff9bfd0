"""What a view shows, checked against its document: one reading for writes (problems) and for readers (what remains)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cellkit.db.shape import shape_of
from cellkit.declare.document import Table
from cellkit.declare.fields import Field, Ref, TreeParent
from cellkit.errors import BadRequest, FieldProblem, ServiceError, ValidationFailed, problem
from cellkit.expression import ExpressionInvalid, FieldNotReadable, Names, condition, names_of
from cellkit.expression.readable import readable_by
from cellkit.http.messages import to_json
from cellkit.labels import Label
from cellkit.ops.access import RoleDocument
from cellkit.read.filters import STANDARD_FIELDS, field_of, filter_condition
from cellkit.read.keyset import sortable
from cellkit.read.projection import projection
from cellkit.read.where import WHERE
from cellkit.reporting.binding import bind
from cellkit.reporting.definition import BUCKETS, read_definition
from cellkit.views.scanning import MOST_CODES, actions_of, scan_problems, with_defaults

DENSITIES = ("compact", "normal", "wide")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "grey")
KINDS = ("list", "kanban", "calendar", "gantt", "pivot", "tree", "scan")
MOST_COLUMNS, MOST_CARD, MOST_PRESETS, MOST_COLOURS, MOST_SORTS, MOST_GROUPS, MOST_SUMS = 100, 12, 30, 20, 3, 3, 20
_BUCKETED = re.compile(rf"({'|'.join(BUCKETS)})\(([A-Za-z0-9_]+)\)")
_GROUPED = frozenset({"number", "text", "id", "date", "moment", "flag"})
_DAYS = frozenset({"date", "moment"})
_LABEL = 100
_COMMON = ("columns", "filter", "where", "presets", "sort", "group", "sums", "density", "colours", "page_size")
_OF_KIND: dict[str, tuple[str, ...]] = {
    "list": (),
    "kanban": ("by", "card"),
    "calendar": ("start", "end", "card"),
    "gantt": ("start", "end", "card", "by"),
    "pivot": ("rows", "measures", "chart"),
    "tree": ("parent",),
    "scan": ("codes", "action", "ask", "card", "at_once"),
}
_NEEDED = {
    "kanban": ("by",),
    "calendar": ("start",),
    "gantt": ("start", "end"),
    "pivot": ("measures",),
    "tree": ("parent",),
    "scan": ("codes",),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a view's settings stands, and what does not.

    ``whole``: nothing is missing; ``usable``: what its kind cannot do without is there.
    """

    settings: dict[str, Any]
    problems: list[FieldProblem]
    usable: bool

    @property
    def whole(self) -> bool:
        """Whether all of it stands."""
        return not self.problems


def read_settings(kind: str, settings: Any, table: type[Table], role: RoleDocument | None) -> Reading:
    """Read a view's settings for a role (None: whoever sees everything)."""
    return _Reader(kind, table, role).read(settings)


class _Reader:
    def __init__(self, kind: str, table: type[Table], role: RoleDocument | None) -> None:
        self._kind = kind
        self._table = table
        self._role = role
        self._problems: list[FieldProblem] = []
        self._hidden = projection(table, role).hidden if role is not None else set()
        readable = None if role is None else readable_by(table, role)
        self._readable: Callable[[str], bool] = readable or (lambda _name: True)
        self._names: Names = names_of(table, readable=readable)

    def read(self, settings: Any) -> Reading:
        if not isinstance(settings, dict):
            self._wrong("", "type", "应为对象", "Must be an object")
            return Reading({}, self._problems, usable=False)
        known = (*_COMMON, *_OF_KIND[self._kind])
        kept: dict[str, Any] = {}
        if self._kind == "scan":
            settings = with_defaults(settings, self._table)
        for name, value in settings.items():
            if name not in known:
                self._wrong(str(name)[:60], "unknown", "未知设置", "Unknown setting")
            elif value not in (None, [], {}, ""):
                read = self._pivot if self._kind == "pivot" and name in _PIVOT else getattr(self, f"_{name}")
                found = read(value, name) if read != self._pivot else value
                if found not in (None, [], {}):
                    kept[name] = found
        if self._kind == "pivot" and not self._pivot_fits(kept):
            for name in _PIVOT:
                kept.pop(name, None)
        if self._kind == "scan":
            self._problems += scan_problems(kept, self._table)
            if "action" in settings and "action" not in kept:
                # A page whose action the reader may not perform, or that is gone, would be one of refusals.
                return Reading(kept, self._problems, usable=False)
        missing = [name for name in _NEEDED.get(self._kind, ()) if name not in kept]
        if missing and not self._problems:
            self._wrong(missing[0], "required", "此类视图必填", "Views of this kind need it")
        return Reading(kept, self._problems, usable=not missing)

    def _wrong(self, place: str, rule: str, zh: str, en: str) -> None:
        self._problems.append(problem(f"settings.{place}".rstrip("."), rule, zh, en))

    # Fields

    def _field(self, name: Any, place: str, *, clear: bool = True) -> Field | None:
        """A field by name that the reader sees (``clear``: unmasked)."""
        item = self._shown_field(name) if isinstance(name, str) else None
        if item is None or name in self._hidden:
            self._wrong(place, "unknown", f"没有字段“{str(name)[:60]}”", f"No field “{str(name)[:60]}”")
            return None
        if clear and not self._readable(name):
            self._wrong(place, "permission", f"没有查看“{name}”的权限", f"No right to see “{name}”")
            return None
        return item

    def _shown_field(self, name: str) -> Field | None:
        return self._table.fields.get(name) or field_of(self._table, name)

    def _of_kinds(self, name: Any, place: str, kinds: Iterable[str]) -> str | None:
        if self._field(name, place) is None:
            return None
        found = self._names.places.get(name)
        if found is None or found.kind not in kinds or found.field.secret:
            self._wrong(place, "kind", f"“{name}”不能用于此处", f"“{name}” cannot be used here")
            return None
        return str(name)

    def _many(self, value: Any, name: str, most: int, read: Callable[[Any, str], Any]) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            self._wrong(name, "max_items", f"应为列表，最多 {most} 项", f"Must be a list of at most {most}")
            return []
        found = [read(item, f"{name}[{index}]") for index, item in enumerate(value)]
        return [item for item in found if item is not None]

    def _object(self, value: Any, place: str, keys: Iterable[str]) -> dict[str, Any] | None:
        if isinstance(value, dict) and not value.keys() - set(keys):
            return value
        self._wrong(place, "type", f"应为对象（{'、'.join(keys)}）", f"Must be an object ({', '.join(keys)})")
        return None

    def _condition(self, value: Any, place: str) -> Any:
        try:
            condition(value, self._names)
        except ExpressionInvalid as error:
            self._problems.append(error.problem(f"settings.{place}"))
            return None
        except FieldNotReadable as error:
            self._problems.append({"field": f"settings.{place}", "rule": "permission", "message": error.label()})
            return None
        except (AttributeError, TypeError):
            self._wrong(place, "type", "应为表达式", "An expression expected")
            return None
        return value

    # Settings of every kind

    def _columns(self, value: Any, name: str) -> list[Any]:
        made = self._many(value, name, MOST_COLUMNS, self._column)
        taken = [item["field"] for item in made]
        if len(set(taken)) < len(taken):
            self._wrong(name, "unique", "同一列出现两次", "A column stands twice")
        return made

    def _column(self, value: Any, place: str) -> dict[str, Any] | None:
        found = self._object({"field": value} if isinstance(value, str) else value, place, ("field", "width", "freeze"))
        if found is None or self._field(found.get("field"), f"{place}.field", clear=False) is None:
            return None
        width, freeze = found.get("width"), found.get("freeze")
        if width is not None and (isinstance(width, bool) or not isinstance(width, int) or not 40 <= width <= 2000):
            self._wrong(f"{place}.width", "range", "列宽应在 40 与 2000 之间", "A width is 40 to 2000")
            return None
        if freeze not in (None, "left", "right"):
            self._wrong(f"{place}.freeze", "choice", "应为 left 或 right", "left or right")
            return None
        return found

    def _filter(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._wrong(name, "type", "应为对象", "Must be an object")
            return {}
        kept = {}
        for key, wanted in value.items():
            place = f"{name}.{str(key)[:60]}"
            if key == WHERE:
                sources = wanted if isinstance(wanted, list) else [wanted]
                if len(sources) <= 10 and all(self._condition(one, place) is not None for one in sources):
                    kept[key] = wanted
                continue
            try:
                filter_condition(
                    self._table, to_json({key: wanted}).decode(), [],
                    readable=self._readable, blind_index=lambda _name, _value: b"",
                )  # fmt: skip
            except BadRequest as error:
                self._problems.append({"field": f"settings.{place}", "rule": "filter", "message": error.label()})
                continue
            kept[key] = wanted
        return kept

    def _where(self, value: Any, name: str) -> Any:
        return self._condition(value, name)

    def _presets(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_PRESETS, self._preset)

    def _preset(self, value: Any, place: str) -> Any:
        found = self._object(value, place, ("label", "where", "active"))
        if found is None or self._condition(found.get("where"), f"{place}.where") is None:
            return None
        if not is_label(found.get("label")):
            self._wrong(f"{place}.label", "type", f"应为 1–{_LABEL} 字的文本", f"A text of 1–{_LABEL} characters")
            return None
        return found

    def _sort(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_SORTS, self._one_sort)

    def _one_sort(self, value: Any, place: str) -> Any:
        found = self._object(value, place, ("field", "descending"))
        if found is None or self._field(found.get("field"), f"{place}.field") is None:
            return None
        if found["field"] not in sortable(self._table):
            self._wrong(f"{place}.field", "sort", "不能按此字段排序", "The list cannot be sorted by it")
            return None
        return found

    def _group(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_GROUPS, self._one_group)

    def _one_group(self, value: Any, place: str) -> Any:
        match = _BUCKETED.fullmatch(value) if isinstance(value, str) else None
        if match is not None:
            return None if self._of_kinds(match[2], place, _DAYS) is None else value
        return self._of_kinds(value, place, _GROUPED)

    def _sums(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_SUMS, lambda item, place: self._of_kinds(item, place, ("number",)))

    def _density(self, value: Any, name: str) -> Any:
        return self._one_of(value, name, DENSITIES)

    def _page_size(self, value: Any, name: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 200:
            return value
        return self._wrong(name, "range", "应在 1 与 200 之间", "1 to 200")

    def _colours(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_COLOURS, self._colour)

    def _colour(self, value: Any, place: str) -> Any:
        found = self._object(value, place, ("where", "colour"))
        if found is None or self._condition(found.get("where"), f"{place}.where") is None:
            return None
        return None if self._one_of(found.get("colour"), f"{place}.colour", COLOURS) is None else found

    def _one_of(self, value: Any, place: str, allowed: tuple[str, ...]) -> Any:
        if value in allowed:
            return value
        listed = ", ".join(allowed)
        return self._wrong(place, "choice", f"应为以下之一：{listed}", f"Must be one of: {listed}")

    # Settings of some kinds

    def _card(self, value: Any, name: str) -> list[Any]:
        def shown(item: Any, place: str) -> Any:
            return None if self._field(item, place, clear=False) is None else item

        return self._many(value, name, MOST_CARD, shown)

    def _by(self, value: Any, name: str) -> Any:
        return self._of_kinds(value, name, ("text", "id", "flag"))

    def _start(self, value: Any, name: str) -> Any:
        return self._of_kinds(value, name, _DAYS)

    _end = _start

    def _parent(self, value: Any, name: str) -> Any:
        item = self._field(value, name)
        above = isinstance(item, TreeParent) or (isinstance(item, Ref) and item.to == self._table.key)
        if item is not None and not above:
            return self._wrong(name, "kind", "应为指向同种单据的上级字段", "A reference to the same document expected")
        return value if item is not None else None

    def _codes(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_CODES, lambda item, place: self._of_kinds(item, place, ("text",)))

    def _action(self, value: Any, name: str) -> Any:
        if not isinstance(value, str) or value not in actions_of(self._table):
            return self._wrong(name, "unknown", f"没有操作“{str(value)[:60]}”", f"No action “{str(value)[:60]}”")
        if self._role is not None and not self._role.allows(f"{self._table.key}.{value}"):
            return self._wrong(name, "permission", f"没有“{value}”的权限", f"No right to “{value}”")
        return value

    def _ask(self, value: Any, name: str) -> list[Any]:
        return self._many(value, name, MOST_CODES, lambda item, _place: item if isinstance(item, str) else None)

    def _at_once(self, value: Any, name: str) -> Any:
        return value if isinstance(value, bool) else self._wrong(name, "type", "应为是或否", "Must be true or false")

    def _pivot(self, value: Any, _name: str) -> Any:
        return value

    def _pivot_fits(self, kept: dict[str, Any]) -> bool:
        given = {name: kept[name] for name in _PIVOT if name in kept}
        if not given:
            return False
        try:
            bind(read_definition(given, entity=self._table.key), self._table, self._role)
        except ValidationFailed as error:
            self._problems += [{**one, "field": f"settings.{one['field']}"} for one in error.problems]
            return False
        except ServiceError as error:
            self._problems.append({"field": "settings.measures", "rule": "permission", "message": error.label()})
            return False
        return True


_PIVOT = ("rows", "columns", "measures", "chart")


def is_label(value: Any) -> bool:
    """A text, or one in each language."""
    if isinstance(value, dict):
        return value.keys() == {"zh", "en"} and all(is_label(text) for text in value.values())
    return isinstance(value, str) and 0 < len(value.strip()) <= _LABEL


def default_columns(table: type[Table]) -> list[dict[str, Any]]:
    """The columns of a list nobody has said anything about: number and state around the fields with ``list=True``."""
    standard = [name for name in ("number", "state") if name in shape_of(table).by_name]
    marked = [name for name, item in table.fields.items() if item.list]
    chosen = marked or [name for name, item in table.fields.items() if item.kind not in ("json", "long_text")][:6]
    if not chosen and not standard:
        chosen = [name for name in STANDARD_FIELDS if name in shape_of(table).by_name][:4]
    return [{"field": name} for name in (*standard[:1], *chosen, *standard[1:])]


def in_language(value: Any, language: str) -> Any:
    """A label as its reader gets it."""
    if isinstance(value, Label):
        return value.text(language)
    return value["en" if language.startswith("en") else "zh"] if isinstance(value, dict) else value
