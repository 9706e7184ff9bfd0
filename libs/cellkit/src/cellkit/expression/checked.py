"""Check a tree against the fields of a document: names, kinds, numbers of arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cellkit.expression.errors import ExpressionInvalid
from cellkit.expression.functions import AGGREGATES, FUNCTIONS, MOST_DAYS, MOST_DIGITS, MOST_MONTHS, ORDERED, Signature
from cellkit.expression.names import Kind, Names, Place
from cellkit.expression.nodes import COMPARISONS, MAX_DEPTH, MAX_NODES, Call, Literal, Name, Node, Parameter, size_of
from cellkit.expression.situation import Situation
from cellkit.expression.typed import Typed
from cellkit.expression.values import NUMBER, check_option, coerced, kind_label, literal, read_period, wrong
from cellkit.expression.written import from_json, to_text


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
        raise wrong(node, "表达式没有值", "the expression has no value")
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
            return literal(node)
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Parameter):
            kind = self._names.parameters.get(node.name)
            if kind is None:
                raise wrong(node, f"没有参数 :{node.name}", f"no parameter :{node.name}")
            return Typed("parameter", kind, value=node.name)
        return self._call(node)

    def _name(self, node: Name) -> Typed:
        place = self._place(node)
        if self._outside:
            raise wrong(
                node,
                f"{node.name} 应放在汇总函数中，如 sum({node.name})",
                f"{node.name} must stand inside a total such as sum({node.name})",
            )
        if place.field.secret:
            raise wrong(node, f"{node.name} 已加密，不能使用", f"{node.name} is encrypted and cannot be used")
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
                raise wrong(
                    node,
                    f"明细字段应放在 sum({node.name}) 等函数中",
                    f"a field of lines must stand inside sum({node.name}) or the like",
                )
            if self._grid not in ("", grid):
                raise wrong(node, "一个函数只能用一个明细表的字段", "one function takes the lines of one grid")
            self._grid = grid
            return names.grids[grid][inner]
        raise wrong(node, f"没有字段“{node.name}”", f"no field “{node.name}”")

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
        raise wrong(node, f"没有函数“{name[:40]}”", f"no function “{name[:40]}”")

    def _is_total(self, node: Call) -> bool:
        """``min(amount, state == "x")`` is a total of rows with a condition, ``min(a, b)`` the lesser of two."""
        if not self._outside or len(node.arguments) != 2 or node.function not in ("min", "max"):
            return False
        second = node.arguments[1]
        return isinstance(second, Call) and (second.function in COMPARISONS or second.function in _CONDITIONS)

    def _of_kind(self, node: Node, *kinds: Kind) -> Typed:
        made = self.typed(node)
        if made.kind not in kinds:
            made = coerced(node, made, kinds)
        return made

    def _comparison(self, node: Call) -> Typed:
        left, right = (self.typed(part) for part in node.arguments)
        operator = node.function
        if "empty" in (left.kind, right.kind):
            if operator not in ("==", "!="):
                raise wrong(node, "空值不能比较大小", "null has no order")
            other = left if right.kind == "empty" else right
            return Typed("is empty" if operator == "==" else "is not empty", "flag", (other,))
        left, right = self._agreed(node, left, right)
        if operator not in ("==", "!=") and left.kind not in ORDERED:
            raise wrong(node, f"{kind_label(left).zh}不能比较大小", f"{kind_label(left).en} has no order")
        self._refuse_other(node, left)
        for place, value, written in ((left, right, node.arguments[1]), (right, left, node.arguments[0])):
            check_option(place, value, written)
        return Typed(operator, "flag", (left, right))

    def _membership(self, node: Call) -> Typed:
        left = self.typed(node.arguments[0])
        self._refuse_other(node, left)
        members = node.arguments[1]
        inside: Typed
        if isinstance(members, Parameter):
            if self._names.parameters.get(members.name) != "period" or left.kind not in ("date", "moment"):
                raise wrong(members, "in 之后的参数应为时间段", "the parameter behind “in” must be a period")
            inside = Typed("in_period", "flag", (left,), value=(members.name, None))
        elif isinstance(members, Call) and members.function == "period":
            left = self._of_kind(node.arguments[0], "date", "moment")
            inside = Typed("in_period", "flag", (left,), value=read_period(members))
        elif isinstance(members, Call) and members.function == "list" and members.arguments:
            values = []
            for part in members.arguments:
                made = self.typed(part)
                if made.kind == "empty":
                    raise wrong(part, "列表中不能有空值", "no null in a list")
                _, made = self._agreed(node, left, made, fixed_left=True)
                if not made.fixed:
                    raise wrong(part, "列表中应为固定值", "a list holds fixed values")
                check_option(left, made, part)
                values.append(made)
            inside = Typed("in", "flag", (left, *values))
        else:
            raise wrong(node, "in 之后应为（值, 值）或时间段", "“in” takes (value, value) or a period")
        return inside if node.function == "in" else Typed("not", "flag", (inside,))

    def _emptiness(self, node: Call) -> Typed:
        asked = node.arguments[0]
        if isinstance(asked, Name) and asked.name in self._names.grids:
            self._names.may_use(asked.name)
            counted = Typed("lines", "number", value="count", grid=asked.name)
            operator = "==" if node.function == "is empty" else ">"
            return Typed(operator, "flag", (counted, Typed("literal", "number", value=NUMBER.parse(0))))
        return Typed(node.function, "flag", (self.typed(asked),))

    def _arithmetic(self, node: Call) -> Typed:
        left, right = (self.typed(part) for part in node.arguments)
        if node.function == "-" and {left.kind, right.kind} <= {"date", "moment"}:
            return Typed("days_between", "number", (right, left))
        if node.function in ("+", "-") and left.kind in ("date", "moment"):
            days = self._of_kind(node.arguments[1], "number")
            if days.operation == "literal" and abs(days.value) > MOST_DAYS:
                raise wrong(node, f"天数最多 {MOST_DAYS}", f"at most {MOST_DAYS} days")
            return Typed("add_days" if node.function == "+" else "take_days", "date", (left, days))
        parts = tuple(self._of_kind(part, "number") for part in node.arguments)
        return Typed(node.function, "number", parts)

    def _function(self, node: Call, signature: Signature) -> Typed:
        name, count = node.function, len(node.arguments)
        if count < signature.minimum or (count > len(signature.arguments) and not signature.more):
            raise wrong(node, f"{name} 的参数个数不对", f"wrong number of arguments for {name}")
        wanted = [signature.arguments[min(index, len(signature.arguments) - 1)] for index in range(count)]
        parts = [self._of_kind(part, *kinds) for part, kinds in zip(node.arguments, wanted, strict=True)]
        if name in ("round", "add_months") and count == 2:
            most = MOST_DIGITS if name == "round" else MOST_MONTHS
            number = parts[1].value if parts[1].operation == "literal" else None
            low = 0 if name == "round" else -most
            if number is None or number != number.to_integral_value() or not low <= number <= most:
                raise wrong(
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
            raise wrong(node, "汇总函数不能嵌套", "totals cannot be nested")
        if name == "count_distinct" or len(arguments) not in (1, 2):
            raise wrong(node, f"{name} 的参数不对", f"wrong arguments for {name}")
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
            raise wrong(node, f"{name} 应汇总明细的字段（{grids}）", f"{name} needs a field of lines ({grids})")
        return Typed("lines", _answer(name, parts), parts, value=name, grid=grid)

    def _over_group(self, node: Call) -> Typed:
        name, arguments = node.function, node.arguments
        if name in ("any", "all") or (len(arguments) > 2):
            raise wrong(node, f"{name} 不能用于此处", f"{name} cannot be used here")
        self._outside = False
        try:
            parts = self._aggregated(node, name, arguments) if arguments or name != "count" else ()
        finally:
            self._outside = True
        return Typed("rows", _answer(name, parts), parts, value=name)

    def _aggregated(self, node: Call, name: str, arguments: tuple[Node, ...]) -> tuple[Typed, ...]:
        if not arguments:
            raise wrong(node, f"{name} 的参数不对", f"wrong arguments for {name}")
        if name in ("any", "all", "count"):
            if len(arguments) != 1:
                raise wrong(node, f"{name} 的参数不对", f"wrong arguments for {name}")
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
            return left, coerced(node, right, (left.kind,))
        if left.kind == "text" and left.operation == "literal" and not fixed_left:
            return coerced(node, left, (right.kind,)), right
        if {left.kind, right.kind} == {"id", "text"}:
            return left, right
        raise wrong(
            node,
            f"{kind_label(left).zh}与{kind_label(right).zh}不能一起使用",
            f"{kind_label(left).en} and {kind_label(right).en} do not go together",
        )

    def _refuse_other(self, node: Node, part: Typed) -> None:
        if part.kind in ("other", "period"):
            raise wrong(node, "此字段只能判断是否为空", "this field can only be asked whether it is empty")


_CONDITIONS = frozenset({"and", "or", "not", "in", "not in", "is empty", "is not empty", "contains", "starts"})


def _answer(name: str, parts: tuple[Typed, ...]) -> Kind:
    if name in ("any", "all"):
        return "flag"
    return parts[0].kind if name in ("min", "max") else "number"
