"""What every service needs sooner or later, made ready before services are forked.

A page of memory that was filled before the fork is one page for all services; filled after it, it is one in each of
them. Most features import their routes only where a service is made, because declarations alone need none of it, and
some libraries come with their first use; so the supervisor calls this once, after which a service's own process hardly
imports anything.

Left alone is what few installations use, and what runs in programs of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from pathlib import Path

_LIBRARIES = (
    "aiohttp",
    "anyio._backends._asyncio",
    "asyncpg",
    "croniter",
    "encodings.idna",
    "fastapi",
    "httptools",
    "pgqueuer.core.qm",
    "pgqueuer.queries",
    # FastAPI asks of the first annotation whether it is one of these models.
    "pydantic.v1",
    "python_multipart.multipart",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.auto",
    "uvloop",
)
_NOT_SERVING = (
    "cellkit.db.migrate",
    "cellkit.db.migrations",
    "cellkit.exchange.sheet_to_lines",
    "cellkit.files.picture_program",
    "cellkit.files.s3",
    "cellkit.pinyin.generate",
    "cellkit.printing.program",
    "cellkit.printing.zpl",
    "cellkit.testing",
)


def preload() -> None:
    """Import the kit and its libraries, and let OpenSSL load what it loads at its first use."""
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(name)
    for name in serving_modules():
        importlib.import_module(name)
    _use_ciphers()


def serving_modules() -> Iterator[str]:
    """The kit's modules that serve requests."""
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = ".".join(("cellkit", *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        if not any(name == left or name.startswith(f"{left}.") for left in _NOT_SERVING):
            yield name


def _use_ciphers() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - here is where it is to be loaded

    AESGCM(bytes(32)).encrypt(bytes(12), b"", None)
