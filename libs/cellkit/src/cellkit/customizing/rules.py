"""What holds of definitions by themselves: pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cellkit.declare.document import Row, Table
from cellkit.declare.fields import DictionaryChoice, Field
from cellkit.errors import FieldProblem, problem

FIELD_NAME = re.compile(r"x_[a-z][a-z0-9_]{0,38}")
DICTIONARY_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
MOST_FIELDS = 100
MOST_ENTRIES = 5_000
# What would make stored values mean something else, or nothing.
_FIXED_WITH_VALUES = ("kind", "dictionary", "target", "currency", "unit")


def changed_meaning(row: Row, before: Row) -> list[str]:
    """The options whose change would break stored values."""
    return [name for name in _FIXED_WITH_VALUES if (row.get(name) or None) != (before.get(name) or None)]


def removed_choices(row: Row, before: Row) -> list[str]:
    """The choices that were there and are no more."""
    kept = {item["value"].strip() for item in row.get("choices") or ()}
    return [item["value"].strip() for item in before.get("choices") or () if item["value"].strip() not in kept]


def is_searched(row: Row) -> bool:
    """Whether the free-text search finds documents by a custom field."""
    return bool(row.get("active") and row.get("in_search"))


def label_problems(row: Row, taken: Iterable[Field]) -> list[FieldProblem]:
    """Labels by which files could not tell two fields apart."""
    words = {text for item in taken if item.name != row["name"] for text in item.label}
    return [
        problem(name, "unique", "此单据已有同名字段", "This entity has a field of that name already")
        for name in ("label_zh", "label_en")
        if row.get(name) in words
    ]


def parent_problem(row: Row, fields: Mapping[str, Field]) -> FieldProblem | None:
    """A cascade must hang on another field with a dictionary."""
    parent = row.get("parent")
    if not parent:
        return None
    above = fields.get(parent)
    if row["kind"] != "dictionary" or parent == row["name"] or not isinstance(above, DictionaryChoice):
        return problem(
            "parent", "reference", "上级应为同一单据的另一字典字段", "Must be another dictionary field of the entity"
        )
    return None


def entry_problems(items: list[dict[str, Any]]) -> list[FieldProblem]:
    """Codes twice, days the wrong way round, entries that lie below themselves."""
    found: list[FieldProblem] = []
    seen: set[str] = set()
    above = {item["code"]: item.get("parent") for item in items}
    for index, item in enumerate(items):
        place = f"items[{index}]"
        code = item["code"]
        if code in seen:
            found.append(problem(f"{place}.code", "unique", f"编码“{code}”重复", f"Code “{code}” is there twice"))
        seen.add(code)
        start, end = item.get("valid_from"), item.get("valid_to")
        if start is not None and end is not None and start > end:
            found.append(problem(f"{place}.valid_to", "range", "失效日期早于生效日期", "Ends before it begins"))
        if _circular(code, above):
            found.append(problem(f"{place}.parent", "cycle", "上级不能是本条或其下级", "Lies below itself"))
    return found


def _circular(code: str, above: Mapping[str, str | None]) -> bool:
    at, steps = above.get(code), 0
    while at is not None and steps <= len(above):
        if at == code:
            return True
        at, steps = above.get(at), steps + 1
    return False


def fields_with(tables: Iterable[type[Table]], code: str) -> list[str]:
    """The fields (``erp.order.region``) that choose from a dictionary."""
    return [
        f"{key}.{item.name}"
        for table in tables
        for key, fields in [
            (table.key, table.fields),
            *((f"{table.key}.{grid.name}", grid.fields) for grid in table.lines.values()),
        ]
        for item in fields.values()
        if isinstance(item, DictionaryChoice) and item.dictionary == code
    ]
