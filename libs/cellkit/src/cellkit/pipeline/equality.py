"""Rows by equality: the WHERE of ``work.find``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellkit.db.shape import BLIND_INDEX_SUFFIX, Shape
from cellkit.pipeline.tracked import ColumnWriter


def equalities(columns: ColumnWriter, shape: Shape, where: Mapping[str, Any], parameters: list[Any]) -> str:
    """`` AND …`` for each name; a list value means any of, None means empty. ``$1`` is the tenant."""
    text = ""
    for given_name, given in where.items():
        name, value = _stored_key(columns, shape, given_name, given)
        column, kind = shape.extracted(name)
        if value is None:
            text += f" AND {column} IS NULL"
            continue
        several = isinstance(value, list | tuple | set)
        parameters.append([shape.compared(name, one) for one in value] if several else shape.compared(name, value))
        place = f"${len(parameters) + 1}::{kind}"
        text += f" AND {column} = ANY({place}[])" if several else f" AND {column} = {place}"
    return text


def _stored_key(columns: ColumnWriter, shape: Shape, name: str, value: Any) -> tuple[str, Any]:
    item = shape.fields.get(name)
    if item is None or not item.secret or value is None:
        return name, value
    if isinstance(value, list | tuple | set):
        return name + BLIND_INDEX_SUFFIX, [columns.blind_index(shape, name, str(one)) for one in value]
    return name + BLIND_INDEX_SUFFIX, columns.blind_index(shape, name, str(value))
