"""Which fields a caller may use in expressions: those he sees in clear."""

from __future__ import annotations

from cellkit.declare.document import Table
from cellkit.ops.access import RoleDocument
from cellkit.read.projection import projection


class Readable:
    """Whether a caller sees ``amount``, ``lines`` or ``lines.quantity`` in clear; ``used`` keeps what was asked."""

    def __init__(self, table: type[Table], role: RoleDocument) -> None:
        self._seen = projection(table, role)
        self.used: set[str] = set()

    def __call__(self, name: str) -> bool:
        """Whether the field is seen in clear."""
        self.used.add(name)
        grid, _, inner = name.partition(".")
        if not inner:
            return self._seen.readable(name)
        part = self._seen.lines.get(grid)
        return part is not None and grid not in self._seen.hidden and part.readable(inner)


def readable_by(table: type[Table], role: RoleDocument) -> Readable:
    """What a caller sees in clear of a document."""
    return Readable(table, role)
