"""JSON by HTTP: one session for all webhooks and robots, guarded addresses, no redirects, short answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from cellkit.labels import L
from cellkit.notifications.channels.addresses import AddressRefused, GuardedResolver, Networks
from cellkit.notifications.channels.message import DeliveryFailed

TIMEOUT_SECONDS = 10.0
MOST_ANSWERED = 65_536
_MOST_PATIENCE = 3600


@dataclass(frozen=True, slots=True)
class Posted:
    """What the other side answered."""

    status: int
    body: bytes
    retry_after: int | None


class Poster:
    """Posts to addresses that tenants name."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """POST ``body``; raises :class:`DeliveryFailed` when nobody answers or the address is refused."""
        host = urlsplit(url).hostname or ""
        # A literal address never comes to the resolver.
        if _is_literal(host) and not self._networks.permits(host):
            raise AddressRefused
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=GuardedResolver(self._networks), limit=20, use_dns_cache=False),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                headers={"User-Agent": "SuperPaaS"},
            )
        try:
            async with self._session.post(
                url, data=body, headers={"Content-Type": "application/json", **headers}, allow_redirects=False
            ) as answer:
                return Posted(
                    answer.status,
                    await answer.content.read(MOST_ANSWERED),
                    _patience(answer.headers.get("Retry-After")),
                )
        except DeliveryFailed:
            raise
        except aiohttp.InvalidURL:
            raise DeliveryFailed(L("地址格式不正确", "The address is not one"), permanent=True) from None
        except aiohttp.ClientSSLError as error:
            raise DeliveryFailed(L("对方证书无效", "The certificate is not valid"), permanent=True) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            name = type(error).__name__
            raise DeliveryFailed(L(f"对方没有应答（{name}）", f"No answer ({name})")) from error

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def refuse_status(answer: Posted) -> None:
    """Raise what an HTTP status other than 2xx means; redirects are not followed."""
    if 200 <= answer.status < 300:
        return
    again = answer.status in (408, 425, 429) or answer.status >= 500
    raise DeliveryFailed(
        L(f"对方返回 HTTP {answer.status}", f"HTTP {answer.status}"),
        permanent=not again,
        after_seconds=answer.retry_after,
    )


def _is_literal(host: str) -> bool:
    return ":" in host or (host != "" and all(part.isdigit() for part in host.split(".")))


def _patience(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return min(int(text[:6]), _MOST_PATIENCE)
