"""The password that somebody gets from somebody else: given or generated, and whether he has to change it first."""

from __future__ import annotations

from dataclasses import dataclass

from cellkit.errors import FieldProblem, ValidationFailed, problem
from platform_identity.passwords import policy
from platform_identity.tenant_settings.rules import TenantSettings


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """``shown`` is the generated one, for the answer and nowhere else; None where it was given."""

    text: str
    must_change: bool
    shown: str | None


def choose(
    username: str,
    given: str | None,
    settings: TenantSettings,
    *,
    must_change: bool | None = None,
    prefix: str = "",
) -> FirstPassword:
    """Check what is given or generate what is not; raises :class:`ValidationFailed` naming fields behind ``prefix``."""
    found = first_change_problems(f"{prefix}must_change_password", settings, must_change=must_change)
    if given is not None:
        found += policy.problems(f"{prefix}password", given, username, settings)
    if found:
        raise ValidationFailed(found)
    # A generated password is known to whoever generated it, and to whatever showed it to him.
    forced = settings.password_must_change_first if must_change is None else must_change
    text = policy.generate(username, settings) if given is None else given
    return FirstPassword(text, forced or given is None, text if given is None else None)


def first_change_problems(field: str, settings: TenantSettings, *, must_change: bool | None) -> list[FieldProblem]:
    """Where the tenant says that first passwords are changed, nobody is let off."""
    if must_change is False and settings.password_must_change_first:
        return [
            problem(
                field,
                "policy",
                "本租户要求首次登录修改密码",
                "This tenant requires that first passwords be changed",
            )
        ]
    return []
