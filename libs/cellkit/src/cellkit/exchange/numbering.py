"""Numbers that a file brings with it: the series go on after them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document
from cellkit.declare.numbering import Numbering
from cellkit.pipeline.engine import Engine

_PARTS = re.compile(r"\{(yyyy|yy|mm|dd|seq:\d+)\}")
_DIGITS = {"yyyy": r"\d{4}", "yy": r"\d{2}", "mm": r"\d{2}", "dd": r"\d{2}"}
_GO_ON = """
INSERT INTO kit_number AS n (tenant_id, series, next)
SELECT $1, x.series, x.next FROM unnest($2::text[], $3::bigint[]) AS x(series, next) ORDER BY x.series
ON CONFLICT (tenant_id, series) DO UPDATE SET next = greatest(n.next, excluded.next)
"""


def serials(rule: Numbering, numbers: Iterable[str]) -> dict[str, int]:
    """The largest serial of each series among numbers that the rule could have made."""
    pattern = _pattern(rule)
    largest: dict[str, int] = {}
    for number in numbers:
        match = pattern.fullmatch(number)
        if match is not None:
            begin, end = match.span("serial")
            placeholder = next(part for part in _PARTS.findall(rule.pattern) if part.startswith("seq"))
            series = f"{number[:begin]}{{{placeholder}}}{number[end:]}"
            largest[series] = max(largest.get(series, 0), int(match["serial"]))
    return largest


async def go_on_after(
    engine: Engine, connection: Any, tenant_id: UUID, document: type[Document], numbers: Iterable[str]
) -> None:
    """Let the document's series go on after given numbers, so that they are not handed out again."""
    rule = document.number
    largest = serials(rule, numbers) if rule is not None else {}
    if not largest or rule is None:
        return
    names = [f"{document.key}:{series}" for series in largest]
    following = [serial + 1 for serial in largest.values()]
    if rule.gapless:
        await connection.execute(_GO_ON, tenant_id, names, following)
        return
    # Ordinary series live outside the transaction: locked inside it, taking the next block would wait for ourselves.
    async with engine.database.reserved() as reserved:
        await reserved.execute(_GO_ON, tenant_id, names, following)


def _pattern(rule: Numbering) -> re.Pattern[str]:
    text, end = "", 0
    for match in _PARTS.finditer(rule.pattern):
        text += re.escape(rule.pattern[end : match.start()])
        text += _DIGITS.get(match[1], r"(?P<serial>\d{1,15})")
        end = match.end()
    return re.compile(text + re.escape(rule.pattern[end:]))
