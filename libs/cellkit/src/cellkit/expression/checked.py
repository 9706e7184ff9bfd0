"""Check a tree against the fields of a document: names, kinds, numbers of arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cellkit.declare.fields import Date, FieldError, Moment, Number, parse_uuid
from cellkit.expression.errors import ExpressionInvalid
from cellkit.expression.functions import AGGREGATES, FUNCTIONS, MOST_DAYS, MOST_DIGITS, MOST_MONTHS, ORDERED, Signature
from cellkit.expression.names import Kind, Names, Place
from cellkit.expression.nodes import COMPARISONS, MAX_DEPTH, MAX_NODES, Call, Literal, Name, Node, Parameter, size_of
from cellkit.expression.periods import COUNTED, LONGEST, PERIODS
from cellkit.expression.situation import Situation
from cellkit.expression.typed import Typed
from cellkit.expression.written import from_json, to_text
from cellkit.labels import L, Label

KIND_LABELS: dict[str, Label] = {
    "number": L("数字", "number"), "text": L("文本", "text"), "id": L("引用", "reference"), "date": L("日期", "date"),
    "moment": L("时间", "time"), "flag": L("是/否", "yes or no"), "period": L("时间段", "period"),
    "empty": L("空", "empty"), "other": L("其他", "other"),
}  # fmt: skip
_DATE, _MOMENT, _NUMBER = Date(L("", "")), Moment(L("", "")), Number(L("", ""), digits=60, scale=30)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression; make it by :func:`condition` or :func:`check` once and use it for many rows."""

    tree: Typed
    node: Node
    names: Names

    @property
    def kind(self) -> Kind:
        """The kind of its value."""
        return self.tree.kind

    @property
    def uses(self) -> frozenset[str]:
        """The fields it uses: ``amount``, ``lines.quantity``."""
        return frozenset(node.place.full_name for node in self.tree.walk() if node.place is not None)

    @property
    def text(self) -> str:
        """The expression as people write it."""
        return to_text(self.node)

    def value(self, row: dict[str, Any], situation: Situation) -> Any:
        """Its value for a row (with its lines, where it uses them): Decimal, str, date, datetime, bool, UUID, None."""
        from cellkit.expression.rows import evaluate  # noqa: PLC0415 - each user needs one of the two back ends

        return evaluate(self.tree, row, situation)

    def holds(self, row: dict[str, Any], situation: Situation) -> bool:
        """Whether a condition holds for a row."""
        return bool(self.value(row, situation))

    def sql(self, situation: Situation, parameters: list[Any], *, alias: str = "t", line_alias: str = "l") -> str:
        """SQL of the same value over the table ``alias``; values are appended to ``parameters`` as ``$n``.

        A condition is meant for WHERE: empty counts as false there. The tables must carry ``tenant_id``; ``$1`` is it.
        """
        from cellkit.expression.sql import Compiler  # noqa: PLC0415 - each user needs one of the two back ends

        compiler = Compiler(self.names, situation, parameters, alias, line_alias)
        return compiler.condition(self.tree) if self.kind == "flag" else compiler.value(self.tree)


def condition(source: str | dict[str, Any] | Node, names: Names) -> Expression:
    """A yes-or-no expression from text, JSON or a tree; raises :class:`ExpressionInvalid`."""
    made = check(source, names)
    if made.kind != "flag":
        raise ExpressionInvalid(1, "此处应为条件（是/否）", "a condition (yes or no) expected here")
    return made


def check(source: str | dict[str, Any] | Node, names: Names, *, over_rows: bool = False) -> Expression:
    """Any expression from text, JSON or a tree; ``over_rows``: a figure over many rows (measures of reports)."""
    node = from_json(source) if isinstance(source, str | dict) else source
    count, depth = size_of(node)
    if count > MAX_NODES or depth > 2 * MAX_DEPTH:
        raise ExpressionInvalid(0, "表达式过大或嵌套过深", "too large or nested too deeply")
    checker = _Checker(names, over_rows=over_rows)
    tree = checker.typed(node)
    if tree.kind == "empty":
        raise _error(node, "表达式没有值", "the expression has no value")
    return Expression(tree, node, names)


