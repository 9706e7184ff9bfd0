"""The person who calls, with his rights as they are at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.context import Caller, current_caller
from cellkit.errors import Forbidden, NotFound, PasswordChangeRequired, Unauthorized
from cellkit.ops.access import RoleDocument
from platform_identity.role_documents.store import Person, load_person


@dataclass(frozen=True, slots=True)
class Actor:
    """An active user of an active tenant, as the gateway vouches for him."""

    caller: Caller
    tenant_id: UUID
    user_id: UUID
    person: Person

    @property
    def document(self) -> RoleDocument:
        """His rights."""
        return self.person.document

    @property
    def is_operator(self) -> bool:
        """Whether his tenant is the operator's."""
        return self.person.is_operator


def caller_now() -> Caller:
    """The caller of the request being answered."""
    caller = current_caller.get()
    if caller is None:
        raise Unauthorized
    return caller


def uuid_of(text: str) -> UUID:
    """A UUID from a path; a text that is none names nothing."""
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound from None
    return found


def tenant_of(caller: Caller) -> UUID:
    """The caller's tenant; raises :class:`Unauthorized` when there is none."""
    try:
        return UUID(caller.tenant_id)
    except ValueError:
        raise Unauthorized from None


async def load_actor(connection: Any, caller: Caller, permission: str | None = None, *, due: bool = False) -> Actor:
    """The calling user.

    Raises :class:`Unauthorized` when he or the session is not active, :class:`Forbidden` without the permission,
    :class:`PasswordChangeRequired` while his password is due, unless ``due`` allows it.

    Services have no business here: their tokens are for events and look-ups.
    """
    if caller.is_service:
        raise Forbidden(permission=permission or "user")
    tenant_id = tenant_of(caller)
    try:
        user_id = UUID(caller.user_id)
    except ValueError:
        raise Unauthorized from None
    person = await load_person(connection, tenant_id, user_id)
    if person is None or (caller.session_id and caller.session_id in person.document.ended_sessions):
        raise Unauthorized
    if person.must_change_password and not due:
        raise PasswordChangeRequired
    if permission is not None:
        person.document.require(permission)
    return Actor(caller, tenant_id, user_id, person)
