"""A real Envoy and small real upstreams, for tests of what the gateway does."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from aiohttp import WSMsgType, web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from platform_gateway import process
from platform_gateway.files import ConfigurationFolder
from platform_gateway.routing import CellRoute, Routing

from cellkit.settings import Settings, read_settings
from cellkit.signing import service_key

MASTER = "0f" * 32
TENANT = "0192f6a0-0000-7000-8000-00000000000a"
OTHER_TENANT = "0192f6a0-0000-7000-8000-00000000000b"
USER = "0192f6a0-0000-7000-8000-0000000000aa"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signer:
    """One RS256 key of a make-believe identity."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self._key = rsa.generate_private_key(65537, 2048)

    def jwk(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()

        def number(value: int) -> str:
            return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))

        return {
            "kty": "RSA",
            "kid": self.kid,
            "alg": "RS256",
            "use": "sig",
            "n": number(numbers.n),
            "e": number(numbers.e),
        }

    def token(self, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        now = int(time.time())
        known = {
            "iss": "superpaas",
            "aud": "superpaas",
            "sub": USER,
            "tid": TENANT,
            "sid": "s",
            "iat": now,
            "exp": now + 900,
        }
        payload = {name: value for name, value in {**known, **claims}.items() if value is not None}
        head = {"alg": "RS256", "typ": "JWT", "kid": self.kid, **(header or {})}
        text = f"{base64url(json.dumps(head).encode())}.{base64url(json.dumps(payload).encode())}"
        return f"{text}.{base64url(self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class Upstream:
    """A service behind the gateway: tells what it was sent, and misbehaves on request."""

    def __init__(self, name: str, port: int = 0) -> None:
        self.name = name
        self.port = port or free_port()
        self.healthy = True
        self.status = 200
        self.seen: list[dict[str, Any]] = []
        self.attempts = 0
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stopped(self) -> bool:
        return self._thread is None

    def start(self) -> Self:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()

        async def serve() -> None:
            application = web.Application(client_max_size=200 * 1024 * 1024)
            application.router.add_route("*", "/health", self._health)
            application.router.add_route("*", "/ready", self._health)
            application.router.add_route("*", "/{rest:.*}", self._answer)
            self._runner = web.AppRunner(
                application, keepalive_timeout=75, shutdown_timeout=5, max_line_size=65536, max_field_size=65536
            )
            await self._runner.setup()
            await web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024, reuse_address=True).start()
            started.set()

        def run() -> None:
            self._loop.run_until_complete(serve())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(5)
        return self

    def stop(self) -> None:
        if self._thread is None:
            return

        async def end() -> None:
            if self._runner is not None:
                await self._runner.cleanup()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._thread = None

    @contextmanager
    def start_context(self) -> Iterator[Self]:
        """Run for the length of a block."""
        try:
            yield self.start()
        finally:
            self.stop()

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "up"}, status=200 if self.healthy else 503)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.attempts += 1
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._echo_socket(request)
        body = await request.read()
        delay = float(request.query.get("delay", "0"))
        if delay:
            await asyncio.sleep(delay)
        if "cut" in request.query:
            assert request.transport is not None
            request.transport.abort()
        seen = {
            "service": self.name,
            "method": request.method,
            "path": request.raw_path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "names": [name.lower() for name in request.headers],
            "length": len(body),
        }
        self.seen.append(seen)
        headers = {"X-Request-ID": request.headers.get("X-Request-ID", ""), "X-Response-Time": "1.00", "ETag": '"abc"'}
        if "big" in request.query:
            seen["filler"] = "x" * int(request.query["big"])
        return web.json_response(seen, status=int(request.query.get("status", self.status)), headers=headers)

    async def _echo_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket_ = web.WebSocketResponse()
        await socket_.prepare(request)
        async for message in socket_:
            if message.type is WSMsgType.TEXT:
                await socket_.send_str(f"{self.name}:{message.data}:{request.headers.get('X-User-Id')}")
        return socket_


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


class Gateway:
    """Envoy, prepared as the supervisor does it."""

    def __init__(self, folder: Path, services: Mapping[str, str], **environment: str) -> None:
        self.folder = folder
        self.port, self.admin_port = free_port(), free_port()
        self.settings: Settings = read_settings(
            "gateway",
            environment={
                "SERVICE_PORT": str(self.port),
                "ENVOY_ADMIN_URL": f"http://127.0.0.1:{self.admin_port}",
                "GATEWAY_CONFIG_DIR": str(folder / "gateway"),
                "SUPERPAAS_DATA": str(folder),
                "GATEWAY_SIGNING_SECRET": MASTER,
                "GATEWAY_WORKERS": "1",
                "WEB_CLIENT_PORT": str(free_port()),
                "WEB_ADMIN_PORT": str(free_port()),
                **{f"{name.upper()}_URL": url for name, url in services.items()},
                **environment,
            },
        )
        self.configuration = ConfigurationFolder(process.configuration_folder(self.settings), MASTER)
        self.log = folder / "envoy.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.signer: Signer | None = None

    def start(self) -> Self:
        process.prepare(self.settings)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                process.command(self.settings), stdout=log, stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"]}
            )
        self.wait(self._get_ready)
        return self

    def _get_ready(self) -> bool:
        try:
            return self.call("GET", "/health").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
            self._process = None

    def wait(self, condition: Any, seconds: float = 8) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s in vain; Envoy says: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def publish(self, routing: Routing) -> None:
        """Write a whole routing, new upstreams first, and wait until Envoy has read it."""
        policies = self.configuration.read_policies()
        assert policies is not None
        before = self.configuration.read_routing()
        self.configuration.write_token_filter(routing)
        seen = self.stats()
        if self.configuration.write_clusters(routing, keep=before):
            self.wait(
                lambda: (
                    self.stats()["cluster_manager.cds.update_success"] > seen["cluster_manager.cds.update_success"]
                    and not self.stats()["cluster_manager.warming_clusters"]
                )
            )
        if self.configuration.write_routes(routing, policies):
            name = "http.gateway.rds.gateway.update_success"
            self.wait(lambda: self.stats()[name] > seen[name])
        self.configuration.write_state(routing)
        time.sleep(0.05)
        assert "rejected" not in self.log.read_text(), self.log.read_text()[-2000:]

    def stats(self) -> dict[str, int]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/stats?format=json", timeout=5) as answer:
            return {item["name"]: item["value"] for item in json.load(answer)["stats"] if "value" in item}

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        tenant: str | None = TENANT,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 15,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if tenant is not None:
            sent["X-Tenant-Id"] = tenant
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def raw(self, text: bytes, seconds: float = 5) -> bytes:
        """Send bytes as they are and read until the gateway closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(text)
            received = b""
            try:
                while piece := connection.recv(65536):
                    received += piece
            except TimeoutError:
                pass
            return received

    def limited(self, limits: str) -> str:
        """A token with limits, of the key that was published first."""
        assert self.signer is not None
        return self.signer.token(lim=limits)

    def access_log(self) -> list[dict[str, Any]]:
        path = Path(process.access_log(self.settings))
        return [json.loads(line) for line in path.read_text().splitlines()]


def key_of(name: str) -> str:
    return service_key(MASTER, name)


def routing_of(gateway: Gateway, keys: list[Signer], *cells: CellRoute, version: int = 1) -> Routing:
    return Routing(
        version=version,
        cells=cells,
        platform_urls=process.platform_urls(gateway.settings),
        jwks={"keys": [key.jwk() for key in keys]},
    )


def open_cell(upstream: Upstream, **changes: Any) -> CellRoute:
    return replace(CellRoute(upstream.name, (upstream.url,)), **changes)
