"""From text to a tree. Chinese punctuation is read like its plain form, because keyboards produce it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from cellkit.expression.errors import ExpressionInvalid
from cellkit.expression.nodes import (
    COMPARISONS,
    MAX_DEPTH,
    MAX_LIST,
    MAX_LITERAL,
    MAX_NODES,
    MAX_TEXT,
    Call,
    Literal,
    Name,
    Node,
    Parameter,
)
from cellkit.expression.periods import COUNTED, PERIODS

_TOKEN = re.compile(
    r"""(?P<space>[\s\u3000]+)
    |(?P<number>[0-9]{1,30}(?:\.[0-9]{1,30})?(?![\w.]))
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|“[^“”]*”)
    |(?P<parameter>:[A-Za-z_][A-Za-z0-9_]{0,60})
    |(?P<word>[A-Za-z_][A-Za-z0-9_]{0,60}(?:\.[A-Za-z_][A-Za-z0-9_]{0,60})?)
    |(?P<sign>==|!=|<>|<=|>=|[-+*/=<>(),，（）≥≤≠×÷－＋＝＞＜])""",
    re.VERBOSE,
)
_SAME = {
    "=": "==", "<>": "!=", "，": ",", "（": "(", "）": ")", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/",
    "－": "-", "＋": "+", "＝": "==", "＞": ">", "＜": "<",
}  # fmt: skip
_WORDS = frozenset({"and", "or", "not", "in", "is", "empty", "true", "false", "null"})
_CONSTANTS: dict[str, str | Decimal | bool | None] = {"true": True, "false": False, "null": None}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SITUATION_WORDS = frozenset({"today", "now", "me", "my_department"})
"""Words that stand for a value of the moment; written without parentheses."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> Node:
    """The tree of ``text``; raises :class:`ExpressionInvalid` with the place that cannot be read."""
    if len(text) > MAX_TEXT:
        raise ExpressionInvalid(MAX_TEXT, f"最多 {MAX_TEXT} 个字符", f"at most {MAX_TEXT} characters")
    return _Parser(text).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            sign = text[place]
            raise ExpressionInvalid(place + 1, f"无法识别“{sign}”", f"cannot read “{sign}”")
        kind, value = str(match.lastgroup), match.group()
        if kind == "sign":
            value = _SAME.get(value, value)
        elif kind == "word" and value.lower() in _WORDS:
            kind, value = "keyword", value.lower()
        if kind != "space":
            found.append(_Token(kind, value, place + 1))
        place = match.end()
    found.append(_Token("end", "", len(text) + 1))
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._place = 0
        self._depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        if self._now.kind == "end":
            raise ExpressionInvalid(1, "表达式为空", "the expression is empty")
        node = self._either()
        if self._now.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _now(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._now
        self._place += 1
        return token

    def _is(self, text: str, kind: str = "keyword") -> bool:
        return self._now.kind == kind and self._now.text == text

    def _expect(self, text: str) -> None:
        if not self._is(text, "sign"):
            raise ExpressionInvalid(self._now.position, f"此处应为“{text}”", f"“{text}” expected here")
        self._take()

    def _unexpected(self) -> ExpressionInvalid:
        token = self._now
        if token.kind == "end":
            return ExpressionInvalid(token.position, "表达式不完整", "the expression is not complete")
        return ExpressionInvalid(token.position, f"此处不应出现“{token.text}”", f"“{token.text}” is not expected here")

    def _made(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ExpressionInvalid(self._now.position, "表达式过大", "the expression is too large")
        return node

    def _call(self, function: str, position: int, *arguments: Node) -> Node:
        return self._made(Call(function, arguments, position))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionInvalid(self._now.position, "表达式嵌套过深", "the expression is nested too deeply")

    def _either(self) -> Node:
        self._deeper()
        node = self._chain("or", self._both)
        self._depth -= 1
        return node

    def _both(self) -> Node:
        return self._chain("and", self._negated)

    def _chain(self, word: str, part: object) -> Node:
        position = self._now.position
        parts: list[Node] = [part()]  # type: ignore[operator]  # one of the methods below
        while self._is(word):
            self._take()
            parts.append(part())  # type: ignore[operator]  # one of the methods below
        return parts[0] if len(parts) == 1 else self._call(word, position, *parts)

    def _negated(self) -> Node:
        if not self._is("not"):
            return self._compared()
        position = self._take().position
        self._deeper()
        node = self._call("not", position, self._negated())
        self._depth -= 1
        return node

    def _compared(self) -> Node:
        left = self._sum()
        token = self._now
        if token.kind == "sign" and token.text in COMPARISONS:
            self._take()
            return self._call(token.text, token.position, left, self._sum())
        if self._is("is"):
            self._take()
            word = "is empty"
            if self._is("not"):
                self._take()
                word = "is not empty"
            if not (self._is("empty") or self._is("null")):
                raise self._unexpected()
            self._take()
            return self._call(word, token.position, left)
        word = "in"
        if self._is("not"):
            self._take()
            word = "not in"
            if not self._is("in"):
                raise self._unexpected()
        if self._is("in"):
            self._take()
            return self._call(word, token.position, left, self._members())
        return left

    def _members(self) -> Node:
        token = self._now
        if token.kind == "parameter":
            self._take()
            return self._made(Parameter(token.text[1:], token.position))
        if token.kind == "word" and token.text in COUNTED:
            self._take()
            self._expect("(")
            number = self._now
            if number.kind != "number" or not number.text.isdigit():
                raise ExpressionInvalid(number.position, "此处应为整数", "a whole number expected here")
            self._take()
            self._expect(")")
            return self._call(
                "period", token.position, Literal(token.text), Literal(Decimal(number.text), number.position)
            )
        if token.kind == "word" and token.text in PERIODS:
            self._take()
            return self._call("period", token.position, Literal(token.text))
        if not self._is("(", "sign"):
            raise ExpressionInvalid(
                token.position, "in 之后应为（值, 值）或时间段，如 this_month", "“in” takes (value, value) or a period"
            )
        self._take()
        values = [self._sum()]
        while self._is(",", "sign"):
            self._take()
            values.append(self._sum())
            if len(values) > MAX_LIST:
                raise ExpressionInvalid(self._now.position, f"最多 {MAX_LIST} 个值", f"at most {MAX_LIST} values")
        self._expect(")")
        return self._call("list", token.position, *values)

    def _sum(self) -> Node:
        node = self._product()
        while self._now.kind == "sign" and self._now.text in ("+", "-"):
            token = self._take()
            self._deepest(node, token)
            node = self._call(token.text, token.position, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._single()
        while self._now.kind == "sign" and self._now.text in ("*", "/"):
            token = self._take()
            self._deepest(node, token)
            node = self._call(token.text, token.position, node, self._single())
        return node

    def _deepest(self, node: Node, token: _Token) -> None:
        """A long sum grows to the left, so its depth does not show in the recursion of this parser."""
        depth = 0
        while isinstance(node, Call) and node.arguments:
            node, depth = node.arguments[0], depth + 1
        if depth > MAX_DEPTH:
            raise ExpressionInvalid(token.position, "表达式嵌套过深", "the expression is nested too deeply")

    def _single(self) -> Node:
        token = self._now
        if self._is("-", "sign"):
            self._take()
            self._deeper()
            inner = self._single()
            self._depth -= 1
            if isinstance(inner, Literal) and isinstance(inner.value, Decimal) and not inner.value.is_signed():
                return Literal(inner.value.copy_negate(), token.position)
            return self._call("neg", token.position, inner)
        if self._is("(", "sign"):
            self._take()
            node = self._either()
            self._expect(")")
            return node
        if token.kind == "number":
            self._take()
            return self._made(Literal(Decimal(token.text), token.position))
        if token.kind == "string":
            return self._text(self._take())
        if token.kind == "parameter":
            self._take()
            return self._made(Parameter(token.text[1:], token.position))
        if token.kind == "keyword" and token.text in _CONSTANTS:
            self._take()
            return self._made(Literal(_CONSTANTS[token.text], token.position))
        if token.kind == "word":
            self._take()
            return self._function(token) if self._is("(", "sign") else self._word(token)
        raise self._unexpected()

    def _word(self, token: _Token) -> Node:
        if token.text in SITUATION_WORDS:
            return self._call(token.text, token.position)
        return self._made(Name(token.text, token.position))

    def _function(self, token: _Token) -> Node:
        self._take()
        arguments: list[Node] = []
        if not self._is(")", "sign"):
            arguments.append(self._either())
            while self._is(",", "sign"):
                self._take()
                arguments.append(self._either())
        self._expect(")")
        return self._call(token.text, token.position, *arguments)

    def _text(self, token: _Token) -> Node:
        inner = token.text[1:-1]
        value = inner if token.text[0] == "“" else _ESCAPED.sub(r"\1", inner)
        if len(value) > MAX_LITERAL or "\x00" in value:
            raise ExpressionInvalid(token.position, "文本过长或含有不允许的字符", "text too long or not allowed")
        return self._made(Literal(value, token.position))
