"""Trees as text and as JSON, both ways; what is written reads back as the same tree.

JSON: ``{"value": 5}``, ``{"field": "amount"}``, ``{"parameter": "from"}``, ``{"call": "and", "arguments": […]}``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.expression.errors import ExpressionInvalid
from cellkit.expression.nodes import (
    COMPARISONS,
    MAX_DEPTH,
    MAX_LITERAL,
    MAX_NODES,
    Call,
    Literal,
    Name,
    Node,
    Parameter,
)
from cellkit.expression.parser import SITUATION_WORDS, parse

_BINDING = {"or": 1, "and": 2, "not": 3, **dict.fromkeys(COMPARISONS, 4), "in": 4, "not in": 4}
_BINDING |= {"is empty": 4, "is not empty": 4, "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7}


def to_text(node: Node) -> str:
    """The expression as people write it."""
    return _written(node, 0)


def _written(node: Node, around: int) -> str:
    if isinstance(node, Literal):
        text = literal_text(node.value)
        return f"({text})" if text.startswith("-") and around > 5 else text
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Parameter):
        return f":{node.name}"
    name, parts = node.function, node.arguments
    own = _BINDING.get(name)
    if own is None:
        return _function_text(name, parts)
    if name in ("and", "or"):
        text = f" {name} ".join(_written(part, own + 1) for part in parts)
    elif name == "not":
        text = f"not {_written(parts[0], own)}"
    elif name == "neg":
        text = f"-{_written(parts[0], own + 1)}"
    elif name.startswith("is "):
        text = f"{_written(parts[0], own + 1)} {name}"
    else:
        text = f"{_written(parts[0], own if own > 4 else own + 1)} {name} {_written(parts[1], own + 1)}"
    return f"({text})" if own < around else text


def _function_text(name: str, parts: tuple[Node, ...]) -> str:
    if name == "list":
        return f"({', '.join(_written(part, 5) for part in parts)})"
    if name == "period":
        first = parts[0]
        word = str(first.value) if isinstance(first, Literal) else "?"
        return word if len(parts) == 1 else f"{word}({_written(parts[1], 0)})"
    if name in SITUATION_WORDS:
        return name
    return f"{name}({', '.join(_written(part, 0) for part in parts)})"


def literal_text(value: str | Decimal | bool | None) -> str:  # noqa: FBT001 - true and false are values here
    """A value as it stands in an expression."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_json(node: Node) -> dict[str, Any]:
    """The tree as JSON."""
    if isinstance(node, Literal):
        # Numbers as texts, so that no reader makes floats of them.
        return {"number": format(node.value, "f")} if isinstance(node.value, Decimal) else {"value": node.value}
    if isinstance(node, Name):
        return {"field": node.name}
    if isinstance(node, Parameter):
        return {"parameter": node.name}
    return {"call": node.function, "arguments": [to_json(part) for part in node.arguments]}


def from_json(value: Any) -> Node:
    """A tree from JSON, or from text when ``value`` is one; raises :class:`ExpressionInvalid`."""
    if isinstance(value, str):
        return parse(value)
    left = [MAX_NODES]
    return _read(value, 0, left)


def _read(value: Any, depth: int, left: list[int]) -> Node:
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH:
        raise ExpressionInvalid(0, "表达式过大或嵌套过深", "too large or nested too deeply")
    if not isinstance(value, dict):
        raise _wrong(value)
    match value:
        case {"value": bool() | None as constant, **rest} if not rest:
            return Literal(constant)
        case {"value": str() as text, **rest} if not rest and len(text) <= MAX_LITERAL and "\x00" not in text:
            return Literal(text)
        case {"value": int() | Decimal() as number, **rest} if not rest:
            return Literal(_number(str(number)))
        case {"number": str() as number, **rest} if not rest:
            return Literal(_number(number))
        case {"field": str() as name, **rest} if not rest and _is_name(name):
            return Name(name)
        case {"parameter": str() as name, **rest} if not rest and _is_name(name):
            return Parameter(name)
        case {"call": str() as function, "arguments": list() as arguments, **rest} if not rest and len(function) < 64:
            return Call(function, tuple(_read(part, depth + 1, left) for part in arguments))
        case _:
            raise _wrong(value)


def _number(text: str) -> Decimal:
    digits = text.removeprefix("-").replace(".", "", 1)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 60:
        raise ExpressionInvalid(0, f"“{text[:40]}”不是数字", f"“{text[:40]}” is no number")
    return Decimal(text)


def _is_name(name: str) -> bool:
    parts = name.split(".")
    return len(parts) <= 2 and all(part.isidentifier() and part.isascii() and len(part) < 64 for part in parts)


def _wrong(value: Any) -> ExpressionInvalid:
    shown = str(value)[:60]
    return ExpressionInvalid(0, f"无法识别 {shown}", f"cannot read {shown}")
