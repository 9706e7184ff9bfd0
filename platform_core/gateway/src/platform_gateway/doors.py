"""The gateway's listening addresses: the interface for programs, and one origin for each of the two web apps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """One listener with a route table of its own.

    ``app`` is the web app whose pages it shows beside the interface; ``closed`` are paths of the interface that it
    does not have, because the app behind it has no business there.
    """

    listener: str
    routes: str
    file: str
    app: str = ""
    closed: tuple[str, ...] = ()


PROGRAMS = Door("gateway", "gateway", "rds.json")
# Not "admin": that is what Envoy calls its own administration in its figures.
CLIENT = Door("web_client", "client", "rds-client.json", "client", ("/api/admin",))
ADMIN = Door("web_admin", "admin", "rds-admin.json", "admin")
DOORS = (PROGRAMS, CLIENT, ADMIN)
