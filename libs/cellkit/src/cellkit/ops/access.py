"""What a caller may do: role documents (wire contract §8), cached and kept fresh."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Literal, Protocol
from urllib.parse import quote

import msgspec

from cellkit.context import current_caller
from cellkit.errors import CellNotIncluded, Forbidden, Unauthorized, Unavailable
from cellkit.log import get_logger
from cellkit.ops.client import ServiceClient

Scope = Literal["self", "team", "department", "custom", "all"]
FieldRule = Literal["hide", "mask", "read", "edit"]

RESERVED_ROOTS = frozenset({"platform", "service"})
"""First words of permissions that ``*`` never matches: the operator's, and those of cells among themselves."""

INBOX_PERMISSION = "service.inbox.deliver"
"""What a cell's service token may do: deliver events to an inbox."""

FRESH_SECONDS = 5.0
STALE_SECONDS = 600.0
_RETRY_SECONDS = 2.0
_FETCH_SECONDS = 2.0
_MOST_DOCUMENTS = 20_000
_MOST_ANSWERS = 4_096

log = get_logger("access")


class RoleDocument(msgspec.Struct, frozen=True, rename="camel", kw_only=True, dict=True):
    """A user's rights in one tenant, all his roles joined."""

    user_id: str
    tenant_id: str
    version: str = ""
    username: str = ""
    display_name: str = ""
    department_id: str | None = None
    department_ids: tuple[str, ...] = ()
    team_user_ids: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    scopes: dict[str, Scope] = {}
    custom_department_ids: dict[str, tuple[str, ...]] = {}
    field_rules: dict[str, FieldRule] = {}
    language: str = "zh-CN"
    time_zone: str = "Asia/Shanghai"
    # The cells of the tenant's package; None: all of them.
    cells: tuple[str, ...] | None = None
    # How much a tenant may store in one cell, in bytes; None: what the cell's own settings say.
    storage_bytes: int | None = None
    # Sessions that were ended so lately that their access tokens have not expired yet.
    ended_sessions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, body: bytes) -> RoleDocument:
        """From the JSON of the contract; raises :class:`msgspec.DecodeError` when it is something else."""
        return msgspec.json.decode(body, type=cls)

    def allows(self, permission: str) -> bool:
        """Whether a permission such as ``crm.lead.read`` is held."""
        answers = self._answers
        known = answers.get(permission)
        if known is None:
            known = self._grants.match(permission)
            if len(answers) < _MOST_ANSWERS:
                answers[permission] = known
        return known

    def require(self, permission: str) -> None:
        """Raise :class:`Forbidden` when a permission is not held."""
        if not self.allows(permission):
            raise Forbidden(permission=permission)

    def require_entry(self, cell: str) -> None:
        """Raise :class:`Forbidden` for a user without any permission in a cell, for what all its users may read."""
        if not any(item.partition(".")[0] in {cell, "*"} for item in self.permissions):
            raise Forbidden(permission=f"{cell}.*")

    def scope(self, entity: str) -> Scope:
        """Which rows of ``crm.lead`` the user reaches; the entity's own word, else its cell's, else the general."""
        return self.scopes.get(self._scope_key(entity), "self")

    def scope_departments(self, entity: str) -> tuple[str, ...]:
        """The departments (those below included) of the entity's scope where it is ``department`` or ``custom``."""
        key = self._scope_key(entity)
        reach = self.scopes.get(key, "self")
        if reach == "department":
            return self.department_ids
        return self.custom_department_ids.get(key, ()) if reach == "custom" else ()

    def field_rule(self, field: str) -> FieldRule | None:
        """The rule of ``crm.customer.mobile``; None: no role restricts it and the declaration decides."""
        return self.field_rules.get(field)

    def _scope_key(self, entity: str) -> str:
        if entity in self.scopes:
            return entity
        cell = f"{entity.partition('.')[0]}.*"
        return cell if cell in self.scopes else "*"

    @cached_property
    def _grants(self) -> Grants:
        return Grants(self.permissions)

    @cached_property
    def _answers(self) -> dict[str, bool]:
        return {}


