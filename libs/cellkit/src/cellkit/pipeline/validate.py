"""From a JSON body to a row: every problem is found and named, nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cellkit.db.shape import CUSTOM_PREFIX, Shape, shape_of, shape_of_lines
from cellkit.declare.document import Document, Line, Lines, Row
from cellkit.declare.fields import Field, FieldError, parse_uuid
from cellkit.declare.rows import Rows
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.labels import Label
from cellkit.masks import mask

MAX_PROBLEMS = 200


def new_row(document: type[Document], body: Mapping[str, Any], *, trusted: bool = False) -> Row:
    """A new document's row with defaults; ``trusted`` bodies (the cell's own code) may set readonly fields."""
    problems: list[FieldProblem] = []
    row: Row = {name: item.initial() for name, item in document.fields.items()}
    known = document.fields
    for name, value in body.items():
        if name in known:
            _take(row, known[name], value, name, problems, trusted=trusted)
        elif name in document.lines:
            row[name] = _lines(document.lines[name], value, problems, trusted=trusted)
        elif name == "extension":
            row[name] = _extension(value, problems, None)
        elif not (trusted and name in _TRUSTED_STANDARD):
            problems.append(_unknown(name))
        else:
            row[name] = value
    for name, item in known.items():
        if trusted and item.custom:
            # What a tenant asks of people must not stop the cell's own work.
            continue
        if item.required and row[name] is None and not item.readonly and name not in _named(problems):
            problems.append(problem(name, "required", f"{item.label.zh}必填", f"{item.label.en} is required"))
    for name, grid in document.lines.items():
        if name not in row:
            row[name] = []
            _count(grid, row[name], problems)
    _raise(problems)
    return row


_TRUSTED_STANDARD = frozenset({"owner_id", "department_id", "state", "number"})


def changed_row(document: type[Document], before: Row, body: Mapping[str, Any], *, editable: bool) -> Row:
    """The row after a PATCH; ``editable`` False allows only fields marked ``always_editable``."""
    problems: list[FieldProblem] = []
    row = dict(before)
    for name, value in body.items():
        if name == "version":
            continue
        if name in document.fields:
            item, known = document.fields[name], before.get(name)
            if not editable and not item.always_editable:
                problems.append(_locked(item.label, name))
            elif item.mask is None or known is None or value != _masked(item, known):
                # A client that sends back the mask it was shown has not changed the value behind it.
                _take(row, item, value, name, problems, trusted=False, before=known)
        elif name in document.lines:
            grid = document.lines[name]
            if not editable:
                problems.append(_locked(grid.label, name))
            else:
                row[name] = _lines(grid, value, problems, trusted=False, before=before[name])
        elif name == "extension":
            row[name] = _extension(value, problems, before.get("extension"))
        else:
            problems.append(_unknown(name))
    _raise(problems)
    return row


def parameters_row(parameters: Mapping[str, Field], body: Mapping[str, Any]) -> Row:
    """The parameters of an action or report."""
    problems: list[FieldProblem] = []
    row: Row = {name: item.initial() for name, item in parameters.items()}
    for name, value in body.items():
        if name == "version":
            continue
        item = parameters.get(name)
        if isinstance(item, Rows) and value is not None:
            row[name] = _rows(item, value, problems)
        elif item is not None:
            _take(row, item, value, name, problems, trusted=False)
        else:
            problems.append(_unknown(name))
    for name, item in parameters.items():
        if item.required and row[name] is None and name not in _named(problems):
            problems.append(problem(name, "required", f"{item.label.zh}必填", f"{item.label.en} is required"))
    _raise(problems)
    return row


def _rows(item: Rows, value: Any, problems: list[FieldProblem]) -> list[Row]:
    """The rows of an action's parameter; each line of a document is named once at most."""
    rows = _lines(item, value, problems, trusted=False)
    taken: set[Any] = set()
    if item.key is None:
        return rows
    for index, row in enumerate(rows):
        identity = row.get(item.key)
        if identity is not None and identity in taken:
            problems.append(
                problem(f"{item.name}[{index}].{item.key}", "unique", "明细行重复", "The line is given twice")
            )
        taken.add(identity)
    return rows


def run_checks(document: type[Document], row: Row, before: Row | None = None) -> None:
    """The document's own rules and those between fields of a row; all broken ones are told at once.

    ``before``: the row that is changed; fields that it leaves as they were are not held against it.
    """
    problems: list[FieldProblem] = [
        {"field": item.field, "rule": item.rule, "message": item.message}
        for item in document.checks
        if not item.function(row)
    ]
    _check_partners(shape_of(document), row, before, "", problems)
    for name, grid in document.lines.items():
        shape = shape_of_lines(grid)
        if shape.row_checked:
            known = {line["id"]: line for line in (before or {}).get(name) or ()}
            for index, line in enumerate(row.get(name) or ()):
                _check_partners(shape, line, known.get(line.get("id")), f"{name}[{index}].", problems)
    _raise(problems)


def _check_partners(shape: Shape, row: Row, before: Row | None, place: str, problems: list[FieldProblem]) -> None:
    for item in shape.row_checked:
        names = (item.name, *item.partners())
        if before is not None and all(row.get(name) == before.get(name) for name in names):
            continue
        try:
            item.check_row(row)
        except FieldError as error:
            zh, en = error.message
            problems.append(problem(place + item.name, error.rule, f"{item.label.zh}：{zh}", f"{item.label.en}: {en}"))


