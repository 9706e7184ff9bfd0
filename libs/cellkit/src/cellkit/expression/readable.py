"""Which fields a caller may use in expressions: those he sees in clear."""

from __future__ import annotations

from collections.abc import Callable

from cellkit.declare.document import Table
from cellkit.ops.access import RoleDocument
from cellkit.read.projection import projection


def readable_by(table: type[Table], role: RoleDocument) -> Callable[[str], bool]:
    """Whether a caller sees ``amount``, ``lines`` or ``lines.quantity`` in clear."""
    seen = projection(table, role)

    def readable(name: str) -> bool:
        grid, _, inner = name.partition(".")
        if not inner:
            return seen.readable(name)
        part = seen.lines.get(grid)
        return part is not None and grid not in seen.hidden and part.readable(inner)

    return readable
