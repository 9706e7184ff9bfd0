"""A user changes his own password."""

from __future__ import annotations

from pydantic import Field

from cellkit.context import Caller
from cellkit.errors import Unauthorized, ValidationFailed, problem
from platform_identity.audit.trail import record
from platform_identity.common.actor import load_actor, tenant_of
from platform_identity.common.fields import Body, Password
from platform_identity.common.parts import Parts
from platform_identity.passwords import policy
from platform_identity.passwords.store import recent_hashes, set_password
from platform_identity.sessions import lockout, store


class ChangePassword(Body):
    """The user's own new password."""

    old_password: str = Field(alias="oldPassword", max_length=1000)
    new_password: Password = Field(alias="newPassword")


async def change_password(parts: Parts, caller: Caller, body: ChangePassword) -> store.Opened:
    """All sessions end and a new one begins, so that a stolen session does not outlive the old password."""
    tenant_id = tenant_of(caller)
    async with parts.database.session(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, due=True)
        hashes = await recent_hashes(connection, tenant_id, actor.user_id, actor.person.settings.password_history)
    key = lockout.name_key(parts.secrets, actor.person.tenant_code, actor.document.username)
    async with parts.database.session("") as connection:
        await lockout.refuse_locked(connection, key)
    if not await parts.hasher.matches(hashes[0], body.old_password):
        async with parts.database.session("") as connection:
            await lockout.count_failure(connection, key)
        raise ValidationFailed([problem("oldPassword", "wrong", "原密码不正确", "The old password is wrong")])
    settings = actor.person.settings
    problems = policy.problems("newPassword", body.new_password, actor.document.username, settings)
    if not problems and await parts.hasher.matches_any(hashes, body.new_password):
        problems = [policy.reused("newPassword", settings)]
    if problems:
        raise ValidationFailed(problems)
    new_hash = await parts.hasher.hash(body.new_password)
    async with parts.database.transaction(caller.tenant_id) as connection:
        await lockout.forget_failures(connection, key)
        # The old hash again: somebody else may have set another password while this one was being hashed.
        if not await set_password(connection, tenant_id, actor.user_id, new_hash, must_change=False, old=hashes[0]):
            raise Unauthorized
        await store.end_all(connection, tenant_id, "password_changed", [actor.user_id])
        opened = await store.begin(parts, connection, caller, tenant_id, actor.user_id)
        await record(connection, caller, tenant_id, "change_password", "identity.user", actor.user_id)
    return opened
