"""Conditions of flows: a small expression language over a document, parsed once and never given to the interpreter.

``amount >= 10000 and kind in ["goods", "service"]``, ``sum(lines.amount) > 5000``, ``"sales" in starter.roles``.

Names are the document's fields; ``lines.amount`` (a grid and its field) stands inside ``sum``, ``count``, ``min``,
``max``; ``starter.id``, ``starter.department``, ``starter.roles`` tell who submitted. Also ``abs``, ``len``,
``contains(text, part)``, ``days(from, to)``, ``and or not``, comparisons, ``in``, ``+ - * /``. Numbers are exact
decimals; dates compare with ``"2026-03-05"``. A comparison with an empty field is false, except ``== None``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any
from uuid import UUID

from cellkit.labels import L, Label

LONGEST = 1000
STARTER = {"id": "text", "department": "text", "roles": "list"}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_OVER_LINES = frozenset({"sum", "count", "min", "max"})
_FUNCTIONS = {"abs": 1, "len": 1, "contains": 2, "days": 2}

Names = Mapping[str, str | Mapping[str, str]]
"""Field → kind (``number``, ``text``, ``date``, ``flag``, ``list``, ``any``); a grid → the kinds of its fields."""


class ConditionError(Exception):
    """The expression is not one; ``label`` tells what is wrong with it."""

    def __init__(self, label: Label) -> None:
        self.label = label
        super().__init__(label.en)


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed expression."""

    text: str
    tree: ast.expr

    def holds(self, row: Mapping[str, Any], starter: Mapping[str, Any]) -> bool:
        """Whether it is true of a document; what cannot be computed (division by zero) is false."""
        try:
            return bool(_value(self.tree, row, starter))
        except (TypeError, ValueError, DivisionByZero, InvalidOperation, OverflowError):
            return False


