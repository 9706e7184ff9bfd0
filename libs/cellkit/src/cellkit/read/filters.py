"""Filters of a list: a JSON object of field → value, list of values, or {operator: value}."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from cellkit.db.shape import BLIND_INDEX_SUFFIX, shape_of
from cellkit.declare.document import Table
from cellkit.declare.fields import ExternalRef, Field, FieldError, Integer, LongText, Moment, Ref, Text, TreeParent
from cellkit.errors import BadRequest
from cellkit.http.messages import from_json
from cellkit.labels import L, Label
from cellkit.text import like_pattern

MAX_CONDITIONS = 30
MAX_VALUES = 500
_COMPARISONS = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _text(label: Label) -> Text:
    return Text(label, max=200)


STANDARD_FIELDS: dict[str, Field] = {
    "id": Ref(L("内部编号", "Id"), to=""),
    "number": _text(L("编号", "Number")),
    "state": _text(L("状态", "State")),
    "version": Integer(L("版本", "Version")),
    "owner_id": ExternalRef(L("负责人", "Owner"), to="identity.user"),
    "department_id": ExternalRef(L("部门", "Department"), to="identity.department"),
    "source": _text(L("来源", "Source")),
    "created_at": Moment(L("创建时间", "Created at")),
    "updated_at": Moment(L("更新时间", "Updated at")),
    "created_by": _text(L("创建人", "Created by")),
    "updated_by": _text(L("更新人", "Updated by")),
}


def field_of(table: type[Table], name: str) -> Field | None:
    """The declared or standard field of a column that lists may use."""
    if name in table.fields:
        item = table.fields[name]
        return item if item.stored else None
    return STANDARD_FIELDS.get(name) if name in shape_of(table).by_name else None


def line_reference(table: type[Table], name: str) -> Field | None:
    """The reference ``<grid>.<field>`` of a table's lines by which lists find documents: those that have an index."""
    grid, _, field = name.partition(".")
    item = table.lines[grid].fields.get(field) if grid in table.lines else None
    return item if isinstance(item, Ref | ExternalRef) and item.index and not item.secret else None


def line_operators_of(item: Field) -> list[str]:
    """The operators by which lists find documents by a field of their lines."""
    return ["eq", "in"] if isinstance(item, Ref | ExternalRef) and item.index and not item.secret else []


def operators_of(item: Field) -> list[str]:
    """The operators by which lists may be filtered by a field; none where they may not be."""
    if not item.stored or item.kind == "json" or (item.secret and not item.find):
        return []
    if item.secret:
        return ["eq"]
    if item.array_type == "jsonb":
        return ["any", "all", "null"]
    found = ["eq", "ne", "in", "null"]
    if isinstance(item, Ref):
        tree = isinstance(item, TreeParent) or item.tree is not None
        return [*found, "under"] if tree and not item.custom else found
    if item.kind not in ("flag", "choice", "dictionary", "user", "department", "external_reference", "currency"):
        found += ["gt", "gte", "lt", "lte"]
    return [*found, "contains", "starts"] if isinstance(item, Text | ExternalRef) else found


