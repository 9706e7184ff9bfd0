"""Conditions of rules: the kit's expressions over a document's header, in this one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.declare.document import Table
from cellkit.errors import ValidationFailed, problem
from cellkit.expression import ExpressionInvalid, Situation, condition, names_of

if TYPE_CHECKING:
    from cellkit.expression import Expression


def checked(text: str, table: type[Table]) -> Expression:
    """A rule's condition; raises :class:`ValidationFailed` when it is none over the document's header."""
    try:
        found = condition(text, names_of(table))
    except ExpressionInvalid as error:
        raise ValidationFailed([error.problem("condition")]) from None
    lines = sorted(name for name in found.uses if "." in name)
    secret = sorted(name for name in found.uses if name in table.fields and table.fields[name].secret)
    for name in (*lines, *secret):
        zh, en = f"条件不能使用明细或加密字段（{name}）", f"Lines and encrypted fields cannot be used ({name})"
        raise ValidationFailed([problem("condition", "field", zh, en)])
    return found


def holds(text: str | None, table: type[Table], row: dict[str, Any], situation: Situation) -> bool:
    """Whether a condition holds for a kept header; an empty one always does."""
    return not text or checked(text, table).holds(row, situation)
