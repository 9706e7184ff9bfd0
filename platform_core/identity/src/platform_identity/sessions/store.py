"""Sessions in the database: begin, go on, end."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.ids import uuid7
from platform_identity.common.parts import Parts
from platform_identity.sessions import refresh_tokens
from platform_identity.tenant_settings.rules import TenantSettings, settings_of

_NONCE_BYTES = 16
# Two tabs, or an answer that got lost: a token spent a moment ago gets the same successor again (ADR 0088).
GRACE_SECONDS = 10
# A token is signed a little after its session was written, and a repeated refresh signs another one later still.
_TOKEN_MARGIN_SECONDS = GRACE_SECONDS + 30

_ABOUT_USER = """
SELECT password_is_due(u.must_change_password, u.password_changed_at, t.settings) AS must_change, t.settings, p.cells
FROM users u JOIN tenants t ON t.id = u.tenant_id LEFT JOIN packages p ON p.id = t.package_id
WHERE u.tenant_id = $1 AND u.id = $2
"""
_BEGIN = """
INSERT INTO sessions (tenant_id, id, user_id, nonce, address, device, expires_at, tokens_until)
VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), now() + make_interval(secs => $8))
"""
_STATE = """s.user_id, s.sequence, t.settings, p.cells,
    password_is_due(u.must_change_password, u.password_changed_at, t.settings) AS must_change,
    greatest(1, extract(epoch FROM s.expires_at - now()))::integer AS expires_in
"""
# Sliding, but never past the session's longest life.
_GO_ON = f"""
UPDATE sessions s SET sequence = sequence + 1, last_used_at = now(), address = $4, device = $5,
    expires_at = least(now() + make_interval(secs => unused_seconds($6, t.settings)),
                       s.created_at + make_interval(secs => $7)),
    tokens_until = now() + make_interval(secs => $8)
FROM users u, tenants t LEFT JOIN packages p ON p.id = t.package_id
WHERE s.tenant_id = $1 AND s.id = $2 AND s.sequence = $3 AND s.ended_at IS NULL AND s.expires_at > now()
  AND u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.is_active AND t.id = s.tenant_id AND t.is_active
RETURNING {_STATE}"""  # noqa: S608 - declared names only
_REPEAT = f"""
SELECT {_STATE}
FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.is_active
JOIN tenants t ON t.id = s.tenant_id AND t.is_active LEFT JOIN packages p ON p.id = t.package_id
WHERE s.tenant_id = $1 AND s.id = $2 AND s.sequence = $3 + 1 AND s.ended_at IS NULL AND s.expires_at > now()
  AND s.last_used_at > clock_timestamp() - make_interval(secs => $4)
"""  # noqa: S608 - declared names only


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that may get tokens."""

    tenant_id: UUID
    user_id: UUID
    session_id: UUID
    sequence: int
    nonce: bytes
    must_change_password: bool
    expires_in: int
    settings: TenantSettings
    cells: list[str] | None

    def limits(self) -> dict[str, str]:
        """The claim that limits an access token, as the gateway reads it."""
        if self.must_change_password:
            return {"lim": "password"}
        return {} if self.cells is None else {"lim": f"cells,{','.join(self.cells)},"}


async def begin(parts: Parts, connection: Any, caller: Caller, tenant_id: UUID, user_id: UUID) -> Opened:
    """A new session of a user; where the tenant allows one device at a time, his others end."""
    session_id, nonce = uuid7(), os.urandom(_NONCE_BYTES)
    about = await connection.fetchrow(_ABOUT_USER, tenant_id, user_id)
    settings = settings_of(about["settings"])
    if settings.session_single_device:
        await end_all(connection, tenant_id, "replaced", [user_id])
    seconds = settings.unused_seconds(parts.lifetimes.refresh)
    await connection.execute(
        _BEGIN,
        tenant_id,
        session_id,
        user_id,
        nonce,
        caller.address,
        caller.agent,
        float(seconds),
        float(parts.lifetimes.access + _TOKEN_MARGIN_SECONDS),
    )
    await connection.execute(
        "UPDATE users SET last_login_at = now() WHERE tenant_id = $1 AND id = $2", tenant_id, user_id
    )
    return Opened(tenant_id, user_id, session_id, 0, nonce, about["must_change"], seconds, settings, about["cells"])


async def go_on(
    parts: Parts, connection: Any, caller: Caller, token: refresh_tokens.RefreshToken, nonce: bytes
) -> Opened | None:
    """Spend a genuine token; None when it is spent already, or session, user or tenant have ended."""
    row = await connection.fetchrow(
        _GO_ON,
        token.tenant_id,
        token.session_id,
        token.sequence,
        caller.address,
        caller.agent,
        float(parts.lifetimes.refresh),
        float(parts.lifetimes.session),
        float(parts.lifetimes.access + _TOKEN_MARGIN_SECONDS),
    )
    return None if row is None else _opened(token, nonce, row)


async def repeat(connection: Any, token: refresh_tokens.RefreshToken, nonce: bytes) -> Opened | None:
    """The session once more for a genuine token that was spent a moment ago; None for every other."""
    row = await connection.fetchrow(_REPEAT, token.tenant_id, token.session_id, token.sequence, float(GRACE_SECONDS))
    return None if row is None else _opened(token, nonce, row)


def _opened(token: refresh_tokens.RefreshToken, nonce: bytes, row: Any) -> Opened:
    return Opened(
        token.tenant_id,
        row["user_id"],
        token.session_id,
        row["sequence"],
        nonce,
        row["must_change"],
        row["expires_in"],
        settings_of(row["settings"]),
        row["cells"],
    )


async def end(connection: Any, tenant_id: UUID, reason: str, *, session_id: UUID) -> UUID | None:
    """End one session; returns its user, or None when it had ended or does not exist."""
    found: UUID | None = await connection.fetchval(
        "UPDATE sessions SET ended_at = now(), end_reason = $3"
        " WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL RETURNING user_id",
        tenant_id,
        session_id,
        reason,
    )
    return found


async def end_all(connection: Any, tenant_id: UUID, reason: str, user_ids: Iterable[UUID]) -> int:
    """End all sessions of users; returns how many."""
    rows = await connection.fetch(
        "UPDATE sessions SET ended_at = now(), end_reason = $3"
        " WHERE tenant_id = $1 AND user_id = ANY($2) AND ended_at IS NULL RETURNING id",
        tenant_id,
        list(user_ids),
        reason,
    )
    return len(rows)


async def tokens(parts: Parts, opened: Opened) -> dict[str, Any]:
    """The contract's answer to a login or refresh."""
    seconds = opened.settings.access_seconds(parts.lifetimes.access)
    access = await parts.keys.sign(
        {
            "sub": str(opened.user_id),
            "tid": str(opened.tenant_id),
            "sid": str(opened.session_id),
            **opened.limits(),
        },
        seconds,
    )
    return {
        "accessToken": access,
        "tokenType": "Bearer",
        "expiresIn": seconds,
        "refreshToken": refresh_tokens.make(
            parts.secrets, opened.tenant_id, opened.session_id, opened.sequence, opened.nonce
        ),
        "refreshExpiresIn": opened.expires_in,
        "tenantId": str(opened.tenant_id),
        "userId": str(opened.user_id),
        "mustChangePassword": opened.must_change_password,
    }
