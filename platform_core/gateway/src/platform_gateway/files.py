"""The configuration folder that Envoy watches: every file is written aside and renamed, so none is ever half there."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from platform_gateway.clusters import clusters
from platform_gateway.doors import DOORS
from platform_gateway.policies import Policies, policies_from_json
from platform_gateway.routes import route_configuration
from platform_gateway.routing import Routing, routing_from_json
from platform_gateway.tokens import token_filter

STATE_FILE = "state.json"
POLICIES_FILE = "policies.json"
_PRIVATE = 0o700


def write_atomically(path: Path, text: str) -> bool:
    """Replace a file's content as one step, readable by its owner only. False when it was the same already."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


class ConfigurationFolder:
    """The xDS files of one gateway, and the state they were made from."""

    def __init__(self, folder: Path, master: str) -> None:
        self.folder = folder
        self._master = master

    def create(self) -> None:
        """Make the folder, open to its owner only: the routes in it hold signing keys."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)

    def read_policies(self) -> Policies | None:
        """The policies that the gateway was prepared with, or None when it was not yet."""
        value = self._read(POLICIES_FILE)
        return None if value is None else policies_from_json(value)

    def read_routing(self) -> Routing | None:
        """What was last published, or None."""
        value = self._read(STATE_FILE)
        try:
            return None if value is None else routing_from_json(value)
        except (KeyError, TypeError, ValueError):
            # State of another version: governance publishes the true one within a second.
            return None

    def write_policies(self, policies: Policies) -> None:
        """Keep the policies for governance, which renders the routes."""
        self._write(POLICIES_FILE, policies.as_json())

    def write_clusters(self, routing: Routing, *, keep: Routing | None = None) -> bool:
        """Write the upstreams; those of ``keep`` stay too, until no route names them any more."""
        wanted = {item["name"]: item for item in clusters(routing)}
        for item in clusters(keep) if keep else ():
            wanted.setdefault(item["name"], item)
        return self._write_resources("cds.json", [wanted[name] for name in sorted(wanted)])

    def write_routes(self, routing: Routing, policies: Policies) -> bool:
        """Write the route table of every listener."""
        written = [
            self._write_resources(door.file, [route_configuration(routing, policies, self._master, door)])
            for door in DOORS
        ]
        return any(written)

    def write_token_filter(self, routing: Routing) -> bool:
        """Write the token check with the current keys."""
        return self._write_resources("token.json", [token_filter(routing.jwks)])

    def write_state(self, routing: Routing) -> None:
        """Remember what was published."""
        self._write(STATE_FILE, routing.as_json())

    def write_listeners(self, listeners: list[dict[str, Any]]) -> bool:
        """Write the listeners; only the gateway's own start does."""
        return self._write_resources("lds.json", listeners)

    def write_bootstrap(self, bootstrap: dict[str, Any]) -> bool:
        """Write what Envoy is started with."""
        return self._write("bootstrap.json", bootstrap)

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            value = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def _write_resources(self, name: str, resources: list[dict[str, Any]]) -> bool:
        return self._write(name, {"resources": resources})

    def _write(self, name: str, value: dict[str, Any]) -> bool:
        return write_atomically(self.folder / name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True))
