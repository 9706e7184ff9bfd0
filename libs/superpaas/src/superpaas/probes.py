"""Small HTTP questions to our own processes: blocking ones for commands, waiting ones for the supervisor's loop."""

from __future__ import annotations

import errno
import http.client
import json
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

_LOOPBACK = "127.0.0.1"
_STATUS_BYTES = 12


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: Any = None,
    seconds: float = 2,
) -> tuple[int, Any]:
    """Status and body (parsed when it is JSON) of one request; status 0 when nothing answers."""
    sent = None if body is None else json.dumps(body).encode()
    given = {**({} if sent is None else {"Content-Type": "application/json"}), **(headers or {})}
    connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=seconds)
    try:
        connection.request(method, path, sent, given)
        response = connection.getresponse()
        answer = response.read()
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        connection.close()
    try:
        return response.status, json.loads(answer)
    except ValueError:
        return response.status, answer.decode("utf-8", "replace")


class Probe:
    """One ``GET`` that never blocks the loop; ``done`` is called with the status, or 0."""

    def __init__(self, selector: selectors.BaseSelector, port: int, path: str, done: Callable[[int], None]) -> None:
        self._selector = selector
        self._done = done
        self._request = f"GET {path} HTTP/1.1\r\nHost: {_LOOPBACK}:{port}\r\nConnection: close\r\n\r\n".encode()
        self._answer = b""
        self.deadline = time.monotonic() + 3
        self._socket = socket.socket()
        self._socket.settimeout(0)
        code = self._socket.connect_ex((_LOOPBACK, port))
        if code not in {0, errno.EINPROGRESS}:
            self._socket.close()
            self._finished = True
            done(0)
            return
        self._finished = False
        selector.register(self._socket, selectors.EVENT_WRITE, self.advance)

    @property
    def finished(self) -> bool:
        """Whether ``done`` was called."""
        return self._finished

    def advance(self) -> None:
        """Go on: the socket can be written to, or has something to read."""
        try:
            if self._request:
                sent = self._socket.send(self._request)
                self._request = self._request[sent:]
                if not self._request:
                    self._selector.modify(self._socket, selectors.EVENT_READ, self.advance)
                return
            received = self._socket.recv(256)
        except BlockingIOError:
            return
        except OSError:
            self.finish(0)
            return
        self._answer += received
        if len(self._answer) >= _STATUS_BYTES:
            status = self._answer[9:_STATUS_BYTES]
            self.finish(int(status) if status.isdigit() else 0)
        elif not received:
            self.finish(0)

    def finish(self, status: int) -> None:
        """Tell the outcome once and let go of the socket."""
        if self._finished:
            return
        self._finished = True
        self._selector.unregister(self._socket)
        self._socket.close()
        self._done(status)
