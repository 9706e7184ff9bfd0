"""A tenant's own rules for passwords and sessions, with the platform's defaults. The limits keep it from weak ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MOST_HISTORY = 24


def _whole(least: int, most: int) -> Any:
    return Field(ge=least, le=most, strict=True)


class TenantSettings(BaseModel):
    """Days and minutes of 0 mean: no limit of the tenant's own."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    password_min_length: Annotated[int, _whole(8, 64)] = 8
    password_classes: Annotated[int, _whole(3, 4)] = 3
    password_expire_days: Annotated[int, _whole(0, 3650)] = 0
    password_history: Annotated[int, _whole(1, MOST_HISTORY)] = 5
    # Whoever gets a password from somebody else has to change it before he does anything.
    password_must_change_first: Annotated[bool, Field(strict=True)] = True
    session_idle_minutes: Annotated[int, Field(strict=True)] = 0
    session_single_device: Annotated[bool, Field(strict=True)] = False

    def access_seconds(self, longest: int) -> int:
        """How long an access token lives: whoever works on refreshes at least twice within the idle time."""
        return min(longest, self.session_idle_minutes * 30 or longest)

    def unused_seconds(self, longest: int) -> int:
        """How long a session lives without a refresh."""
        return min(longest, self.session_idle_minutes * 60 or longest)

    def changes(self) -> dict[str, Any]:
        """What differs from the defaults: only that is stored, so that better defaults reach everybody else."""
        return self.model_dump(exclude_defaults=True)


def settings_of(stored: Mapping[str, Any]) -> TenantSettings:
    """The settings of a tenant's row; what a later version wrote and this one does not know is passed over."""
    return TenantSettings.model_validate(stored)