class _Checker:
    def __init__(self, names: Names, *, over_rows: bool) -> None:
        self._names = names
        # Whether names of the row may not stand here, only inside an aggregate over rows.
        self._outside = over_rows
        self._over_rows = over_rows
        # The grid whose lines are being looked at: "" until the first line field tells which.
        self._grid: str | None = None

    def typed(self, node: Node) -> Typed:
        if isinstance(node, Literal):
            return _literal(node)
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Parameter):
            kind = self._names.parameters.get(node.name)
            if kind is None:
                raise _error(node, f"没有参数 :{node.name}", f"no parameter :{node.name}")
            return Typed("parameter", kind, value=node.name)
        return self._call(node)

    def _name(self, node: Name) -> Typed:
        place = self._place(node)
        if self._outside:
            raise _error(
                node,
                f"{node.name} 应放在汇总函数中，如 sum({node.name})",
                f"{node.name} must stand inside a total such as sum({node.name})",
            )
        if place.field.secret:
            raise _error(node, f"{node.name} 已加密，不能使用", f"{node.name} is encrypted and cannot be used")
        return Typed("place", place.kind, place=place)

    def _place(self, node: Name) -> Place:
        names = self._names
        place = names.places.get(node.name)
        if place is not None:
            if place.grid is not None:
                names.may_use(place.grid)
            names.may_use(node.name)
            return place
        grid, _, inner = node.name.partition(".")
        if grid in names.grids and inner in names.grids[grid]:
            names.may_use(grid)
            names.may_use(node.name)
            if self._grid is None:
                raise _error(
                    node,
                    f"明细字段应放在 sum({node.name}) 等函数中",
                    f"a field of lines must stand inside sum({node.name}) or the like",
                )
            if self._grid not in ("", grid):
                raise _error(node, "一个函数只能用一个明细表的字段", "one function takes the lines of one grid")
            self._grid = grid
            return names.grids[grid][inner]
        raise _error(node, f"没有字段“{node.name}”", f"no field “{node.name}”")

    def _call(self, node: Call) -> Typed:  # noqa: PLR0911 - one return an operator
        name, arguments = node.function, node.arguments
        if name in ("and", "or") and len(arguments) >= 1:
            return Typed(name, "flag", tuple(self._of_kind(part, "flag") for part in arguments))
        if name == "not" and len(arguments) == 1:
            return Typed(name, "flag", (self._of_kind(arguments[0], "flag"),))
        if name in COMPARISONS and len(arguments) == 2:
            return self._comparison(node)
        if name in ("in", "not in") and len(arguments) == 2:
            return self._membership(node)
        if name in ("is empty", "is not empty") and len(arguments) == 1:
            return self._emptiness(node)
        if name in ("+", "-", "*", "/") and len(arguments) == 2:
            return self._arithmetic(node)
        if name == "neg" and len(arguments) == 1:
            return Typed("neg", "number", (self._of_kind(arguments[0], "number"),))
        if name in ("today", "now", "me", "my_department") and not arguments:
            kinds: dict[str, Kind] = {"today": "date", "now": "moment", "me": "text", "my_department": "text"}
            return Typed(name, kinds[name])
        if name in AGGREGATES and not (name in FUNCTIONS and len(arguments) > 1 and not self._is_total(node)):
            return self._aggregate(node)
        if name in FUNCTIONS:
            return self._function(node, FUNCTIONS[name])
        raise _error(node, f"没有函数“{name[:40]}”", f"no function “{name[:40]}”")

    def _is_total(self, node: Call) -> bool:
        """``min(amount, state == "x")`` is a total of rows with a condition, ``min(a, b)`` the lesser of two."""
        if not self._outside or len(node.arguments) != 2 or node.function not in ("min", "max"):
            return False
        second = node.arguments[1]
        return isinstance(second, Call) and (second.function in COMPARISONS or second.function in _CONDITIONS)

    def _of_kind(self, node: Node, *kinds: Kind) -> Typed:
        made = self.typed(node)
        if made.kind not in kinds:
            made = _coerced(node, made, kinds)
        return made

    def _comparison(self, node: Call) -> Typed:
        left, right = (self.typed(part) for part in node.arguments)
        operator = node.function
        if "empty" in (left.kind, right.kind):
            if operator not in ("==", "!="):
                raise _error(node, "空值不能比较大小", "null has no order")
            other = left if right.kind == "empty" else right
            return Typed("is empty" if operator == "==" else "is not empty", "flag", (other,))
        left, right = self._agreed(node, left, right)
        if operator not in ("==", "!=") and left.kind not in ORDERED:
            raise _error(node, f"{_kind(left).zh}不能比较大小", f"{_kind(left).en} has no order")
        self._refuse_other(node, left)
        for place, value, written in ((left, right, node.arguments[1]), (right, left, node.arguments[0])):
            _check_option(place, value, written)
        return Typed(operator, "flag", (left, right))

    def _membership(self, node: Call) -> Typed:
        left = self.typed(node.arguments[0])
        self._refuse_other(node, left)
        members = node.arguments[1]
        inside: Typed
        if isinstance(members, Parameter):
            if self._names.parameters.get(members.name) != "period" or left.kind not in ("date", "moment"):
                raise _error(members, "in 之后的参数应为时间段", "the parameter behind “in” must be a period")
            inside = Typed("in_period", "flag", (left,), value=(members.name, None))
        elif isinstance(members, Call) and members.function == "period":
            left = self._of_kind(node.arguments[0], "date", "moment")
            inside = Typed("in_period", "flag", (left,), value=read_period(members))
        elif isinstance(members, Call) and members.function == "list" and members.arguments:
            values = []
            for part in members.arguments:
                made = self.typed(part)
                if made.kind == "empty":
                    raise _error(part, "列表中不能有空值", "no null in a list")
                _, made = self._agreed(node, left, made, fixed_left=True)
                if not made.fixed:
                    raise _error(part, "列表中应为固定值", "a list holds fixed values")
                _check_option(left, made, part)
                values.append(made)
            inside = Typed("in", "flag", (left, *values))
        else:
            raise _error(node, "in 之后应为（值, 值）或时间段", "“in” takes (value, value) or a period")
        return inside if node.function == "in" else Typed("not", "flag", (inside,))

    def _emptiness(self, node: Call) -> Typed:
        asked = node.arguments[0]
        if isinstance(asked, Name) and asked.name in self._names.grids:
            self._names.may_use(asked.name)
            counted = Typed("lines", "number", value="count", grid=asked.name)
            operator = "==" if node.function == "is empty" else ">"
            return Typed(operator, "flag", (counted, Typed("literal", "number", value=_NUMBER.parse(0))))
        return Typed(node.function, "flag", (self.typed(asked),))

    def _arithmetic(self, node: Call) -> Typed:
        left, right = (self.typed(part) for part in node.arguments)
        if node.function == "-" and {left.kind, right.kind} <= {"date", "moment"}:
            return Typed("days_between", "number", (right, left))
        if node.function in ("+", "-") and left.kind in ("date", "moment"):
            days = self._of_kind(node.arguments[1], "number")
            if days.operation == "literal" and abs(days.value) > MOST_DAYS:
                raise _error(node, f"天数最多 {MOST_DAYS}", f"at most {MOST_DAYS} days")
            return Typed("add_days" if node.function == "+" else "take_days", "date", (left, days))
        parts = tuple(self._of_kind(part, "number") for part in node.arguments)
        return Typed(node.function, "number", parts)

    def _function(self, node: Call, signature: Signature) -> Typed:
        name, count = node.function, len(node.arguments)
        if count < signature.minimum or (count > len(signature.arguments) and not signature.more):
            raise _error(node, f"{name} 的参数个数不对", f"wrong number of arguments for {name}")
        wanted = [signature.arguments[min(index, len(signature.arguments) - 1)] for index in range(count)]
        parts = [self._of_kind(part, *kinds) for part, kinds in zip(node.arguments, wanted, strict=True)]
        if name in ("round", "add_months") and count == 2:
            most = MOST_DIGITS if name == "round" else MOST_MONTHS
            number = parts[1].value if parts[1].operation == "literal" else None
            low = 0 if name == "round" else -most
            if number is None or number != number.to_integral_value() or not low <= number <= most:
                raise _error(
                    node.arguments[1], f"应为 {low} 到 {most} 的整数", f"a whole number from {low} to {most} expected"
                )
        answer = signature.answer
        if answer is None:
            first = 1 if name == "if" else 0
            for index in range(first + 1, count):
                parts[first], parts[index] = self._agreed(node, parts[first], parts[index])
            parts[first + 1 :] = [self._agreed(node, parts[first], part)[1] for part in parts[first + 1 :]]
            if {part.kind for part in parts[first:]} == {"date", "moment"}:
                # One kind for all: of a time, its day.
                parts[first:] = [
                    Typed("date", "date", (part,)) if part.kind == "moment" else part for part in parts[first:]
                ]
            answer = parts[first].kind
        return Typed(name, answer, tuple(parts))

    def _aggregate(self, node: Call) -> Typed:
        if self._outside:
            return self._over_group(node)
        name, arguments = node.function, node.arguments
        if self._grid is not None:
            raise _error(node, "汇总函数不能嵌套", "totals cannot be nested")
        if name == "count_distinct" or len(arguments) not in (1, 2):
            raise _error(node, f"{name} 的参数不对", f"wrong arguments for {name}")
        if name == "count" and isinstance(arguments[0], Name) and arguments[0].name in self._names.grids:
            self._names.may_use(arguments[0].name)
            if len(arguments) == 1:
                return Typed("lines", "number", value="count", grid=arguments[0].name)
            arguments = arguments[1:]
        self._grid = ""
        try:
            parts = self._aggregated(node, name, arguments)
            grid = self._grid
        finally:
            self._grid = None
        if not grid:
            grids = "、".join(self._names.grids) or "-"
            raise _error(node, f"{name} 应汇总明细的字段（{grids}）", f"{name} needs a field of lines ({grids})")
        return Typed("lines", _answer(name, parts), parts, value=name, grid=grid)

    def _over_group(self, node: Call) -> Typed:
        name, arguments = node.function, node.arguments
        if name in ("any", "all") or (len(arguments) > 2):
            raise _error(node, f"{name} 不能用于此处", f"{name} cannot be used here")
        self._outside = False
        try:
            parts = self._aggregated(node, name, arguments) if arguments or name != "count" else ()
        finally:
            self._outside = True
        return Typed("rows", _answer(name, parts), parts, value=name)

    def _aggregated(self, node: Call, name: str, arguments: tuple[Node, ...]) -> tuple[Typed, ...]:
        if not arguments:
            raise _error(node, f"{name} 的参数不对", f"wrong arguments for {name}")
        if name in ("any", "all", "count"):
            if len(arguments) != 1:
                raise _error(node, f"{name} 的参数不对", f"wrong arguments for {name}")
            return (self._of_kind(arguments[0], "flag"),)
        kinds: tuple[Kind, ...] = ("number",) if name in ("sum", "avg") else ORDERED
        if name == "count_distinct":
            kinds = (*ORDERED, "id", "flag")
        parts = [self._of_kind(arguments[0], *kinds)]
        if len(arguments) == 2:
            parts.append(self._of_kind(arguments[1], "flag"))
        return tuple(parts)

    def _agreed(self, node: Call, left: Typed, right: Typed, *, fixed_left: bool = False) -> tuple[Typed, Typed]:
        """Both of one kind: texts are read as what they are compared with, a time compared with a day is its day."""
        if left.kind == right.kind:
            return left, right
        if {left.kind, right.kind} == {"date", "moment"}:
            return left, right
        if right.kind == "text" and right.operation == "literal":
            return left, _coerced(node, right, (left.kind,))
        if left.kind == "text" and left.operation == "literal" and not fixed_left:
            return _coerced(node, left, (right.kind,)), right
        if {left.kind, right.kind} == {"id", "text"}:
            return left, right
        raise _error(
            node,
            f"{_kind(left).zh}与{_kind(right).zh}不能一起使用",
            f"{_kind(left).en} and {_kind(right).en} do not go together",
        )

    def _refuse_other(self, node: Node, part: Typed) -> None:
        if part.kind in ("other", "period"):
            raise _error(node, "此字段只能判断是否为空", "this field can only be asked whether it is empty")


