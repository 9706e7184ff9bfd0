"""Import of users: everything is checked first, and either all rows become users or none does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cellkit.errors import BadRequest, Conflict, ValidationFailed
from cellkit.exchange.tables import open_rows
from cellkit.exchange.upload import receive
from cellkit.exchange.values import unguard
from cellkit.http.messages import Reply, Request, json_reply
from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.parts import Parts
from platform_identity.common.writes import Answered, Done, Write, answered_before, run_once
from platform_identity.packages import quotas
from platform_identity.passwords import policy
from platform_identity.passwords.hashing import UNUSABLE
from platform_identity.tenant_settings.rules import TenantSettings
from platform_identity.users.files import store
from platform_identity.users.files.rules import NewUser, RowProblem, check_rows, names_of

PERMISSION = "identity.user.import"
# Hashing passwords is meant to be slow; a file of more would be cut off by the gateway's patience.
MOST_ROWS = 1000
_MOST_REPORTED = 1000
_MODES = ("generate", "reset")
_PARAMETERS = frozenset({"dry_run", "passwords", "encoding"})
_FLAGS = {"true": True, "false": False}


class TooManyUsers(BadRequest):
    """The file is longer than one import takes."""

    zh, en = "一次最多导入 {limit} 个用户，请拆分文件", "One import takes at most {limit} users; split the file"


class NothingToImport(BadRequest):
    """Not one row."""

    zh, en = "文件中没有用户", "The file has no users"


class Meanwhile(Conflict):
    """Users, roles or departments changed between the check and the writing."""

    zh = "导入期间用户、角色或部门已变更，请重新导入"
    en = "Users, roles or departments have changed meanwhile; import again"


@dataclass(frozen=True, slots=True)
class _Asked:
    dry_run: bool
    mode: str
    digest: bytes
    rows: list[tuple[int, dict[str, str]]]
    heading_problems: list[RowProblem]


async def import_users(parts: Parts, request: Request) -> Reply:
    """``POST /api/admin/users/import``: a CSV or XLSX file as the body or as a form's one file."""
    caller = caller_now()
    async with parts.database.session(caller.tenant_id) as connection:
        await load_actor(connection, caller, PERMISSION)
    asked = await _read(request)
    target = request.path + f"?passwords={asked.mode}"
    if not asked.dry_run:
        before = await answered_before(parts, "POST", target, asked.digest, PERMISSION)
        if before is not None:
            return _reply(before)
    async with parts.database.session(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, PERMISSION)
        users, problems = await _check(connection, actor, asked)
    if asked.dry_run:
        return json_reply(_report(asked, problems, caller.language, created=0))
    if problems:
        raise ValidationFailed([item.as_field() for item in problems[:_MOST_REPORTED]])
    passwords = [_password(user, asked.mode, actor.person.settings) for user in users]
    hashes = await asyncio.gather(*(_hash(parts, text) for text in passwords))

    async def work(change: Write) -> Done:
        # Hashing took its time, and nothing was locked.
        again, found = await _check(change.connection, change.actor, asked)
        if found or again != users:
            raise Meanwhile
        await quotas.check_users(change.connection, change.actor.tenant_id, len(users))
        must_change = [_must_change(user, change.actor.person.settings) for user in users]
        ids = await store.insert(change.connection, change.actor.tenant_id, users, hashes, must_change=must_change)
        for user in users:
            after = {"username": user.username, "display_name": user.display_name, "role_ids": user.role_ids}
            await change.audit("import", "identity.user", ids[user.username], after=after)
        shown = [
            {"username": user.username, "display_name": user.display_name, "password": text}
            for user, text in zip(users, passwords, strict=True)
            if text is not None and user.password is None
        ]
        report = _report(asked, [], caller.language, created=len(users))
        return Done(200, report, secret={"credentials": shown} if shown else None)

    return _reply(await run_once(parts, "POST", target, asked.digest, PERMISSION, work))


def _reply(answered: Answered) -> Reply:
    headers = [(name.lower().encode(), value.encode()) for name, value in answered.headers.items()]
    return Reply(answered.body, status=answered.status, headers=headers)


async def _read(request: Request) -> _Asked:
    query = request.query
    unknown = sorted(query.keys() - _PARAMETERS)
    if unknown:
        raise BadRequest(reason=f"unknown query parameter {unknown[0][:60]}")
    dry_run, mode = _FLAGS.get(query.get("dry_run", "false")), query.get("passwords", _MODES[0])
    if dry_run is None:
        raise BadRequest(reason="dry_run: true | false")
    if mode not in _MODES:
        raise BadRequest(reason=f"passwords: {' | '.join(_MODES)}")
    upload = await receive(request)
    try:
        source = await open_rows(upload, query.get("encoding", "auto"))
        try:
            rows = []
            for number, cells in source.rows():
                if number > MOST_ROWS + 1:
                    raise TooManyUsers(limit=MOST_ROWS)
                rows.append((number, [unguard(cell) for cell in cells] if source.quoted else cells))
        finally:
            source.close()
    finally:
        upload.close()
    named, problems = names_of(rows)
    if not named and not problems:
        raise NothingToImport
    return _Asked(dry_run, mode, upload.digest, named, problems)


async def _check(connection: Any, actor: Any, asked: _Asked) -> tuple[list[NewUser], list[RowProblem]]:
    if asked.heading_problems:
        return [], asked.heading_problems
    around = await store.surroundings(connection, actor, [row.get("username", "") for _, row in asked.rows])
    return check_rows(asked.rows, around)


def _report(asked: _Asked, problems: Sequence[RowProblem], language: str, *, created: int) -> dict[str, Any]:
    return {
        "dry_run": asked.dry_run,
        "rows": len(asked.rows),
        "created": created,
        "problem_count": len(problems),
        "problems": [item.shown(language) for item in problems[:_MOST_REPORTED]],
    }


def _password(user: NewUser, mode: str, settings: TenantSettings) -> str | None:
    if user.password is not None:
        return user.password
    return policy.generate(user.username, settings) if mode == "generate" else None


async def _hash(parts: Parts, text: str | None) -> str:
    return UNUSABLE if text is None else await parts.hasher.hash(text)


def _must_change(user: NewUser, settings: TenantSettings) -> bool:
    return user.password is None or settings.password_must_change_first
