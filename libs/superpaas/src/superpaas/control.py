"""The supervisor's ear: a socket in the data folder on which services of the same user ask for something.

One line of JSON in, one line of JSON out. It never blocks the supervisor's loop. The socket is bound and reached
through a descriptor of its folder, because a socket's own path may not be longer than 107 bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAME = "control.sock"
_LONGEST = 64 * 1024
_SECONDS = 5.0
_PEER = struct.Struct("3i")
Handle = Callable[[dict[str, Any]], dict[str, Any]]


class Control:
    """Listens; every line is given to ``handle``."""

    def __init__(self, selector: selectors.BaseSelector, folder: Path, handle: Handle) -> None:
        self._selector = selector
        self._handle = handle
        self._open: dict[socket.socket, tuple[bytearray, float]] = {}
        path = folder / NAME
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        before = os.umask(0o177)
        try:
            self._socket.bind(f"/proc/self/fd/{directory}/{NAME}")
        finally:
            os.umask(before)
            os.close(directory)
        self._socket.listen(8)
        self._socket.settimeout(0)
        selector.register(self._socket, selectors.EVENT_READ, self._accept)

    def forget_silent(self) -> None:
        """Close connections on which nothing whole came in time."""
        now = time.monotonic()
        for connection, (_, deadline) in list(self._open.items()):
            if now > deadline:
                self._close(connection)

    def close(self) -> None:
        """Listen no more."""
        for connection in list(self._open):
            self._close(connection)
        self._selector.unregister(self._socket)
        self._socket.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:
            return
        connection.settimeout(0)
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
        if _PEER.unpack(peer)[1] != os.geteuid():
            connection.close()
            return
        self._open[connection] = (bytearray(), time.monotonic() + _SECONDS)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._read(connection))

    def _read(self, connection: socket.socket) -> None:
        known = self._open.get(connection)
        if known is None:
            return
        try:
            piece = connection.recv(_LONGEST)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        said = known[0]
        said += piece
        if b"\n" in said:
            self._answer(connection, bytes(said).partition(b"\n")[0])
        elif not piece or len(said) > _LONGEST:
            self._close(connection)

    def _answer(self, connection: socket.socket, line: bytes) -> None:
        try:
            asked = json.loads(line)
            answer = self._handle(asked) if isinstance(asked, dict) else {"error": "BAD_REQUEST"}
        except ValueError:
            answer = {"error": "BAD_REQUEST"}
        with contextlib.suppress(OSError):
            connection.settimeout(1)
            connection.sendall(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        self._close(connection)

    def _close(self, connection: socket.socket) -> None:
        self._open.pop(connection, None)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(connection)
        connection.close()