_CONDITIONS = frozenset({"and", "or", "not", "in", "not in", "is empty", "is not empty", "contains", "starts"})


def _answer(name: str, parts: tuple[Typed, ...]) -> Kind:
    if name in ("any", "all"):
        return "flag"
    return parts[0].kind if name in ("min", "max") else "number"


def _literal(node: Literal) -> Typed:
    value = node.value
    if value is None:
        return Typed("literal", "empty")
    kind: Kind = "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    return Typed("literal", kind, value=value)


def _coerced(node: Node, made: Typed, kinds: tuple[Kind, ...]) -> Typed:
    """A text literal as the kind that is wanted: ``"2026-03-01"`` where a date stands on the other side."""
    if made.operation == "literal" and made.kind == "text":
        for kind in kinds:
            try:
                if kind == "number":
                    return Typed("literal", kind, value=_NUMBER.parse(made.value))
                if kind == "id":
                    return Typed("literal", kind, value=parse_uuid(made.value))
                if kind == "date" or (kind == "moment" and len(made.value) == 10):
                    return Typed("literal", "date", value=_DATE.parse(made.value))
                if kind == "moment":
                    return Typed("literal", kind, value=_MOMENT.parse(made.value))
            except FieldError:
                continue
    wanted_zh = "或".join(KIND_LABELS[kind].zh for kind in kinds)
    wanted_en = " or ".join(KIND_LABELS[kind].en for kind in kinds)
    raise _error(
        node, f"此处应为{wanted_zh}，而不是{_kind(made).zh}", f"{wanted_en} expected here, not {_kind(made).en}"
    )


