"""The kit's one expression language: conditions and figures over a document's fields.

``amount >= 5000 and kind in ("a", "b")`` is parsed from text or JSON, checked against the fields of a document, and
then either evaluated on a row or compiled to parameterised SQL; both give the same answer (docs/guide/expressions.md).

>>> from cellkit.expression import condition, names_of, situation_of
>>> large = condition("amount >= 5000 and created_by == me", names_of(Order))
>>> large.holds(row, situation_of(engine, role))
>>> parameters = [tenant_id]
>>> large.sql(situation, parameters)  # 'a text with $2, $3', their values added to parameters
"""

from cellkit.expression.checked import Expression, check, condition
from cellkit.expression.errors import ExpressionInvalid, FieldNotReadable
from cellkit.expression.names import Names, names_of
from cellkit.expression.nodes import Call, Literal, Name, Node, Parameter
from cellkit.expression.parser import parse
from cellkit.expression.situation import Situation, situation_of
from cellkit.expression.written import from_json, to_json, to_text

__all__ = [
    "Call",
    "Expression",
    "ExpressionInvalid",
    "FieldNotReadable",
    "Literal",
    "Name",
    "Names",
    "Node",
    "Parameter",
    "Situation",
    "check",
    "condition",
    "from_json",
    "names_of",
    "parse",
    "situation_of",
    "to_json",
    "to_text",
]