def _take(
    row: Row,
    item: Field,
    value: Any,
    place: str,
    problems: list[FieldProblem],
    *,
    trusted: bool,
    before: Any = None,
) -> None:
    if item.readonly and not trusted:
        problems.append(
            problem(place, "readonly", f"{item.label.zh}由系统维护，不能填写", f"{item.label.en} is set by the system")
        )
        return
    if value is None:
        if item.required:
            problems.append(problem(place, "required", f"{item.label.zh}必填", f"{item.label.en} is required"))
        row[item.name] = None
        return
    if value == before and item.labelled:
        # A retired entry stays where it is.
        row[item.name] = value
        return
    try:
        row[item.name] = item.accept(value)
    except FieldError as error:
        zh, en = error.message
        problems.append(problem(place, error.rule, f"{item.label.zh}：{zh}", f"{item.label.en}: {en}"))


def _lines(
    grid: Lines | Rows,
    value: Any,
    problems: list[FieldProblem],
    *,
    trusted: bool,
    before: Iterable[Row] = (),
) -> list[Row]:
    if not isinstance(value, list):
        problems.append(problem(grid.name, "type", f"{grid.label.zh}应为列表", f"{grid.label.en} must be a list"))
        return []
    if not _count(grid, value, problems):
        return []
    existing = {line["id"]: line for line in before}
    rows: list[Row] = []
    for index, item in enumerate(value):
        if len(problems) >= MAX_PROBLEMS:
            break
        place = f"{grid.name}[{index}]"
        if not isinstance(item, dict):
            problems.append(problem(place, "type", "应为对象", "Must be an object"))
            continue
        rows.append(_line(grid.of, item, place, existing, problems, trusted=trusted))
    return rows


def _line(
    line: type[Line],
    body: Mapping[str, Any],
    place: str,
    existing: Mapping[Any, Row],
    problems: list[FieldProblem],
    *,
    trusted: bool,
) -> Row:
    row: Row = {}
    if body.get("id") is not None:
        try:
            key = parse_uuid(body["id"])
        except FieldError:
            key = None
        if key is None or (key not in existing and not trusted):
            problems.append(problem(f"{place}.id", "unknown", "明细行不存在", "No such line"))
        elif key in existing:
            row = dict(existing[key])
    if not row:
        row = {name: item.initial() for name, item in line.fields.items()}
    count = len(problems)
    for name, value in body.items():
        if name in {"id", "line_no"}:
            continue
        item = line.fields.get(name)
        if item is None:
            if not (name.endswith("_label") and row.get("id") is not None):
                problems.append(_unknown(f"{place}.{name}"))
        elif item.readonly and not trusted and row.get("id") is not None:
            # A line read and sent back carries its computed fields; they are recomputed, not taken.
            continue
        elif item.mask is not None and "id" in row and row[name] is not None and value == _masked(item, row[name]):
            # Nor has the mask it was shown changed the value behind it.
            continue
        else:
            _take(
                row,
                item,
                value,
                f"{place}.{name}",
                problems,
                trusted=trusted,
                before=row[name] if "id" in row else None,
            )
    if len(problems) == count:
        problems += [
            problem(f"{place}.{name}", "required", f"{item.label.zh}必填", f"{item.label.en} is required")
            for name, item in line.fields.items()
            if item.required and row[name] is None and not item.readonly
        ]
    return row


def _count(grid: Lines | Rows, value: list[Any], problems: list[FieldProblem]) -> bool:
    if len(value) < grid.min:
        problems.append(
            problem(grid.name, "min_items", f"{grid.label.zh}至少 {grid.min} 行", f"At least {grid.min} line(s)")
        )
        return False
    if len(value) > grid.max:
        problems.append(
            problem(grid.name, "max_items", f"{grid.label.zh}最多 {grid.max} 行", f"At most {grid.max} lines")
        )
        return False
    return True


def _extension(value: Any, problems: list[FieldProblem], before: Any) -> Any:
    """What may be written to it freely; the tenant's fields stand beside the others, not in here."""
    if value is None or isinstance(value, dict):
        own = [name for name in value or () if isinstance(name, str) and name.startswith(CUSTOM_PREFIX)]
        if own:
            place = f"extension.{own[0][:60]}"
            problems.append(
                problem(place, "unknown", "自定义字段应与其他字段并列填写", "A custom field stands beside the others")
            )
        kept = {name: one for name, one in (before or {}).items() if name.startswith(CUSTOM_PREFIX)}
        return {**(value or {}), **kept} or value
    problems.append(problem("extension", "type", "应为对象", "Must be an object"))
    return None


def _masked(item: Field, value: Any) -> str:
    return mask(item.mask or "all", str(value))


def _named(problems: list[FieldProblem]) -> set[str]:
    return {item["field"] for item in problems}


def _unknown(name: str) -> FieldProblem:
    return problem(name[:100], "unknown", "未知字段", "Unknown field")


def _locked(label: Label, name: str) -> FieldProblem:
    return problem(name, "state", f"当前状态不能修改{label.zh}", f"{label.en} cannot be changed in this state")


def _raise(problems: list[FieldProblem]) -> None:
    if problems:
        raise ValidationFailed(problems[:MAX_PROBLEMS])
