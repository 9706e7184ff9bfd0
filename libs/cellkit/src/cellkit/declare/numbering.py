"""Document numbers: a pattern such as ``SO{yyyy}{mm}-{seq:5}`` and how strict the series is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_SEQUENCE = re.compile(r"\{seq:(\d+)\}")


@dataclass(frozen=True, slots=True)
class Numbering:
    """A numbering rule.

    The series starts again whenever the rendered part before the serial changes. ``gapless`` series are taken inside
    the transaction (vouchers, invoices); others are handed out in blocks, so that writers do not wait for each other.
    """

    pattern: str
    gapless: bool = False

    def __post_init__(self) -> None:
        if len(_SEQUENCE.findall(self.pattern)) != 1:
            message = f"a numbering pattern needs exactly one {{seq:n}}: {self.pattern}"
            raise ValueError(message)

    def series(self, day: date) -> str:
        """The series on a day: the pattern with its dates filled in."""
        return (
            self.pattern.replace("{yyyy}", f"{day.year:04}")
            .replace("{yy}", f"{day.year % 100:02}")
            .replace("{mm}", f"{day.month:02}")
            .replace("{dd}", f"{day.day:02}")
        )

    @staticmethod
    def render(series: str, serial: int) -> str:
        """The number of ``serial`` in a series."""
        return _SEQUENCE.sub(lambda match: str(serial).zfill(int(match.group(1))), series)
