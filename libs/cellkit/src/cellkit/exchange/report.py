"""What an import tells about the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cellkit.exchange.limits import MOST_REPORTED
from cellkit.labels import Label


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the row as the file's program shows it (the header is row 1), its column's heading, the field."""

    row: int
    column: str
    field: str
    rule: str
    message: Label


@dataclass(slots=True)
class Report:
    """Counts and the first ``most`` problems; ``rows`` are data rows, the other counts are documents."""

    batch_id: str
    mode: str
    rows: int = 0
    documents: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    problem_count: int = 0
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    most: int = MOST_REPORTED

    def add(self, problems: Iterable[Problem]) -> None:
        """Problems of a document that failed, or of the header."""
        for problem in problems:
            self.problem_count += 1
            if len(self.problems) < self.most:
                self.problems.append(problem)

    def errors(self, language: str) -> list[dict[str, Any]]:
        """The problems in the order of the file."""
        ordered = sorted(self.problems, key=lambda item: item.row)
        return [
            {
                "row": item.row,
                "column": item.column,
                "field": item.field,
                "rule": item.rule,
                "message": item.message.text(language),
            }
            for item in ordered
        ]

    def as_json(self, language: str) -> dict[str, Any]:
        """The answer's body."""
        return {
            "batchId": self.batch_id,
            "mode": self.mode,
            "rows": self.rows,
            "documents": self.documents,
            "created": self.created,
            "failed": self.failed,
            "errorCount": self.problem_count,
            "errors": self.errors(language),
            "ignoredColumns": self.ignored,
        }
