"""What a work answers, and the texts beside references that go with it.

The texts are read by the statement that writes the work, so they cost no round trip. They cannot be in the answer that
this very statement keeps for repeats; a repeat is told the texts of its own time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.http.messages import Reply
from cellkit.read.titles import Titles, Wanted, titles_query, titles_to_find

if TYPE_CHECKING:
    from cellkit.declare.document import Row, Table
    from cellkit.pipeline.statement import Statement
    from cellkit.pipeline.work import Work

RowsJson = dict[int, bytes]
"""JSON of the changed rows, made for audit and events, by ``id(row)``."""
Make = Callable[[RowsJson, Titles | None], Reply]
"""Makes the answer; without titles it is the one that is kept for repeats."""


@dataclass(frozen=True, slots=True)
class TitledAnswer:
    """An answer about a document, whose references are told with the titles of what they refer to."""

    make: Make
    tables: Mapping[str, type[Table]]
    known: Titles
    missing: Wanted

    def __call__(self, made: RowsJson) -> Reply:
        """As it is kept for repeats."""
        return self.make(made, None)

    def ask(self, statement: Statement) -> None:
        """Let the statement read the missing titles."""
        if self.missing:
            query = titles_query(self.tables, self.missing, statement.add)
            statement.read(f"SELECT json_agg(json_build_array(place, id, title)) FROM ({query}) titles")

    def told(self, made: RowsJson, found: Any) -> Reply:
        """As the caller gets it; ``found`` is what the statement has read."""
        keys = sorted(self.missing)
        read = {(keys[place], UUID(key)): title for place, key, title in (found or ())} if keys else {}
        return self.make(made, {**self.known, **read})


def titled(work: Work, table: type[Table], row: Row, make: Make) -> TitledAnswer:
    """The answer about a row of this work; what the work has read is not asked for again."""
    return TitledAnswer(make, work.engine.tables, *titles_to_find(work, table, row))
