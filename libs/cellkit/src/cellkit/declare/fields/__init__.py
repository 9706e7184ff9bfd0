"""Fields of a document: how a value is read from JSON, checked, stored and shown."""

from cellkit.declare.fields.base import Field, FieldError
from cellkit.declare.fields.numbers import Integer, Money, Number, Percent, Price, Quantity
from cellkit.declare.fields.references import DepartmentRef, ExternalRef, Ref, UserRef, parse_uuid
from cellkit.declare.fields.times import Date, Moment
from cellkit.declare.fields.words import Choice, Flag, Json, LongText, Text

__all__ = [
    "Choice",
    "Date",
    "DepartmentRef",
    "ExternalRef",
    "Field",
    "FieldError",
    "Flag",
    "Integer",
    "Json",
    "LongText",
    "Moment",
    "Money",
    "Number",
    "Percent",
    "Price",
    "Quantity",
    "Ref",
    "Text",
    "UserRef",
    "parse_uuid",
]
