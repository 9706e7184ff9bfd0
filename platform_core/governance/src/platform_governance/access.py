"""Who may look at governance, and who may change it."""

from __future__ import annotations

from cellkit.context import Caller, current_caller
from cellkit.errors import Unauthorized
from cellkit.ops.access import RoleDocuments

READ = "platform.governance.read"
UPDATE = "platform.governance.update"


class Access:
    """Checks the caller's role document."""

    def __init__(self, documents: RoleDocuments) -> None:
        self._documents = documents

    async def require(self, permission: str) -> Caller:
        """The caller; raises :class:`cellkit.errors.Forbidden` without the permission."""
        caller = current_caller.get()
        if caller is None or not caller.user_id:
            raise Unauthorized
        document = await self._documents.get(caller.tenant_id, caller.user_id)
        document.require(permission)
        return caller
