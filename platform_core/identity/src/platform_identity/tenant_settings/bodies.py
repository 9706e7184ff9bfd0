"""Request bodies of the settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from platform_identity.common.fields import Body, Versioned
from platform_identity.tenant_settings.rules import MOST_HISTORY

_LEAST_IDLE, _MOST_IDLE = 5, 1440


def _idle(minutes: int) -> int:
    if minutes and not _LEAST_IDLE <= minutes <= _MOST_IDLE:
        message = f"0, or {_LEAST_IDLE} to {_MOST_IDLE}"
        raise ValueError(message)
    return minutes


class SettingValues(Body):
    """Only the fields given change."""

    password_min_length: Annotated[int, Field(ge=8, le=64, strict=True)] = 8
    password_classes: Annotated[int, Field(ge=3, le=4, strict=True)] = 3
    password_expire_days: Annotated[int, Field(ge=0, le=3650, strict=True)] = 0
    password_history: Annotated[int, Field(ge=1, le=MOST_HISTORY, strict=True)] = 5
    password_must_change_first: Annotated[bool, Field(strict=True)] = True
    session_idle_minutes: Annotated[int, Field(ge=0, le=_MOST_IDLE, strict=True), AfterValidator(_idle)] = 0
    session_single_device: Annotated[bool, Field(strict=True)] = False


class SettingsChange(SettingValues, Versioned):
    """A change of the tenant's own settings."""
