"""Which roles a user has and what each of them gives: asked of identity when somebody wants it explained."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote

import msgspec

from cellkit.errors import Unavailable
from cellkit.ops.access import FieldRule, Grants, Scope
from cellkit.ops.client import ServiceClient


class RoleGrant(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One role of a user: what it gives by itself."""

    code: str
    name: str = ""
    permissions: tuple[str, ...] = ()
    default_scope: Scope = "self"
    scopes: dict[str, Scope] = {}
    custom_department_ids: dict[str, tuple[str, ...]] = {}
    field_rules: dict[str, FieldRule] = {}

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.code

    def allows(self, permission: str) -> bool:
        """Whether this role alone gives a permission."""
        return Grants(self.permissions).match(permission)

    def touches(self, entity: str) -> bool:
        """Whether it gives any permission on an entity, so that its scope and its silence on fields count there."""
        cell, _, name = entity.partition(".")
        for permission in self.permissions:
            words = permission.split(".")
            if words[0] == "*" or (words[0] == cell and (len(words) == 1 or words[1] in {"*", name})):
                return True
        return False

    def scope(self, entity: str) -> Scope:
        """Its scope for an entity."""
        cell = entity.partition(".")[0] + ".*"
        return self.scopes.get(entity, self.scopes.get(cell, self.default_scope))


class Provenance(msgspec.Struct, frozen=True, rename="camel"):
    """A user's roles, and the names of the departments that his scopes speak of."""

    roles: tuple[RoleGrant, ...] = ()
    departments: dict[str, str] = {}


class ProvenanceSource(Protocol):
    """Where it comes from."""

    async def fetch(self, tenant_id: str, user_id: str) -> Provenance | None:
        """The roles; None when nobody can tell (the explanation then does without their names)."""
        ...


class HttpProvenance:
    """From identity, with the cell's service token."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def fetch(self, tenant_id: str, user_id: str) -> Provenance | None:
        """See :class:`ProvenanceSource`."""
        try:
            answer = await self._client.request(
                "GET",
                f"/api/v1/identity/role-documents/{quote(user_id, safe='')}/provenance",
                tenant_id=tenant_id,
                timeout_seconds=2,
            )
        except Unavailable:
            return None
        if answer.status != HTTPStatus.OK:
            return None
        try:
            return msgspec.json.decode(answer.body, type=Provenance)
        except msgspec.DecodeError:
            return None


class StaticProvenance:
    """Given by hand, for tests and for cells that run alone."""

    def __init__(self) -> None:
        self.known: dict[str, Provenance] = {}

    async def fetch(self, tenant_id: str, user_id: str) -> Provenance | None:  # noqa: ARG002
        """See :class:`ProvenanceSource`."""
        return self.known.get(user_id)


def named(roles: Iterable[RoleGrant]) -> str:
    """Roles as a text lists them."""
    return "、".join(f"“{role.title}”" for role in roles)
