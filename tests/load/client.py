"""A load client that costs little: it shares the two cores with what it measures.

Plain HTTP/1.1 over kept-alive connections, requests made beforehand, answers read just far enough to tell status and
end. Each connection sends its next request when the last one is answered (a closed loop).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httptools

ANSWER_SECONDS = 30.0


@dataclass(slots=True)
class Outcome:
    """What a run showed: seconds of every answer, and the answers that were not 2xx."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    errors: int = 0
    first_error: str = ""
    bodies: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Sequence[Outcome]) -> Outcome:
        """Several runs as one."""
        return cls(
            seconds=[second for part in parts for second in part.seconds],
            elapsed=sum(part.elapsed for part in parts),
            errors=sum(part.errors for part in parts),
            first_error=next((part.first_error for part in parts if part.first_error), ""),
            bodies=[body for part in parts for body in part.bodies],
        )

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile_ms(self, share: float) -> float:
        """The time within which ``share`` of the answers came, in milliseconds."""
        if not self.seconds:
            return 0.0
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Connection(asyncio.Protocol):
    """One connection with one request in flight."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.status = 0
        self.body: list[bytes] = []
        self._done: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: Any) -> None:
        """asyncio: connected."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """asyncio: a piece of an answer."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: closed by the other side."""
        if self._done is not None and not self._done.done():
            self._done.set_exception(exc or ConnectionError("closed"))

    def on_body(self, body: bytes) -> None:
        """httptools: a piece of the body."""
        self.body.append(body)

    def on_message_complete(self) -> None:
        """httptools: the answer is whole."""
        self.status = self._parser.get_status_code()
        if self._done is not None and not self._done.done():
            self._done.set_result(None)

    async def ask(self, request: bytes) -> int:
        """Send a request and wait for its answer; returns the status."""
        self._done = asyncio.get_running_loop().create_future()
        self.body = []
        self._parser = httptools.HttpResponseParser(self)
        self.transport.write(request)
        await self._done
        return self.status


Maker = Callable[[], bytes | None]
"""Makes the next request; None ends the connection's part."""


async def run(
    host: str, port: int, connections: int, maker: Maker, *, seconds: float | None = None, keep_bodies: bool = False
) -> Outcome:
    """Run ``connections`` closed loops until ``seconds`` are over or ``maker`` has no more requests."""
    loop = asyncio.get_running_loop()
    outcome = Outcome()
    pairs = [await loop.create_connection(Connection, host, port) for _ in range(connections)]
    began = time.perf_counter()
    deadline = None if seconds is None else began + seconds

    async def work(connection: Connection) -> None:
        while deadline is None or time.perf_counter() < deadline:
            request = maker()
            if request is None:
                return
            start = time.perf_counter()
            try:
                status = await asyncio.wait_for(connection.ask(request), ANSWER_SECONDS)
            except (OSError, TimeoutError) as error:
                outcome.errors += 1
                outcome.first_error = outcome.first_error or f"{type(error).__name__}: {error}"
                _, connection = await loop.create_connection(Connection, host, port)
                continue
            if 200 <= status < 300:
                outcome.seconds.append(time.perf_counter() - start)
                if keep_bodies:
                    outcome.bodies.append(b"".join(connection.body))
            else:
                outcome.errors += 1
                outcome.first_error = outcome.first_error or f"{status} {b''.join(connection.body)[:300]!r}"

    await asyncio.gather(*(work(connection) for _, connection in pairs))
    outcome.elapsed = time.perf_counter() - began
    for _, connection in pairs:
        connection.transport.close()
    return outcome


def request_bytes(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    if body or method != "GET":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
