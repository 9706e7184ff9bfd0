"""What can be wrong with an expression."""

from __future__ import annotations

from typing import Any

from cellkit.errors import FieldProblem, ServiceError
from cellkit.labels import Label


class ExpressionInvalid(ServiceError):
    """The expression cannot be read, or does not fit the document.

    ``position`` is the character it is about, counted from 1 (0: somewhere in a JSON tree).
    """

    code, status = "EXPRESSION_INVALID", 422
    zh, en = "表达式第 {position} 个字符处：{reason}", "Expression, character {position}: {reason}"

    def __init__(self, position: int, zh: str, en: str) -> None:
        self.position = position
        self.reason = Label(zh, en)
        super().__init__(position=position, reason=self.reason)

    def label(self) -> Label:
        """The message; a tree without positions has none to tell."""
        if self.position:
            return super().label()
        return Label(f"表达式：{self.reason.zh}", f"Expression: {self.reason.en}")

    def problem(self, field: str) -> FieldProblem:
        """The same as a problem of the field that holds the expression."""
        return {"field": field, "rule": "expression", "message": self.label()}


class FieldNotReadable(ServiceError):
    """The expression or report uses a field that is hidden or masked for the caller."""

    code, status = "FIELD_NOT_READABLE", 403
    zh, en = "没有查看字段“{field}”的权限，不能据此筛选或统计", "No right to see field “{field}”, so nothing can use it"

    def __init__(self, field: str) -> None:
        super().__init__(field=field)

    def details(self, language: str) -> Any:
        """``{"field"}``."""
        return super().details(language)
