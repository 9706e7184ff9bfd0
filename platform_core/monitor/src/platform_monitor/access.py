"""Who may look at what the monitor knows, and who may change what it does."""

from __future__ import annotations

from cellkit.context import Caller, current_caller
from cellkit.errors import Forbidden, Unauthorized
from cellkit.ops.access import RoleDocuments

READ = "platform.monitor.read"
UPDATE = "platform.monitor.update"
# Whoever may read his tenant's trail may also follow his tenant's requests.
TENANT_READ = "identity.audit.read"


class Access:
    """Checks the caller's role document."""

    def __init__(self, documents: RoleDocuments) -> None:
        self._documents = documents

    async def require(self, permission: str = READ) -> Caller:
        """The caller; raises :class:`cellkit.errors.Forbidden` without the permission."""
        caller = _caller()
        (await self._documents.get(caller.tenant_id, caller.user_id)).require(permission)
        return caller

    async def reach(self) -> str | None:
        """Whose requests the caller may see: None for everybody's (operators), else his own tenant's id."""
        caller = _caller()
        document = await self._documents.get(caller.tenant_id, caller.user_id)
        if document.allows(READ):
            return None
        if not document.allows(TENANT_READ):
            raise Forbidden(permission=TENANT_READ)
        return caller.tenant_id


def _caller() -> Caller:
    caller = current_caller.get()
    if caller is None or not caller.user_id:
        raise Unauthorized
    return caller
