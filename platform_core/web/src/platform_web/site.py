"""One app's built files under a prefix, held as a table: what is not in it cannot be reached by any path."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from servestatic import ServeStaticASGI
from starlette.types import Message, Receive, Scope, Send

from cellkit.errors import MethodNotAllowed, NotFound, Unavailable
from cellkit.log import get_logger
from platform_web.headers import security_headers, transport_security

INDEX = "index.html"
# The build writes it last: what is read between the page and this is read once more.
_FINGERPRINT = ".fingerprint"
_ASSETS = "/assets/"
# Vite's names of what it has bundled: the content's hash stands before the ending, so that they never change.
_HASHED = re.compile(r"/assets/(?:[^/]+/)*[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
_YEAR = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
log = get_logger("web")


class Site:
    """The ASGI application of one app at ``/<name>/…``; ``folder`` holds what its build has made."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._built: tuple[int, ...] | None = None
        self._files = _Files(name, None)

    @property
    def index(self) -> str:
        """Where the app's page lies in the table."""
        return f"/{self.name}/{INDEX}"

    async def check(self) -> None:
        """Raise unless there is a page to serve."""
        self.refresh()
        if self.index not in self._files.files:
            raise Unavailable

    def refresh(self) -> None:
        """Read the folder again when its page is another one than before: a new build needs no restart."""
        try:
            status = (self._folder / INDEX).stat()
        except OSError:
            # While a build is under way the last one is served as far as it is still there.
            return
        built: tuple[int, ...] = (status.st_mtime_ns, status.st_ino)
        with suppress(OSError):
            built += ((self._folder / _FINGERPRINT).stat().st_mtime_ns,)
        if built != self._built:
            self._files, self._built = _Files(self.name, self._folder), built
            log.info("site_read", app=self.name, files=len(self._files.files))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file, the page for whatever a browser navigates to, or raise the contract's error."""
        if scope["type"] != "http":
            raise NotFound
        headers = dict(scope["headers"])
        path = scope["path"]
        if path not in self._files.files:
            self.refresh()
        if path == f"/{self.name}/":
            path = self.index
        if path not in self._files.files or path == self.index:
            path = self._page_for(path, scope["method"], headers)
        secure = headers.get(b"x-forwarded-proto", b"").lower() == b"https"
        await self._files({**scope, "path": path}, receive, _with_transport_security(send) if secure else send)

    def _page_for(self, path: str, method: str, headers: dict[bytes, bytes]) -> str:
        """The app's one page, for an address that the app's own router knows; a missing file stays missing."""
        navigates = path == self.index or b"text/html" in headers.get(b"accept", b"")
        if not navigates or path.startswith(f"/{self.name}{_ASSETS}"):
            raise NotFound
        if method not in {"GET", "HEAD"}:
            raise MethodNotAllowed
        self.refresh()
        if self.index not in self._files.files:
            raise Unavailable(retry_after_seconds=5)
        return self.index


class _Files(ServeStaticASGI):  # type: ignore[misc]
    """ServeStatic with our headers; compressed neighbours (.br, .gz) were made by the build."""

    def __init__(self, name: str, folder: Path | None) -> None:
        self._headers = security_headers(name)
        super().__init__(
            None,
            root=folder,
            prefix=name,
            max_age=None,
            allow_all_origins=False,
            mimetypes={".webmanifest": "application/manifest+json"},
            add_headers_function=self._add_headers,
        )

    def add_file_to_dictionary(self, url: str, path: str, *arguments: Any, **named: Any) -> None:
        """Leave out what begins with a dot, the build's fingerprint for instance."""
        if not any(part.startswith(".") for part in url.split("/")):
            super().add_file_to_dictionary(url, path, *arguments, **named)

    def immutable_file_test(self, _path: str, _url: str) -> bool:
        """Caching is decided with the other headers."""
        return False

    def _add_headers(self, headers: Headers, path: str, url: str) -> None:
        headers["Cache-Control"] = _YEAR if _HASHED.search(url) else _REVALIDATE
        # By content: two builds may well differ neither in the page's size nor, once packed, in its time.
        headers["ETag"] = f'"{hashlib.sha256(Path(path).read_bytes()).hexdigest()[:32]}"'
        for name, value in self._headers.items():
            headers[name] = value


def _with_transport_security(send: Send) -> Send:
    header = (b"strict-transport-security", transport_security().encode())

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], header]}
        await send(message)

    return forward
