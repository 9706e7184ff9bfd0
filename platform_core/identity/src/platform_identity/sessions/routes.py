"""Login, refresh, logout, change-password (wire contract §8)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import Field

from cellkit.errors import MissingHeader, ServiceError, Unauthorized, ValidationFailed, problem
from platform_identity.audit.trail import record
from platform_identity.common.actor import caller_now, load_actor, tenant_of
from platform_identity.common.fields import Body
from platform_identity.common.parts import Parts
from platform_identity.passwords.changing import ChangePassword, change_password
from platform_identity.sessions import refresh_tokens, refreshing, store
from platform_identity.sessions.browser import APPS, Browser, BrowserAsked, cookie_name
from platform_identity.sessions.signing_in import Login, sign_in


class Refresh(Body):
    """A refresh token, to be spent; with ``X-Session`` the cookie has it and the body stays empty."""

    refresh_token: str | None = Field(default=None, alias="refreshToken", max_length=1000)


class Logout(Body):
    """With a refresh token (or a web app's cookie) its session ends; without, or with ``all``, all of the user's."""

    refresh_token: str | None = Field(default=None, alias="refreshToken", max_length=1000)
    all: bool = False


def routes(parts: Parts) -> APIRouter:
    """Routes under ``/api/v1/auth``."""
    router = APIRouter(tags=["auth"], prefix="/api/v1/auth")

    @router.post("/login")
    async def login(browser: BrowserAsked, body: Login) -> Response:
        return browser.answer(await store.tokens(parts, await sign_in(parts, caller_now(), body)))

    @router.post("/refresh")
    async def refresh(request: Request, browser: BrowserAsked, body: Refresh | None = None) -> Response:
        given = body.refresh_token if body is not None else None
        if not browser.is_web and given is None:
            raise _without_token(request)
        opened = await refreshing.go_on(parts, caller_now(), browser.token_of(given))
        if opened is None:
            raise browser.refused()
        return browser.answer(await store.tokens(parts, opened))

    @router.post("/logout", status_code=204)
    async def logout(browser: BrowserAsked, body: Logout | None = None) -> Response:
        try:
            await _log_out(parts, browser, body or Logout())
        except Unauthorized:
            # The session is over, by whatever hand: what the browser still holds is of no use.
            raise browser.refused() from None
        return browser.forget(Response(status_code=204))

    @router.post("/change-password")
    async def change(browser: BrowserAsked, body: ChangePassword) -> Response:
        return browser.answer(await store.tokens(parts, await change_password(parts, caller_now(), body)))

    return router


def _without_token(request: Request) -> ServiceError:
    """A cookie without the header is what a page from elsewhere could send; it must never count."""
    if any(cookie_name(app) in request.cookies for app in APPS):
        return MissingHeader(header="X-Session")
    return ValidationFailed([problem("refreshToken", "missing", "必填", "Required")])


async def _log_out(parts: Parts, browser: Browser, body: Logout) -> None:
    caller = caller_now()
    tenant_id = tenant_of(caller)
    text = "" if body.all else browser.token_of(body.refresh_token)
    async with parts.database.transaction(caller.tenant_id) as connection:
        actor = await load_actor(connection, caller, due=True)
        if text:
            token = refresh_tokens.parse(text)
            if token is None:
                raise Unauthorized
            row = await refreshing.session_of(connection, token)
            if row is None or row["user_id"] != actor.user_id or not token.is_genuine(parts.secrets, row["nonce"]):
                raise Unauthorized
            await store.end(connection, tenant_id, "logout", session_id=token.session_id)
        elif body.all or not browser.is_web:
            await store.end_all(connection, tenant_id, "logout", [actor.user_id])
        await record(connection, caller, tenant_id, "logout", "identity.session", actor.user_id)
