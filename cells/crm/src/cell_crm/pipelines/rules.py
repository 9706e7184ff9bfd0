"""Rules of stages (pure functions)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cellkit.declare import Row

FIELDS_A_STAGE_MAY_REQUIRE = frozenset(
    {"amount", "expected_date", "contact_id", "lines", "competitor", "need", "budget", "remark"}
)

STEERING_FIELDS = ("pipeline_id", "sequence", "probability", "required_fields", "gated")

DEFAULT_STAGES: tuple[tuple[str, str, str, list[str]], ...] = (
    ("初步接洽", "Contacted", "0.10", []),
    ("需求确认", "Need confirmed", "0.30", ["need"]),
    ("方案报价", "Quoted", "0.50", ["amount"]),
    ("商务谈判", "Negotiating", "0.75", ["amount", "expected_date"]),
)


def default_stages() -> list[Row]:
    """The stages of a tenant that configured none: sequence, name, probability, required fields."""
    return [
        {"sequence": index, "name": zh, "probability": Decimal(probability), "required_fields": required}
        for index, (zh, _, probability, required) in enumerate(DEFAULT_STAGES, start=1)
    ]


def required_fields_known(value: object) -> bool:
    """Whether a stage's list names only fields that an opportunity has."""
    return isinstance(value, list) and all(item in FIELDS_A_STAGE_MAY_REQUIRE for item in value)


def missing_fields(stage: Row, opportunity: Row) -> list[str]:
    """The fields that the stage requires and the opportunity lacks; zero amounts and blank texts count as missing."""
    return [name for name in stage["required_fields"] or () if not opportunity.get(name)]


def is_neighbour(stages: Sequence[Row], current: Row, wanted: Row) -> bool:
    """Whether ``wanted`` comes right before or after ``current`` in the order of ``sequence``."""
    order = [stage["id"] for stage in sorted(stages, key=lambda stage: stage["sequence"])]
    if current["id"] not in order or wanted["id"] not in order:
        return False
    return abs(order.index(current["id"]) - order.index(wanted["id"])) == 1


def first_stage(stages: Iterable[Row]) -> Row | None:
    """The stage a new opportunity starts in."""
    return min(stages, key=lambda stage: stage["sequence"], default=None)