def parse(text: str, names: Names | None = None) -> Condition:
    """Read an expression; with ``names`` its names and kinds are checked. Raises :class:`ConditionError`."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ConditionError(L(f"表达式最多 {LONGEST} 个字符", f"An expression has at most {LONGEST} characters"))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConditionError(L("表达式语法不正确", "The expression cannot be read")) from None
    kind = _Checker(names).kind(tree)
    if kind not in ("flag", "any"):
        raise ConditionError(L("表达式的结果应为是/否", "The expression must be true or false"))
    return Condition(text, tree)


class _Checker:
    """Walks an expression once: only what the language knows, only names that exist, only kinds that fit."""

    def __init__(self, names: Names | None) -> None:
        self._names = names

    def kind(self, node: ast.expr) -> str:  # noqa: PLR0911 - one line a kind of node
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self._must(part, "flag")
            return "flag"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._must(node.operand, "flag")
            return "flag"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._must(node.operand, "number")
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            self._must(node.left, "number")
            return self._must(node.right, "number")
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.Constant):
            return _constant_kind(node.value)
        if isinstance(node, ast.List | ast.Tuple):
            for part in node.elts:
                self.kind(part)
            return "list"
        if isinstance(node, ast.Name):
            return self._field(node.id)
        if isinstance(node, ast.Attribute):
            return self._starter(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        raise ConditionError(L("表达式含有不支持的写法", "The expression holds something this language does not know"))

    def _must(self, node: ast.expr, wanted: str) -> str:
        found = self.kind(node)
        if found not in (wanted, "any"):
            raise ConditionError(
                L(f"{ast.unparse(node)} 的类型不适用于此处", f"{ast.unparse(node)} does not fit here ({wanted} wanted)")
            )
        return wanted

    def _compare(self, node: ast.Compare) -> str:
        left, before = self.kind(node.left), node.left
        for sign, part in zip(node.ops, node.comparators, strict=True):
            right = self.kind(part)
            if isinstance(sign, ast.In | ast.NotIn):
                if right not in ("list", "any"):
                    raise ConditionError(L("in 的右边应为列表", "A list must follow “in”"))
            elif not isinstance(sign, ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                raise ConditionError(L("表达式含有不支持的写法", "The expression holds an unknown comparison"))
            elif "any" not in (left, right) and left != right and {left, right} != {"date", "text"}:
                texts = f"{ast.unparse(before)}, {ast.unparse(part)}"
                raise ConditionError(L(f"不能比较：{texts}", f"These cannot be compared: {texts}"))
            left, before = right, part
        return "flag"

    def _field(self, name: str) -> str:
        if self._names is None:
            return "any"
        found = self._names.get(name)
        if not isinstance(found, str):
            raise ConditionError(L(f"没有字段 {name[:60]}", f"There is no field {name[:60]}"))
        return found

    def _starter(self, node: ast.Attribute) -> str:
        if isinstance(node.value, ast.Name) and node.value.id == "starter" and node.attr in STARTER:
            return STARTER[node.attr]
        raise ConditionError(L("此处不能使用 “.”", "A dot stands after a grid inside a function, or after starter"))

    def _call(self, node: ast.Call) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or (name not in _OVER_LINES and name not in _FUNCTIONS):
            raise ConditionError(L(f"没有函数 {name[:60]}", f"There is no function {name[:60]}"))
        if name in _OVER_LINES and len(node.args) == 1:
            return self._over_lines(name, node.args[0])
        if len(node.args) != _FUNCTIONS.get(name, 1):
            raise ConditionError(L(f"{name} 的参数个数不正确", f"{name} takes another number of arguments"))
        if name == "days":
            for part in node.args:
                if self.kind(part) not in ("date", "text", "any"):
                    raise ConditionError(L("days 需要两个日期", "days takes two dates"))
            return "number"
        wanted = {"abs": "number", "contains": "text"}.get(name)
        for part in node.args:
            if wanted is None:
                self.kind(part)
            else:
                self._must(part, wanted)
        return "flag" if name == "contains" else "number"

    def _over_lines(self, name: str, node: ast.expr) -> str:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            grid, column = node.value.id, node.attr
        elif isinstance(node, ast.Name) and name == "count":
            grid, column = node.id, ""
        else:
            raise ConditionError(L(f"{name} 的参数应为 明细.字段", f"{name} takes grid.field"))
        if self._names is None:
            return "any" if name in ("min", "max") else "number"
        fields = self._names.get(grid)
        if not isinstance(fields, Mapping) or (column and column not in fields):
            text = f"{grid}.{column}".rstrip(".")[:60]
            raise ConditionError(L(f"没有明细字段 {text}", f"There is no line field {text}"))
        kind = fields.get(column, "any")
        if name == "sum" and kind not in ("number", "any"):
            raise ConditionError(L(f"{column} 不是数字", f"{column} is not a number"))
        return kind if name in ("min", "max") else "number"


def _constant_kind(value: Any) -> str:
    if value is None:
        return "any"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    raise ConditionError(L("表达式含有不支持的常量", "The expression holds an unknown constant"))


def _value(node: ast.expr, row: Mapping[str, Any], starter: Mapping[str, Any]) -> Any:  # noqa: C901, PLR0911, PLR0912 - one branch a kind of node
    if isinstance(node, ast.BoolOp):
        wanted = isinstance(node.op, ast.Or)
        return wanted if any(bool(_value(part, row, starter)) == wanted for part in node.values) else not wanted
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, row, starter)
        if isinstance(node.op, ast.Not):
            return not inner
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, row, starter), _value(node.right, row, starter)
        return None if left is None or right is None else _ARITHMETIC[type(node.op)](left, right)
    if isinstance(node, ast.Compare):
        return _compared(node, row, starter)
    if isinstance(node, ast.Constant):
        # The text of the literal, because 0.1 as a float is not a tenth.
        return Decimal(repr(node.value)) if isinstance(node.value, float) else node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(part, row, starter) for part in node.elts]
    if isinstance(node, ast.Name):
        return _plain(row.get(node.id))
    if isinstance(node, ast.Attribute):
        return starter.get(node.attr)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node.func.id, node, row, starter)
    raise TypeError(ast.dump(node))


def _compared(node: ast.Compare, row: Mapping[str, Any], starter: Mapping[str, Any]) -> bool:
    left = _value(node.left, row, starter)
    for sign, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, row, starter)
        if not _one_comparison(sign, left, right):
            return False
        left = right
    return True


def _one_comparison(sign: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(sign, ast.In):
        return left in (right or ())
    if isinstance(sign, ast.NotIn):
        return left not in (right or ())
    left, right = _alike(left, right), _alike(right, left)
    if isinstance(sign, ast.Eq):
        return bool(left == right)
    if isinstance(sign, ast.NotEq):
        return bool(left != right)
    return left is not None and right is not None and _COMPARISONS[type(sign)](left, right)


def _called(name: str, node: ast.Call, row: Mapping[str, Any], starter: Mapping[str, Any]) -> Any:
    if name in _OVER_LINES and len(node.args) == 1:
        return _over_lines(name, node.args[0], row)
    values = [_value(part, row, starter) for part in node.args]
    if any(value is None for value in values):
        return None
    if name == "abs":
        return abs(values[0])
    if name == "len":
        return len(values[0])
    if name == "contains":
        return values[1] in values[0]
    return (_day(values[1]) - _day(values[0])).days


def _over_lines(name: str, node: ast.expr, row: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return len(row.get(node.id) or ())
    assert isinstance(node, ast.Attribute)  # noqa: S101 - checked when it was parsed
    assert isinstance(node.value, ast.Name)  # noqa: S101 - the same
    found = [_plain(line.get(node.attr)) for line in row.get(node.value.id) or ()]
    values = [value for value in found if value is not None]
    if name == "count":
        return len(values)
    if name == "sum":
        return sum(values, Decimal(0))
    return (min if name == "min" else max)(values) if values else None


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _alike(value: Any, other: Any) -> Any:
    """A text as a day where it is compared with one."""
    if isinstance(value, str) and isinstance(other, date):
        return datetime.fromisoformat(value) if isinstance(other, datetime) else date.fromisoformat(value)
    return value


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)
