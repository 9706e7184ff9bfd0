"""Who asks, when and where: what ``me``, ``today``, ``this_week`` and parameters mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cellkit.ops.access import RoleDocument
    from cellkit.pipeline.engine import Engine


@dataclass(frozen=True)
class Situation:
    """The moment (UTC), the tenant's zone and its name, the person, and the values of parameters."""

    now: datetime
    zone: tzinfo
    zone_name: str = "UTC"
    user_id: str = ""
    department_id: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        """The tenant's day."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The tenant's day at a moment."""
        return moment.astimezone(self.zone).date()

    def start_of_day(self, day: date) -> datetime:
        """The moment (UTC) at which a day begins where the tenant is."""
        try:
            return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)
        except OverflowError:
            return datetime.combine(day, time(), tzinfo=UTC)


def situation_of(engine: Engine, role: RoleDocument, parameters: Mapping[str, Any] | None = None) -> Situation:
    """The situation of a caller now."""
    from cellkit.pipeline.engine import zone  # noqa: PLC0415 - the language itself stands on declarations alone

    where = zone(role.time_zone)
    return Situation(
        now=engine.clock(),
        zone=where,
        zone_name=str(getattr(where, "key", "UTC")),
        user_id=role.user_id,
        department_id=role.department_id,
        parameters=parameters or {},
    )
