"""What is answered: the shapes of tenants, users, roles, sessions and the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from platform_identity.common.fields import Language

Scope = Literal["self", "team", "department", "custom", "all"]
Rule = Literal["hide", "mask", "read", "edit"]


class Shape(BaseModel):
    """Field names as business data has them (snake_case)."""

    model_config = ConfigDict(extra="forbid")


class Envelope(BaseModel):
    """Field names as the contract's envelopes have them (camelCase)."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class Text(Shape):
    """A text in both languages."""

    zh: str
    en: str


class Kept(Shape):
    """What every stored thing has."""

    id: UUID
    version: int
    created_at: datetime
    updated_at: datetime


class Tenant(Kept):
    """A tenant."""

    code: str
    name: str
    is_operator: bool
    is_active: bool
    language: Language
    time_zone: str
    package_id: UUID | None


class NewTenant(Tenant):
    """``administrator_password``: where it was generated, in the first answer only."""

    administrator_id: UUID
    administrator_password: str | None = None


class TenantUsage(Shape):
    """How much of its package a tenant uses."""

    active_users: int
    most_users: int | None


class Package(Kept):
    """A package; null: no limit."""

    code: str
    name: str
    cells: list[str] | None
    features: list[str]
    most_users: int | None
    storage_bytes: int | None


class Settings(Shape):
    """The settings of a tenant."""

    password_min_length: int
    password_classes: int
    password_expire_days: int
    password_history: int
    password_must_change_first: bool
    session_idle_minutes: int
    session_single_device: bool
    version: int


class Department(Kept):
    """A department; ``path`` has the ids from the root down."""

    parent_id: UUID | None
    name: str
    path: str
    leader_id: UUID | None
    sort_order: int


class User(Kept):
    """A user; ``locked_until`` is told by the list and the single read."""

    username: str
    display_name: str
    department_id: UUID | None
    is_active: bool
    must_change_password: bool
    language: Language
    time_zone: str
    last_login_at: datetime | None
    password_changed_at: datetime
    role_ids: list[UUID]
    locked_until: datetime | None = None


class NewUser(User):
    """``password``: where it was generated, in the first answer only."""

    password: str | None = None


class NewPassword(Shape):
    """``password``: the generated one, in the first answer only."""

    id: UUID
    password: str | None = None


class Ended(Shape):
    """How many sessions were ended."""

    ended: int


class Role(Kept):
    """A role; ``user_count`` is told by the list."""

    code: str
    name: str
    permissions: list[str]
    default_scope: Scope
    scopes: dict[str, Scope]
    custom_department_ids: dict[str, list[UUID]]
    field_rules: dict[str, Rule]
    user_count: int | None = None


class Changed(Shape):
    """One thing that two roles say differently; null: nothing."""

    key: str
    here: Any
    there: Any


class Permissions(Shape):
    """Permissions of one of two roles alone."""

    only_here: list[str]
    only_there: list[str]


class RoleDifference(Shape):
    """How two roles differ."""

    same: bool
    permissions: Permissions
    default_scope: list[Changed]
    scopes: list[Changed]
    custom_department_ids: list[Changed]
    field_rules: list[Changed]


class PermissionEntry(Shape):
    """``kind`` menu: without it the entity is not seen."""

    name: str
    verb: str
    kind: Literal["menu", "button"]
    label: Any


class PermissionGroup(Shape):
    """The permissions of one entity."""

    key: str
    label: Any
    permissions: list[PermissionEntry]


class CellPermissions(Shape):
    """A cell's entry; ``matrix``: where the cell tells its fields."""

    cell: str
    label: Any
    permissions: list[Any]
    menus: list[Any]
    entities: list[Any]
    groups: list[PermissionGroup]
    matrix: str | None


class Word(Shape):
    """A value with its text."""

    value: str
    label: Text


class PermissionCatalogue(Shape):
    """All that a role can be given."""

    items: list[CellPermissions]
    next: None
    total: int
    scopes: list[Word]
    rules: list[Word]


class Colleague(Shape):
    """What colleagues know of a user."""

    id: UUID
    name: str
    username: str
    department: str | None
    active: bool


class DepartmentName(Shape):
    """A department in the tree that pickers show."""

    id: UUID
    name: str
    parent_id: UUID | None


class OwnSession(Shape):
    """A session of one's own."""

    id: UUID
    address: str
    device: str
    device_name: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


class Session(OwnSession):
    """A session as an administrator sees it."""

    user_id: UUID
    username: str
    display_name: str


class SigningKey(Shape):
    """A signing key without its secret half."""

    id: str
    state: Literal["next", "current", "previous", "retired"]
    created_at: datetime
    activated_at: datetime | None
    retires_at: datetime | None


class Rotated(Shape):
    """The keys after a rotation."""

    current: str
    next: str
    previous: list[str]


class AuditEntry(Shape):
    """One entry of the trail; ``before`` and ``after`` are JSON texts, as they were hashed."""

    id: UUID
    at: datetime
    user_id: str
    action: str
    entity: str
    entity_id: str
    before: str | None
    after: str | None
    request_id: str
    address: str
    sequence: int | None


class AuditVerification(Shape):
    """Whether the chain holds."""

    sealed: int
    open: int
    holds: bool
    first_bad: str | None


class Preferences(Shape):
    """A user's preferences."""

    value: dict[str, Any]
    version: int


class Problem(Shape):
    """Something wrong in a file."""

    row: int
    column: str
    field: str
    rule: str
    message: str


class Credential(Shape):
    """A generated password."""

    username: str
    display_name: str
    password: str


class ImportReport(Shape):
    """``credentials``: in the first answer only."""

    dry_run: bool
    rows: int
    created: int
    problem_count: int
    problems: list[Problem]
    credentials: list[Credential] | None = None


class Tokens(Envelope):
    """A login; without ``refreshToken`` where the cookie has it."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str | None = None
    refresh_expires_in: int
    tenant_id: UUID
    user_id: UUID
    must_change_password: bool


class ServiceToken(Envelope):
    """A cell's token."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class NamedDepartment(Shape):
    """A department by name."""

    id: UUID
    name: str


class PasswordPolicy(Envelope):
    """The rules for one's next password."""

    min_length: int
    max_length: int
    classes: int
    history: int
    expire_days: int


class Me(Envelope):
    """The user who asks."""

    user_id: UUID
    tenant_id: UUID
    version: str
    username: str
    display_name: str
    department_id: UUID | None
    department_ids: list[UUID]
    team_user_ids: list[UUID]
    roles: list[str]
    permissions: list[str]
    scopes: dict[str, Scope]
    custom_department_ids: dict[str, list[UUID]]
    field_rules: dict[str, Rule]
    language: Language
    time_zone: str
    cells: list[str] | None
    tenant_code: str
    tenant_name: str
    tenant_language: Language
    tenant_time_zone: str
    is_operator: bool
    must_change_password: bool
    session_id: UUID | None
    departments: list[NamedDepartment]
    features: list[str] | None
    last_login_at: datetime | None
    password_changed_at: datetime
    password_policy: PasswordPolicy
    session_idle_minutes: int
