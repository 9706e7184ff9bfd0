"""Request bodies and errors of the tenants' administration."""

from __future__ import annotations

from uuid import UUID

from cellkit.errors import BusinessRuleViolation
from platform_identity.common.fields import Body, Code, Language, Name, Password, TimeZone, Username, Versioned
from platform_identity.tenant_settings.bodies import SettingValues


class Administrator(Body):
    """The new tenant's first administrator. Without a password one is generated and shown in the answer, once."""

    username: Username = "admin"
    display_name: Name = "管理员"
    password: Password | None = None
    # None: as the tenant's settings say.
    must_change_password: bool | None = None


class TenantCreate(Body):
    """A tenant comes with its first administrator; without a package nothing is limited."""

    code: Code
    name: Name
    administrator: Administrator
    language: Language = "zh-CN"
    time_zone: TimeZone = "Asia/Shanghai"
    package_id: UUID | None = None
    settings: SettingValues | None = None


class TenantChange(Versioned):
    """Only the fields given change."""

    name: Name = "x"
    language: Language = "zh-CN"
    time_zone: TimeZone = "Asia/Shanghai"
    package_id: UUID | None = None


class OperatorTenant(BusinessRuleViolation):
    """The operator cannot shut himself out."""

    code = "OPERATOR_TENANT"
    zh, en = "不能停用运营方租户，也不能限制其套餐", "The operator's tenant can be neither disabled nor limited"
