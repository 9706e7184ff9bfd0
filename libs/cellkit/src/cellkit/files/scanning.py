"""Scanners of contents: clamd by its INSTREAM protocol, or a command that reads standard input."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 120
_MOST_ANSWER_BYTES = 4096
_CLEAN_EXIT, _INFECTED_EXIT = 0, 1


class Verdict(NamedTuple):
    """What a scanner says: clean or not, and the name of what it found."""

    clean: bool
    found: str = ""


class ScannerTrouble(Exception):
    """The scanner could not tell; the content is tried again later."""


class Scanner(Protocol):
    """Looks at one content."""

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        """The verdict on a content; raises :class:`ScannerTrouble`."""
        ...


def scanner_of(text: str) -> Scanner | None:
    """The scanner of the setting ``FILES_SCAN``; None: contents are not scanned."""
    if not text:
        return None
    if text.startswith("command:"):
        return CommandScanner(shlex.split(text.removeprefix("command:")))
    parts = urlsplit(text)
    return ClamdScanner(parts.hostname or "", parts.port or 3310, parts.path if not parts.hostname else "")


class ClamdScanner:
    r"""clamd: ``zINSTREAM\0``, chunks each with its length in four bytes, a length of zero, one line as the answer."""

    def __init__(self, host: str, port: int, socket: str = "") -> None:
        self._host, self._port, self._socket = host, port, socket

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        """See :class:`Scanner`."""
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                reader, writer = await self._connect()
                try:
                    await self._send(pieces, writer)
                    answer = await reader.read(_MOST_ANSWER_BYTES)
                finally:
                    writer.close()
        except (OSError, TimeoutError) as error:
            raise ScannerTrouble(f"clamd: {type(error).__name__}") from error
        return read_answer(answer)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._socket:
            return await asyncio.open_unix_connection(self._socket)
        return await asyncio.open_connection(self._host, self._port)

    async def _send(self, pieces: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
        # clamd answers at once and hangs up when a content is too long for it; its answer says so.
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            writer.write(b"zINSTREAM\0")
            async for piece in pieces:
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(b"\0\0\0\0")
            await writer.drain()


def read_answer(answer: bytes) -> Verdict:
    """Clamd's answer (``stream: OK``, ``stream: Eicar-Signature FOUND``, ``… ERROR``)."""
    text = answer.rstrip(b"\0\r\n").decode(errors="replace")
    told = text.partition(": ")[2] or text
    if told == "OK":
        return Verdict(clean=True)
    if told.endswith(" FOUND"):
        return Verdict(clean=False, found=told.removesuffix(" FOUND")[:200])
    raise ScannerTrouble(f"clamd: {text[:200] or 'no answer'}")


class CommandScanner:
    """A program that reads the content on standard input: exit 0 clean, 1 infected, anything else: it cannot tell."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        """See :class:`Scanner`."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
            )
        except OSError as error:
            raise ScannerTrouble(f"{self._command[0]}: {type(error).__name__}") from error
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                said = asyncio.create_task(_tail(process.stdout))
                await _feed(pieces, process.stdin)
                text, code = await said, await process.wait()
        except TimeoutError as error:
            raise ScannerTrouble(f"{self._command[0]}: too slow") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if code == _CLEAN_EXIT:
            return Verdict(clean=True)
        if code == _INFECTED_EXIT:
            return Verdict(clean=False, found=text[:200])
        raise ScannerTrouble(f"{self._command[0]}: exit {code}")


async def _feed(pieces: AsyncIterator[bytes], stdin: asyncio.StreamWriter | None) -> None:
    if stdin is None:
        return
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        async for piece in pieces:
            stdin.write(piece)
            await stdin.drain()
        stdin.close()


async def _tail(stdout: asyncio.StreamReader | None) -> str:
    kept = b""
    while stdout is not None and (piece := await stdout.read(_MOST_ANSWER_BYTES)):
        kept = (kept + piece)[-_MOST_ANSWER_BYTES:]
    lines = kept.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else ""
