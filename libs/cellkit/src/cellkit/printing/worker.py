"""The process that typesets: started with the first print, ended when it has nothing to do or takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from cellkit.log import get_logger
from cellkit.printing.errors import CodeInvalid, PrinterBusy, PrintFailed, PrintTooLong

log = get_logger("printing")
IDLE_SECONDS = 60.0
JOB_SECONDS = 30.0
MOST_JOBS = 200
MOST_WAITING = 50
_LARGEST = 256 * 1024 * 1024


def font_files(folder: Path | None = None) -> list[str]:
    """The fonts to print with: the Chinese ones that come along, and those of a folder of the installation."""
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - tells only where its files are

    found = [str(pylopdf_fonts_zh_cn.sans_path())]
    if folder is not None and folder.is_dir():
        found += [str(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in (".otf", ".ttf", ".ttc")]
    return found


class PrintWorker:
    """One typesetting process for a service; jobs take turns."""

    def __init__(self, fonts: Path | None = None, *, job_seconds: float = JOB_SECONDS) -> None:
        self._fonts_folder = fonts
        self._job_seconds = job_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._jobs = 0
        self._idle: asyncio.TimerHandle | None = None

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """End the process with the service."""
        try:
            yield
        finally:
            await self.stop()

    async def run(self, op: str, **job: Any) -> Any:
        """Carry a job out.

        Raises :class:`PrintFailed`, :class:`CodeInvalid`, :class:`PrintTooLong`, :class:`PrinterBusy`.
        """
        if self._waiting >= MOST_WAITING:
            raise PrinterBusy(retry_after_seconds=5)
        self._waiting += 1
        try:
            async with self._turn:
                answer = await self._ask({"op": op, "fonts": font_files(self._fonts_folder), **job})
        finally:
            self._waiting -= 1
        if "ok" in answer:
            return answer["ok"]
        if answer["error"] == "code":
            raise CodeInvalid(value=answer["value"][:100], kind=answer["kind"], reason=answer["reason"])
        if answer["error"] == "memory":
            raise PrintTooLong
        raise PrintFailed(reason=answer["reason"])

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.returncode is None

    async def _ask(self, job: dict[str, Any]) -> Any:
        if self._idle is not None:
            self._idle.cancel()
        try:
            async with asyncio.timeout(self._job_seconds):
                process = await self._started()
                made = msgspec.msgpack.encode(job)
                if process.stdin is None or process.stdout is None:
                    raise BrokenPipeError
                process.stdin.write(len(made).to_bytes(4, "big") + made)
                await process.stdin.drain()
                length = int.from_bytes(await process.stdout.readexactly(4), "big")
                if length > _LARGEST:
                    raise PrintTooLong
                answer = msgspec.msgpack.decode(await process.stdout.readexactly(length))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            # Out of time, or ended by its own limits: the next job finds a new process.
            log.warning("print_process_ended", reason=type(error).__name__)
            await self.stop()
            raise PrintTooLong from error
        except BaseException:
            # An answer that nobody waits for must not be taken for the next job's.
            await self.stop()
            raise
        self._jobs += 1
        if self._jobs >= MOST_JOBS:
            await self.stop()
        else:
            self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)
        return answer

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._jobs = 0
            # An address nobody listens at: should the kernel not deny sockets, no package can be fetched either.
            nowhere = "http://127.0.0.1:9"
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-m",
                "cellkit.printing.program",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, "ALL_PROXY": nowhere, "RAYON_NUM_THREADS": "2"},
            )
        return self._process

    def _end_idle(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            # The program ends when its input does.
            self._process.stdin.close()
            self._process = None

    async def stop(self) -> None:
        """End the process at once."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
