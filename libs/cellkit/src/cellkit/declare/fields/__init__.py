"""Fields of a document: how a value is read from JSON, checked, stored and shown."""

from cellkit.declare.fields.attachments import FileField, Files, Image
from cellkit.declare.fields.base import Field, FieldError
from cellkit.declare.fields.choices import Choice, DictionaryChoice, MultiChoice, Tags
from cellkit.declare.fields.currencies import Currency
from cellkit.declare.fields.numbers import Integer, Money, Number, Percent, Price, Quantity
from cellkit.declare.fields.references import DepartmentRef, ExternalRef, Ref, TreeParent, UserRef, parse_uuid
from cellkit.declare.fields.times import Date, Moment, Time
from cellkit.declare.fields.words import Flag, Json, LongText, Text

__all__ = [
    "Choice",
    "Currency",
    "Date",
    "DepartmentRef",
    "DictionaryChoice",
    "ExternalRef",
    "Field",
    "FieldError",
    "FileField",
    "Files",
    "Flag",
    "Image",
    "Integer",
    "Json",
    "LongText",
    "Moment",
    "Money",
    "MultiChoice",
    "Number",
    "Percent",
    "Price",
    "Quantity",
    "Ref",
    "Tags",
    "Text",
    "Time",
    "TreeParent",
    "UserRef",
    "parse_uuid",
]