def filter_condition(
    table: type[Table],
    text: str,
    parameters: list[Any],
    *,
    readable: Callable[[str], bool],
    blind_index: Callable[[str, str], bytes],
    where: Callable[[Any], str] | None = None,
) -> str:
    """`` AND …`` for the WHERE; raises :class:`BadRequest` for anything it does not know.

    ``where`` compiles the expressions under ``$where``.
    """
    try:
        wanted = from_json(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest(reason=L("filter 不是合法的 JSON", "filter is not JSON")) from None
    if not isinstance(wanted, dict) or len(wanted) > MAX_CONDITIONS:
        raise BadRequest(reason=L("filter 应为 JSON 对象", "filter must be a JSON object"))
    conditions = []
    for name, condition in wanted.items():
        if name == "$where" and where is not None:
            conditions.append(where(condition))
            continue
        if "." in name and readable(name) and (reference := line_reference(table, name)) is not None:
            conditions.append(_line_condition(table, reference, name, condition, parameters))
            continue
        item = field_of(table, name)
        if item is None or item.kind == "json" or not readable(name):
            raise BadRequest(
                reason=L(f"filter 中的字段 {name[:60]} 不存在或不可筛选", f"filter: no field {name[:60]} to filter by")
            )
        if item.secret:
            conditions.append(_secret_condition(item, condition, parameters, blind_index))
            continue
        operations = condition if isinstance(condition, dict) else {"eq": condition}
        for operator, value in operations.items():
            conditions.append(_condition(table, item, name, operator, value, parameters))
    return "".join(f" AND {condition}" for condition in conditions)


def _condition(table: type[Table], item: Field, name: str, operator: str, value: Any, parameters: list[Any]) -> str:
    shape = shape_of(table)
    column, kind = shape.extracted(name)
    if operator in ("eq", "ne") and value is None:
        return f"{column} IS {'NOT ' if operator == 'ne' else ''}NULL"
    if operator == "null":
        return f"{column} IS {'' if value is True else 'NOT '}NULL"
    if item.array_type == "jsonb":
        return _several_condition(item, name, column, operator, value, parameters)
    if operator == "under" and isinstance(item, Ref):
        return _subtree_condition(table, item, name, value, parameters)
    if operator in ("in", "eq") and isinstance(value, list):
        if len(value) > MAX_VALUES:
            raise BadRequest(reason=L(f"filter 最多 {MAX_VALUES} 个值", f"filter: at most {MAX_VALUES} values"))
        parameters.append([shape.compared(name, _value(item, name, one)) for one in value])
        return f"{column} = ANY(${len(parameters)}::{kind}[])"
    if (
        operator in ("contains", "starts")
        and isinstance(item, Text | LongText | ExternalRef)
        and isinstance(value, str)
    ):
        pattern = like_pattern(value)
        parameters.append(pattern if operator == "contains" else pattern[1:])
        return f"lower({column}) LIKE ${len(parameters)}"
    if operator == "ne":
        parameters.append(shape.compared(name, _value(item, name, value)))
        return f"{column} IS DISTINCT FROM ${len(parameters)}::{kind}"
    comparison = _COMPARISONS.get(operator)
    if comparison is None:
        raise _no_operator(name, operator)
    parameters.append(shape.compared(name, _value(item, name, value)))
    return f"{column} {comparison} ${len(parameters)}::{kind}"


def _line_condition(table: type[Table], item: Field, name: str, condition: Any, parameters: list[Any]) -> str:
    """Documents of which a line refers to what is asked for."""
    operations = condition if isinstance(condition, dict) else {"eq": condition}
    conditions = []
    for operator, value in operations.items():
        if operator not in ("eq", "in") or value is None:
            raise _no_operator(name, operator)
        wanted = value if isinstance(value, list) else [value]
        if len(wanted) > MAX_VALUES:
            raise BadRequest(reason=L(f"filter 最多 {MAX_VALUES} 个值", f"filter: at most {MAX_VALUES} values"))
        parameters.append([_value(item, name, one) for one in wanted])
        grid = table.lines[name.partition(".")[0]]
        conditions.append(
            f't.id IN (SELECT l.parent_id FROM "{grid.table_name}" l WHERE l.tenant_id = $1 '
            f'AND l."{item.name}" = ANY(${len(parameters)}::{item.array_type}[]))'
        )
    return " AND ".join(conditions) or "true"


def _no_operator(name: str, operator: str) -> BadRequest:
    return BadRequest(
        reason=L(f"filter 中 {name} 不支持运算符 {operator[:20]}", f"filter: no operator {operator[:20]} for {name}")
    )


def _several_condition(item: Field, name: str, column: str, operator: str, value: Any, parameters: list[Any]) -> str:
    """A condition on a list of texts: ``any`` or ``all`` of them; ``eq`` of one text is that it is among them."""
    matching = {"eq": "?|", "in": "?|", "any": "?|", "all": "?&"}.get(operator)
    if matching is None:
        raise _no_operator(name, operator)
    wanted = value if isinstance(value, list) else [value]
    if not 0 < len(wanted) <= MAX_VALUES:
        raise BadRequest(reason=L(f"filter 最多 {MAX_VALUES} 个值", f"filter: 1–{MAX_VALUES} values"))
    parameters.append([_value(item, name, one) for one in wanted])
    return f"{column} {matching} ${len(parameters)}::text[]"


def _subtree_condition(table: type[Table], item: Ref, name: str, value: Any, parameters: list[Any]) -> str:
    """Rows of the subtree of ``value`` (it is among them), or rows that refer into it."""
    tree = (shape_of(table).name, item.name) if isinstance(item, TreeParent) else item.tree
    if tree is None or item.custom:
        raise _no_operator(name, "under")
    parameters.append(_value(item, name, value))
    place = f"${len(parameters)}::uuid"
    column = "id" if isinstance(item, TreeParent) else name
    # UNION, not UNION ALL: a circle in the data would otherwise never end.
    return (
        f't."{column}" IN (WITH RECURSIVE below AS (SELECT {place} AS id UNION SELECT c.id FROM "{tree[0]}" c '
        f'JOIN below b ON c."{tree[1]}" = b.id WHERE c.tenant_id = $1) SELECT id FROM below)'
    )


def _secret_condition(
    item: Field, condition: Any, parameters: list[Any], blind_index: Callable[[str, str], bytes]
) -> str:
    value = condition.get("eq") if isinstance(condition, dict) and len(condition) == 1 else condition
    if not item.find or not isinstance(value, str):
        raise BadRequest(
            reason=L(
                f"{item.name} 已加密，只能按完整值查找", f"{item.name} is encrypted: look it up by its whole value"
            )
        )
    parameters.append(blind_index(item.name, value))
    return f't."{item.name}{BLIND_INDEX_SUFFIX}" = ${len(parameters)}::bytea'


def _value(item: Field, name: str, value: Any) -> Any:
    try:
        return item.filter_value(value)
    except FieldError as error:
        raise BadRequest(
            reason=L(f"filter 中 {name}：{error.message.zh}", f"filter: {name}: {error.message.en}")
        ) from None
