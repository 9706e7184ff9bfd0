"""Expressions in the filter of a list: ``{"$where": "created_by == me and start in this_week", …}``."""

from __future__ import annotations

from typing import Any

from cellkit.declare.document import Table
from cellkit.errors import BadRequest
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine

WHERE = "$where"
"""The key under which a filter carries an expression (text or JSON), or several that must all hold."""
_MOST = 10


def where_condition(
    engine: Engine, table: type[Table], role: RoleDocument, source: Any, parameters: list[Any], used: set[str]
) -> str:
    """The SQL of the expressions; the fields they speak of are added to ``used``.

    Raises :class:`BadRequest` for what cannot be read or may not be used.
    """
    # Most lists carry no expression and need not pay for the language.
    from cellkit.expression import ExpressionInvalid, FieldNotReadable, condition, names_of, situation_of  # noqa: PLC0415
    from cellkit.expression.readable import readable_by  # noqa: PLC0415

    readable = readable_by(table, role)
    names = names_of(table, readable=readable)
    situation = situation_of(engine, role)
    sources = source if isinstance(source, list) else [source]
    if not 0 < len(sources) <= _MOST or not all(isinstance(one, str | dict) for one in sources):
        raise BadRequest(reason=L("filter 中的 $where 应为表达式", "filter: $where must be an expression"))
    try:
        parts = [condition(one, names).sql(situation, parameters) for one in sources]
    except ExpressionInvalid as error:
        text = error.label()
        raise BadRequest(reason=L(f"filter：{text.zh}", f"filter: {text.en}")) from None
    except FieldNotReadable as error:
        name = error.values["field"]
        raise BadRequest(
            reason=L(f"filter 中的字段 {name} 不存在或不可筛选", f"filter: no field {name} to filter by")
        ) from None
    used |= readable.used
    return "(" + " AND ".join(parts) + ")"
