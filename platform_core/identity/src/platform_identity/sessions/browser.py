"""A browser's session: the refresh token in a cookie that no script can read.

A web app says with ``X-Session`` which of the apps it is. A page from elsewhere cannot send that header without being
asked by CORS, which nobody answers; so a cookie alone, as a form brings it, does nothing. The token is never taken
from the cookie without the header, and never shown in the body with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Header, Request, Response

from cellkit.errors import BadRequest, Forbidden, ServiceError, Unauthorized
from cellkit.http.messages import to_json

COOKIE_PATH = "/api/v1/auth"
APPS = ("client", "admin")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REFRESH_TOKEN = "refreshToken"  # noqa: S105 - a field's name


class ForeignOrigin(Forbidden):
    """The browser says that another site's page sends this."""

    code = "FOREIGN_ORIGIN"
    zh, en = "请求来自其他站点，已拒绝", "The request comes from another site and is refused"


class SessionOver(Unauthorized):
    """The cookie's session counts no more; the browser is told to forget it."""

    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self._cookie = browser.forgotten()

    def headers(self) -> dict[str, str]:
        """The cookie's removal."""
        return {**super().headers(), "Set-Cookie": self._cookie, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request of ``/api/v1/auth`` comes from; ``app`` is empty for an API client."""

    app: str
    token: str
    secure: bool

    @property
    def is_web(self) -> bool:
        """Whether one of the web apps asks."""
        return bool(self.app)

    def token_of(self, given: str | None) -> str:
        """The refresh token: a web app's from its cookie, an API client's from the body."""
        return self.token if self.is_web else given or ""

    def refused(self) -> ServiceError:
        """What a refused refresh answers."""
        return SessionOver(self) if self.is_web else Unauthorized()

    def answer(self, tokens: dict[str, Any]) -> Response:
        """Tokens as JSON; a web app's refresh token goes into the cookie instead."""
        shown = {name: value for name, value in tokens.items() if not (self.is_web and name == _REFRESH_TOKEN)}
        response = Response(to_json(shown), media_type="application/json", headers={"Cache-Control": "no-store"})
        if self.is_web:
            self._set(response, tokens[_REFRESH_TOKEN], int(tokens["refreshExpiresIn"]))
        return response

    def forget(self, response: Response) -> Response:
        """Let a web app's browser forget its cookie."""
        if self.is_web:
            self._set(response, "", 0)
        return response

    def forgotten(self) -> str:
        """The header value that removes the cookie."""
        return self.forget(Response()).headers["set-cookie"]

    def _set(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            cookie_name(self.app),
            value,
            max_age=seconds,
            path=COOKIE_PATH,
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )


def cookie_name(app: str) -> str:
    """Both apps may run on one host, where ports do not keep cookies apart."""
    return f"superpaas_{app}"


def is_same_origin(origin: str, host: str) -> bool:
    """Whether an ``Origin`` is the site that ``Host`` names; the scheme may differ behind a proxy that ends TLS."""
    try:
        sent, asked = urlsplit(origin), urlsplit(f"//{host}")
        default = _DEFAULT_PORTS[sent.scheme]
        places = (sent.hostname, sent.port or default), (asked.hostname, asked.port or default)
    except (ValueError, KeyError):
        return False
    return places[0] == places[1]


def browser_of(
    request: Request,
    x_session: Annotated[str | None, Header(description="client or admin: the session lives in a cookie")] = None,
) -> Browser:
    """Read where a request comes from; raises when the header is unknown or the page is another site's."""
    if x_session is None:
        return Browser("", "", secure=False)
    if x_session not in APPS:
        raise BadRequest(reason="X-Session: client | admin")
    headers = request.headers
    # Behind a trusted proxy the gateway lets its word on the host through; from anybody else it is removed there.
    host = headers.get("x-forwarded-host") or headers.get("host", "")
    origin = headers.get("origin")
    if origin is not None and not is_same_origin(origin, host):
        raise ForeignOrigin
    return Browser(
        app=x_session,
        token=request.cookies.get(cookie_name(x_session), ""),
        secure=headers.get("x-forwarded-proto", "").lower() == "https",
    )


BrowserAsked = Annotated[Browser, Depends(browser_of)]