class Grants:
    """A set of permissions with wildcards: ``*`` as the last word matches all that follow, elsewhere one word."""

    __slots__ = ("_exact", "_patterns")

    def __init__(self, permissions: tuple[str, ...] | frozenset[str]) -> None:
        self._exact = frozenset(permissions)
        self._patterns = [tuple(item.split(".")) for item in permissions if "*" in item]

    def match(self, permission: str) -> bool:
        """Whether the permission, which may itself be a pattern, is covered entirely."""
        if permission in self._exact:
            return True
        words = permission.split(".")
        return any(_covers(pattern, words) for pattern in self._patterns)


def _covers(pattern: tuple[str, ...], words: list[str]) -> bool:
    if pattern[0] != words[0] and (pattern[0] != "*" or words[0] in RESERVED_ROOTS):
        return False
    if pattern[-1] != "*":
        if len(pattern) != len(words) or words[-1] == "*":
            return False
    elif len(words) < len(pattern):
        return False
    return all(mine in {"*", theirs} for mine, theirs in zip(pattern, words, strict=False))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as its source gave it."""

    document: RoleDocument
    etag: str
    # How long ago the source gave or confirmed it; above 0 where it comes from a cache.
    age_seconds: float = 0.0


class RoleSource(Protocol):
    """Where role documents come from."""

    async def fetch(self, tenant_id: str, user_id: str, etag: str | None) -> Fetched | None:
        """The document, or None when it is still the one with ``etag``.

        Raises :class:`Unauthorized` when there is no such active user, :class:`Unavailable` when nobody can tell.
        """
        ...


class HttpRoleSource:
    """Role documents from identity, through the gateway with a service token."""

    def __init__(self, client: ServiceClient, *, offline: bool = False) -> None:
        self._client = client
        # Also of users without a live session, for what runs on their behalf later.
        self._query = "?offline=true" if offline else ""

    async def fetch(self, tenant_id: str, user_id: str, etag: str | None) -> Fetched | None:
        """See :class:`RoleSource`."""
        answer = await self._client.request(
            "GET",
            f"/api/v1/identity/role-documents/{quote(user_id, safe='')}{self._query}",
            tenant_id=tenant_id,
            headers={} if etag is None else {"If-None-Match": etag},
            timeout_seconds=_FETCH_SECONDS,
        )
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return None
        if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}:
            raise Unauthorized
        if answer.status != HTTPStatus.OK:
            log.error("role_document_refused", status=answer.status)
            raise Unavailable
        try:
            return Fetched(RoleDocument.parse(answer.body), answer.headers.get("ETag", ""))
        except msgspec.DecodeError as error:
            raise Unavailable from error


class StaticRoleSource:
    """Role documents given by hand, for tests and for cells that run alone."""

    def __init__(self, *documents: RoleDocument) -> None:
        self.documents = {(item.tenant_id, item.user_id): item for item in documents}

    def put(self, document: RoleDocument) -> None:
        """Add or replace a user's document."""
        self.documents[document.tenant_id, document.user_id] = document

    async def fetch(self, tenant_id: str, user_id: str, etag: str | None) -> Fetched | None:  # noqa: ARG002
        """See :class:`RoleSource`."""
        document = self.documents.get((tenant_id, user_id))
        if document is None:
            raise Unauthorized
        return Fetched(document, document.version)


@dataclass(slots=True)
class _Entry:
    # None: the source said that there is no such active user.
    document: RoleDocument | None
    etag: str
    confirmed_at: float
    ask_again_at: float
    # The session of whoever was refused: one that began since then is asked about.
    session: str = ""


