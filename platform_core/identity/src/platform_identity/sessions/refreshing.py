"""Going on with a session by its refresh token, and telling a spent token from a repeated one."""

from __future__ import annotations

from typing import Any

from cellkit.context import Caller
from platform_identity.audit.trail import record
from platform_identity.common.parts import Parts
from platform_identity.sessions import refresh_tokens, store


async def session_of(connection: Any, token: refresh_tokens.RefreshToken) -> Any:
    """The row of a token's session, ended ones included."""
    return await connection.fetchrow(
        "SELECT nonce, sequence, user_id FROM sessions WHERE tenant_id = $1 AND id = $2",
        token.tenant_id,
        token.session_id,
    )


async def go_on(parts: Parts, caller: Caller, text: str) -> store.Opened | None:
    """Spend a token; None when it counts no more. A token spent longer ago than a moment ends its session."""
    token = refresh_tokens.parse(text)
    if token is None:
        return None
    async with parts.database.transaction(str(token.tenant_id)) as connection:
        row = await session_of(connection, token)
        if row is None or not token.is_genuine(parts.secrets, row["nonce"]):
            return None
        opened = await store.go_on(parts, connection, caller, token, row["nonce"])
        if opened is None:
            opened = await store.repeat(connection, token, row["nonce"])
        if opened is None and await _was_spent(connection, token):
            ended = await store.end(connection, token.tenant_id, "reuse", session_id=token.session_id)
            if ended is not None:
                await record(
                    connection,
                    caller,
                    token.tenant_id,
                    "refresh_reuse",
                    "identity.session",
                    token.session_id,
                    user_id=str(ended),
                )
    # The refusal is the caller's: raised in here, it would roll the end of the session back.
    return opened


async def _was_spent(connection: Any, token: refresh_tokens.RefreshToken) -> bool:
    row = await session_of(connection, token)
    return row is not None and row["sequence"] > token.sequence
