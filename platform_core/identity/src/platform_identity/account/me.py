"""``GET /api/v1/auth/me``: everything that a web app wants to know of its user."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from cellkit.http.messages import from_json
from platform_identity.common.actor import Actor, caller_now, load_actor
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response
from platform_identity.passwords.policy import LONGEST

# A path is /<id>/<id>/: the department and all above it, the topmost first.
_DEPARTMENTS = """
SELECT above.id, above.name FROM departments own
JOIN departments above ON above.tenant_id = own.tenant_id AND starts_with(own.path, above.path)
WHERE own.tenant_id = $1 AND own.id = $2 ORDER BY length(above.path)
"""
_PASSWORD_AGE = "SELECT password_changed_at, last_login_at FROM users WHERE tenant_id = $1 AND id = $2"  # noqa: S105 - a query
_NOT_FOR_HIM = ("endedSessions", "storageBytes")


def routes(parts: Parts) -> APIRouter:
    """``GET /api/v1/auth/me``."""
    router = APIRouter(tags=["auth"])

    @router.get("/api/v1/auth/me")
    async def me() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller, due=True)
            value = await _about(connection, actor)
        response = json_response(value)
        response.headers["Cache-Control"] = "no-store"
        return response

    return router


async def _about(connection: Any, actor: Actor) -> dict[str, Any]:
    person = actor.person
    document: dict[str, Any] = from_json(person.document_json())
    own = person.document.department_id
    departments = [] if own is None else await connection.fetch(_DEPARTMENTS, actor.tenant_id, UUID(own))
    times = await connection.fetchrow(_PASSWORD_AGE, actor.tenant_id, actor.user_id)
    settings = person.settings
    return {
        **{name: value for name, value in document.items() if name not in _NOT_FOR_HIM},
        "tenantCode": person.tenant_code,
        "tenantName": person.tenant_name,
        "tenantLanguage": person.tenant_language,
        "tenantTimeZone": person.tenant_time_zone,
        "isOperator": person.is_operator,
        "mustChangePassword": person.must_change_password,
        "sessionId": actor.caller.session_id or None,
        # From the topmost down to his own.
        "departments": [{"id": row["id"], "name": row["name"]} for row in departments],
        # None: all features, as there is no package.
        "features": person.features,
        "lastLoginAt": times["last_login_at"],
        "passwordChangedAt": times["password_changed_at"],
        "passwordPolicy": {
            "minLength": settings.password_min_length,
            "maxLength": LONGEST,
            "classes": settings.password_classes,
            "history": settings.password_history,
            "expireDays": settings.password_expire_days,
        },
        "sessionIdleMinutes": settings.session_idle_minutes,
    }
