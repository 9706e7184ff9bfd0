"""Which addresses the cell may call for a tenant: none of its own network, unless the operator allows it.

Checked on the addresses that are connected to, not on the name, so that a name that resolves differently the second
time reaches nothing either.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from aiohttp import abc

from cellkit.labels import L
from cellkit.notifications.channels.message import DeliveryFailed
from cellkit.settings import Settings, SettingsError

SETTING = "NOTIFICATION_ALLOWED_NETWORKS"
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(DeliveryFailed):
    """The address is of a network that tenants may not reach."""

    def __init__(self) -> None:
        super().__init__(
            L(
                f"目标地址属于内部网络，已拒绝（如需访问，请由运维在 {SETTING} 中放行）",
                f"The address is of an internal network and refused (operators may allow it by {SETTING})",
            ),
            permanent=True,
        )


@dataclass(frozen=True, slots=True)
class Networks:
    """The internal networks that may be called."""

    allowed: tuple[Any, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Networks:
        """From the setting: networks like ``10.1.0.0/16``, separated by commas."""
        text = settings.extra(SETTING)  # noqa: S610 - an environment variable, no query
        try:
            return cls(tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip()))
        except ValueError as error:
            raise SettingsError(f"{SETTING}: networks like 10.1.0.0/16 expected ({error})") from None

    def permits(self, address: str) -> bool:
        """Whether an address may be connected to."""
        try:
            found = _inner(ip_address(address.partition("%")[0]))
        except ValueError:
            return False
        if any(found.version == network.version and found in network for network in self.allowed):
            return True
        return found.is_global and not found.is_multicast


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        return inner or address
    return address


class GuardedResolver(abc.AbstractResolver):
    """Resolves names for aiohttp and gives only addresses that may be called."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[abc.ResolveResult]:
        """Addresses of ``host``; raises :class:`AddressRefused` when none may be called."""
        return [
            abc.ResolveResult(
                hostname=host,
                host=str(place[0]),
                port=port,
                family=chosen,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for chosen, protocol, place in await permitted(self._networks, host, port, family)
        ]

    async def close(self) -> None:
        """Nothing is held open."""


async def permitted(
    networks: Networks, host: str, port: int, family: int = socket.AF_UNSPEC
) -> Sequence[tuple[Any, int, Any]]:
    """(family, protocol, socket address) of the addresses of a host that may be called; all must be permitted."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
    except (OSError, UnicodeError) as error:
        raise DeliveryFailed(L(f"无法解析主机名 {host}", f"The name {host} cannot be resolved")) from error
    if not found or not all(networks.permits(str(item[4][0])) for item in found):
        raise AddressRefused
    return [(item[0], item[2], item[4]) for item in found]


async def connect(networks: Networks, host: str, port: int, *, timeout_seconds: float) -> socket.socket:
    """A connected socket to the first address of a host that answers."""
    loop = asyncio.get_running_loop()
    last: Exception | None = None
    for family, protocol, place in await permitted(networks, host, port):
        made = socket.socket(family, socket.SOCK_STREAM, protocol)
        made.setblocking(False)  # noqa: FBT003 - the standard library's signature
        try:
            async with asyncio.timeout(timeout_seconds):
                await loop.sock_connect(made, place)
        except (OSError, TimeoutError) as error:
            made.close()
            last = error
        except BaseException:
            made.close()
            raise
        else:
            return made
    raise DeliveryFailed(L(f"无法连接 {host}:{port}", f"{host}:{port} cannot be reached")) from last
