"""What the checks are played on: tenants made for the occasion, their users, and the cell."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from cellkit.signing import service_key
from superpaas.conformance.doors import Answer, Direct, User, send
from superpaas.conformance.judging import NotApplicableError
from superpaas.conformance.samples import Collection, Samples
from superpaas.messages import TroubleError

_PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Target:
    """What is told from outside: the cell's address and name, the platform's gateway, and its secrets."""

    url: str
    gateway: str
    governance: str
    master: str
    operator: Mapping[str, str]
    samples: Mapping[str, Any]
    name: str


@dataclass
class Stage:
    """Everything a check may use."""

    target: Target
    cell: str
    direct: Direct
    http: aiohttp.ClientSession
    operator: User
    administrator: User
    reader: User
    stranger: User
    neighbour: User
    scout: User
    manifest: Mapping[str, Any]
    document: Mapping[str, Any]
    samples: Samples
    collections: list[Collection]
    _writable: list[Collection] | None = None

    async def writable(self) -> list[Collection]:
        """The collections in which a row can be made; raises when there is none to try anything on."""
        if self._writable is None:
            self._writable = [item for item in self.collections if await self._accepts(item)]
        if not self._writable:
            raise NotApplicableError(
                "没有一个实体能用 OpenAPI 推出的数据新建；请用 --samples 给出样例",
                "No entity accepts a body made from the OpenAPI document; give some with --samples",
            )
        return self._writable

    async def _accepts(self, collection: Collection) -> bool:
        """Whether guessed rows can be made again and again; tried in a tenant where nothing else happens."""
        rows = [await self.samples.make(self.scout, collection) for _ in range(2)]
        return None not in rows

    async def first(self) -> tuple[Collection, dict[str, Any]]:
        """A writable collection and a new row in it."""
        collection = (await self.writable())[0]
        row = await self.samples.make(self.administrator, collection)
        if row is None:
            raise NotApplicableError("样例只能新建一次", "The sample can be created only once")
        return collection, row


@asynccontextmanager
async def open_stage(target: Target) -> AsyncIterator[Stage]:
    """Make the tenants and users; afterwards the tenants are disabled."""
    timeout = aiohttp.ClientTimeout(total=30, connect=3)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as http:
        described = await send(http, "GET", target.url, "/_meta", None, {})
        if described.status != 200 or not isinstance(described.json, dict):
            raise TroubleError(
                f"{target.url}/_meta 没有应答清单（{described}）。给的是细胞自己的地址吗？",
                f"{target.url}/_meta does not answer a manifest ({described}). Is this the cell's own address?",
            )
        cell = target.name or str(described.json.get("name", ""))
        if not cell:
            raise TroubleError("清单里没有 name；请用 --name 指定", "The manifest has no name; say it with --name")
        operator = await _logged_in(http, target.gateway, cell, target.operator)
        document = (await send(http, "GET", target.url, "/openapi.json", None, {})).json or {}
        samples = Samples(document, cell, target.samples)
        tenants: list[str] = []
        try:
            administrator = await _new_tenant(operator, tenants)
            neighbour = await _new_tenant(operator, tenants)
            await _until_reachable(administrator)
            yield Stage(
                target=target,
                cell=cell,
                direct=Direct(http, target.url, service_key(target.master, cell)),
                http=http,
                operator=operator,
                administrator=administrator,
                reader=await _new_user(administrator, [f"{cell}.*.read"]),
                stranger=await _new_user(administrator, []),
                neighbour=neighbour,
                scout=await _new_tenant(operator, tenants),
                manifest=described.json,
                document=document,
                samples=samples,
                collections=samples.collections(described.json),
            )
        finally:
            for tenant in tenants:
                await operator.call("POST", f"/api/admin/tenants/{tenant}/disable", {})


async def _logged_in(http: aiohttp.ClientSession, gateway: str, cell: str, login: Mapping[str, str]) -> User:
    body = {name: login[name] for name in ("tenant", "username", "password")}
    answer = await send(http, "POST", gateway, "/api/v1/auth/login", body, {})
    _require(answer)
    made = answer.json
    return User(http, gateway, cell, made["tenantId"], made["userId"], made["accessToken"])


async def _new_tenant(operator: User, tenants: list[str]) -> User:
    code, password = f"probe{secrets.token_hex(5)}", f"Aa1-{secrets.token_urlsafe(12)}"
    administrator = {"username": "admin", "display_name": "管理员", "password": password}
    settings = {"password_must_change_first": False}
    body = {"code": code, "name": f"契约检查 {code}", "administrator": administrator, "settings": settings}
    answer = await operator.call("POST", "/api/admin/tenants", body)
    _require(answer)
    tenants.append(answer.json["id"])
    login = {"tenant": code, "username": "admin", "password": password}
    return await _logged_in(operator.session, operator.gateway, operator.cell, login)


async def _new_user(administrator: User, permissions: list[str]) -> User:
    code, password = f"probe-{uuid.uuid4().hex[:8]}", f"Aa1-{secrets.token_urlsafe(12)}"
    roles: list[str] = []
    if permissions:
        role = {"code": code, "name": code, "permissions": permissions, "default_scope": "all"}
        answer = await administrator.call("POST", "/api/admin/roles", role)
        _require(answer)
        roles = [answer.json["id"]]
    user = {"username": code, "display_name": code, "password": password, "role_ids": roles}
    _require(await administrator.call("POST", "/api/admin/users", user))
    me = (await administrator.call("GET", "/api/v1/auth/me")).json
    login = {"tenant": me["tenantCode"], "username": code, "password": password}
    return await _logged_in(administrator.session, administrator.gateway, administrator.cell, login)


async def _until_reachable(user: User) -> None:
    """A cell that has just started gets its route within a second or two."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while True:
        answer = await user.call("GET", "/_meta")
        if answer.status == 200:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise TroubleError(
                f"网关到不了细胞 {user.cell}（{answer}）。它登记到这个平台了吗？",
                f"The gateway does not reach cell {user.cell} ({answer}). Is it registered with this platform?",
            )
        await asyncio.sleep(0.3)


def _require(answer: Answer) -> None:
    if not 200 <= answer.status < 300:
        raise TroubleError(f"准备失败：{answer.what} {answer}", f"Cannot prepare: {answer.what} {answer}")