class RoleDocuments:
    """The cache of role documents in front of a source.

    A document counts for 5 s and is then confirmed by its ETag; while identity is unreachable the last one counts for
    10 minutes. Requests at the same time share one question. A cell that names itself as ``cell`` lets nobody in whose
    tenant's package does not contain it.
    """

    def __init__(self, source: RoleSource, *, fresh_seconds: float = FRESH_SECONDS, cell: str = "") -> None:
        self._source = source
        self._cell = cell
        self._fresh_seconds = fresh_seconds
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._asking: dict[tuple[str, str], asyncio.Task[_Entry]] = {}

    async def get(self, tenant_id: str, user_id: str) -> RoleDocument:
        """The caller's document.

        Raises :class:`Unauthorized` when he is unknown or disabled or the session he calls in was ended,
        :class:`CellNotIncluded` when his tenant has not got the cell, :class:`Unavailable` when identity does not
        answer and nothing recent is known.
        """
        if user_id.startswith("cell:"):
            return service_document(tenant_id, user_id)
        if not tenant_id or not user_id:
            raise Unauthorized
        key = (tenant_id, user_id)
        caller = current_caller.get()
        session = caller.session_id if caller is not None and caller.user_id == user_id else ""
        entry = self._entries.get(key)
        if entry is None or time.monotonic() >= entry.ask_again_at or _is_older(entry, session):
            entry = await self._shared(key, session)
        document = entry.document
        if document is None or session in document.ended_sessions:
            raise Unauthorized
        if document.cells is not None and self._cell and self._cell not in document.cells:
            raise CellNotIncluded
        return document

    def forget(self, tenant_id: str, user_id: str) -> None:
        """Ask anew at the next request."""
        self._entries.pop((tenant_id, user_id), None)

    async def _shared(self, key: tuple[str, str], session: str) -> _Entry:
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(key, session))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        # A caller that goes away must not take the answer from the others.
        return await asyncio.shield(task)

    async def _ask(self, key: tuple[str, str], session: str) -> _Entry:
        entry = self._entries.get(key)
        etag = entry.etag if entry is not None and entry.document is not None and entry.etag else None
        now = time.monotonic()
        try:
            fetched = await self._source.fetch(*key, etag)
        except Unauthorized:
            return self._keep(key, _Entry(None, "", now, now + self._fresh_seconds, session))
        except Unavailable:
            if entry is None or now - entry.confirmed_at > STALE_SECONDS:
                raise
            entry.ask_again_at = time.monotonic() + _RETRY_SECONDS
            return entry
        if fetched is not None:
            age = fetched.age_seconds
            again = now + max(self._fresh_seconds - age, min(self._fresh_seconds, 0.5))
            return self._keep(key, _Entry(fetched.document, fetched.etag, now - age, again))
        if entry is None:
            raise Unavailable
        entry.confirmed_at, entry.ask_again_at = now, now + self._fresh_seconds
        return self._keep(key, entry)

    def _keep(self, key: tuple[str, str], entry: _Entry) -> _Entry:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        while len(self._entries) > _MOST_DOCUMENTS:
            self._entries.popitem(last=False)
        return entry


def _is_older(entry: _Entry, session: str) -> bool:
    """Whether a refusal was said of another session than this one: who has just signed in must not wait for its end."""
    return entry.document is None and session not in {"", entry.session}


def service_document(tenant_id: str, user_id: str) -> RoleDocument:
    """The built-in document of a cell that calls with its service token: it may deliver events, nothing else."""
    return RoleDocument(
        user_id=user_id,
        tenant_id=tenant_id,
        version="service",
        username=user_id,
        display_name=user_id,
        permissions=(INBOX_PERMISSION,),
    )


def documents_of(tenant_id: str, permissions: Mapping[str, tuple[str, ...]]) -> StaticRoleSource:
    """A static source from ``{user id: permissions}`` with scope ``all``; for tests."""
    return StaticRoleSource(
        *(
            RoleDocument(user_id=user, tenant_id=tenant_id, permissions=held, scopes={"*": "all"})
            for user, held in permissions.items()
        )
    )
