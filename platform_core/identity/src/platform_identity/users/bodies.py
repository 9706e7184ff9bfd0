"""Request bodies and errors of the user administration."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from cellkit.errors import BusinessRuleViolation
from platform_identity.common.fields import Body, Ids, Language, Name, Password, TimeZone, Username, Versioned


class UserCreate(Body):
    """A new user with his first password; without one it is generated and shown in the answer, once."""

    username: Username
    display_name: Name
    password: Password | None = None
    # None: as the tenant's settings say.
    must_change_password: bool | None = None
    department_id: UUID | None = None
    role_ids: Ids = Field(default_factory=list)
    language: Language = "zh-CN"
    time_zone: TimeZone = "Asia/Shanghai"


class UserChange(Versioned):
    """Only the fields given change."""

    display_name: Name = "x"
    department_id: UUID | None = None
    language: Language = "zh-CN"
    time_zone: TimeZone = "Asia/Shanghai"


class UserRoles(Versioned):
    """Exactly these roles."""

    role_ids: Ids


class NewPassword(Body):
    """A password set by an administrator, or generated and shown once; the user has to change it in either case."""

    password: Password | None = None


class OnOneself(BusinessRuleViolation):
    """Nobody may shut himself out."""

    code = "NOT_ON_ONESELF"
    zh, en = "不能对自己的账号执行此操作", "Not allowed on your own account"