def _check_option(place: Typed, value: Typed, written: Node) -> None:
    """A choice compared with a word that is none of its values would never hold; that is a typing error."""
    options = place.place.options if place.place is not None else None
    if options is not None and value.operation == "literal" and value.value not in options:
        listed = ", ".join(options)
        raise _error(written, f"应为以下之一：{listed}", f"must be one of: {listed}")


def read_period(node: Call) -> tuple[str, int]:
    """The name and count of a ``period`` node; raises :class:`ExpressionInvalid`."""
    first = node.arguments[0] if node.arguments else None
    name = first.value if isinstance(first, Literal) else None
    if len(node.arguments) == 1 and name in PERIODS:
        return str(name), 1
    if len(node.arguments) == 2 and name in COUNTED:
        count = node.arguments[1]
        value = count.value if isinstance(count, Literal) else None
        if value is not None and not isinstance(value, str | bool) and value == value.to_integral_value():
            if 1 <= value <= LONGEST:
                return str(name), int(value)
            raise _error(count, f"应在 1 与 {LONGEST} 之间", f"must be between 1 and {LONGEST}")
    raise _error(node, "没有这样的时间段", "no such period")


def _kind(made: Typed) -> Label:
    return KIND_LABELS[made.kind]


def _error(node: Node, zh: str, en: str) -> ExpressionInvalid:
    return ExpressionInvalid(node.position, zh, en)
