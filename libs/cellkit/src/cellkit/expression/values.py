"""Literals of an expression as values, and what is told when they do not fit."""

from __future__ import annotations

from cellkit.declare.fields import Date, FieldError, Moment, Number, parse_uuid
from cellkit.expression.errors import ExpressionInvalid
from cellkit.expression.names import Kind
from cellkit.expression.nodes import Call, Literal, Node
from cellkit.expression.periods import COUNTED, LONGEST, PERIODS
from cellkit.expression.typed import Typed
from cellkit.labels import L, Label

KIND_LABELS: dict[str, Label] = {
    "number": L("数字", "number"), "text": L("文本", "text"), "id": L("引用", "reference"), "date": L("日期", "date"),
    "moment": L("时间", "time"), "flag": L("是/否", "yes or no"), "period": L("时间段", "period"),
    "empty": L("空", "empty"), "other": L("其他", "other"),
}  # fmt: skip
_DATE, _MOMENT, NUMBER = Date(L("", "")), Moment(L("", "")), Number(L("", ""), digits=60, scale=30)


def literal(node: Literal) -> Typed:
    """A literal with its kind."""
    value = node.value
    if value is None:
        return Typed("literal", "empty")
    kind: Kind = "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    return Typed("literal", kind, value=value)


def coerced(node: Node, made: Typed, kinds: tuple[Kind, ...]) -> Typed:
    """A text literal as the kind that is wanted: ``"2026-03-01"`` where a date stands on the other side."""
    if made.operation == "literal" and made.kind == "text":
        for kind in kinds:
            try:
                if kind == "number":
                    return Typed("literal", kind, value=NUMBER.parse(made.value))
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
    raise wrong(
        node,
        f"此处应为{wanted_zh}，而不是{kind_label(made).zh}",
        f"{wanted_en} expected here, not {kind_label(made).en}",
    )


def check_option(place: Typed, value: Typed, written: Node) -> None:
    """A choice compared with a word that is none of its values would never hold; that is a typing error."""
    options = place.place.options if place.place is not None else None
    if options is not None and value.operation == "literal" and value.value not in options:
        listed = ", ".join(options)
        raise wrong(written, f"应为以下之一：{listed}", f"must be one of: {listed}")


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
            raise wrong(count, f"应在 1 与 {LONGEST} 之间", f"must be between 1 and {LONGEST}")
    raise wrong(node, "没有这样的时间段", "no such period")


def kind_label(made: Typed) -> Label:
    """The kind of a node for people."""
    return KIND_LABELS[made.kind]


def wrong(node: Node, zh: str, en: str) -> ExpressionInvalid:
    """An error at a node."""
    return ExpressionInvalid(node.position, zh, en)
