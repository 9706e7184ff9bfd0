"""Runs the checks one after the other and tells what came out."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from superpaas.conformance import checks as _checks  # noqa: F401 - importing them puts them into the suite
from superpaas.conformance.judging import CHECKS, BrokenContractError, Check, NotApplicableError, Outcome
from superpaas.conformance.stage import Stage, Target, open_stage


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found."""

    name: str
    section: str
    title: str
    outcome: Outcome
    reason: str
    milliseconds: int

    def as_json(self) -> dict[str, object]:
        """For the report file."""
        return asdict(self)


async def run(target: Target, only: Sequence[str], tell: Callable[[Verdict], None]) -> list[Verdict]:
    """Try every check (or those named); ``tell`` gets each verdict at once."""
    verdicts: list[Verdict] = []
    async with open_stage(target) as stage:
        for item in CHECKS:
            if not only or item.name in only:
                verdicts.append(await _verdict(item, stage))
                tell(verdicts[-1])
    return verdicts


async def _verdict(item: Check, stage: Stage) -> Verdict:
    began = time.monotonic()
    outcome: Outcome = "passed"
    reason = ""
    try:
        await item.function(stage)
    except BrokenContractError as error:
        outcome, reason = "failed", str(error)
    except NotApplicableError as error:
        outcome, reason = "skipped", str(error)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # What the cell answered does not have the shape that the check reads.
        place = traceback.extract_tb(error.__traceback__)[-1]
        outcome, reason = "failed", f"{type(error).__name__}: {error} ({place.name}:{place.lineno})"
    spent = int((time.monotonic() - began) * 1000)
    return Verdict(item.name, item.section, item.title, outcome, reason, spent)
