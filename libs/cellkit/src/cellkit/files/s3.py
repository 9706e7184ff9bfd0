"""Contents in an S3-compatible bucket (AWS, MinIO, Ceph, 阿里云 OSS, 腾讯云 COS)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cellkit.errors import Unavailable
from cellkit.files.errors import FileLost, FileStorageFull
from cellkit.files.settings import FileSettings
from cellkit.files.storage import Place, place_of, relative
from cellkit.settings import SettingsError

_OPTIONS = {"endpoint", "region", "path_style"}
_FULL = ("QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507")


class S3Storage:
    """Objects at ``<prefix>/<tenant>/<xx>/<object>``; the library (obstore, Rust) is loaded with the first use."""

    def __init__(self, settings: FileSettings) -> None:
        parts = urlsplit(settings.storage)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        unknown = options.keys() - _OPTIONS
        if unknown or not parts.netloc:
            message = "FILES_STORAGE must be s3://bucket/prefix?endpoint=…&region=…&path_style=1"
            raise SettingsError(message)
        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/")
        self._options = options
        self._keys = (settings.access_key, settings.secret_key)
        self._opened: Any = None

    @property
    def _store(self) -> Any:
        if self._opened is None:
            from obstore.store import S3Store  # noqa: PLC0415 - most installations keep files in a folder

            endpoint = self._options.get("endpoint", "")
            given: dict[str, Any] = {"region": self._options.get("region", "us-east-1")}
            if endpoint:
                given["endpoint"] = endpoint
                given["virtual_hosted_style_request"] = self._options.get("path_style", "1") == "0"
            if self._keys[0]:
                given |= {"access_key_id": self._keys[0], "secret_access_key": self._keys[1]}
            self._opened = S3Store(
                self._bucket,
                prefix=self._prefix or None,
                client_options={"allow_http": endpoint.startswith("http://"), "timeout": "120s"},
                retry_config={"max_retries": 3},
                **given,
            )
        return self._opened

    async def put(self, place: Place, source: Path) -> None:
        """See :class:`cellkit.files.storage.Storage`."""
        import obstore  # noqa: PLC0415 - as above

        with _errors():
            await obstore.put_async(self._store, relative(place), source)
        await asyncio.to_thread(source.unlink, missing_ok=True)

    async def read(self, place: Place, start: int, end: int) -> AsyncIterator[bytes]:
        """See :class:`cellkit.files.storage.Storage`."""
        import obstore  # noqa: PLC0415 - as above

        if start >= end:
            return
        with _errors():
            answer = await obstore.get_async(self._store, relative(place), options={"range": (start, end)})
            async for piece in answer.stream():
                yield bytes(piece)

    async def delete(self, place: Place) -> None:
        """See :class:`cellkit.files.storage.Storage`."""
        import obstore  # noqa: PLC0415 - as above

        with contextlib.suppress(FileLost), _errors():
            await obstore.delete_async(self._store, relative(place))

    async def older(self, moment: datetime) -> AsyncIterator[list[Place]]:
        """See :class:`cellkit.files.storage.Storage`."""
        import obstore  # noqa: PLC0415 - as above

        with _errors():
            async for batch in obstore.list(self._store, chunk_size=500):
                found = (place_of(item["path"]) for item in batch if item["last_modified"] < moment)
                places = [place for place in found if place is not None]
                if places:
                    yield places


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    """What the bucket refuses, as the contract's errors; its answer may name addresses, so it stays in the log."""
    from obstore.exceptions import BaseError, NotFoundError  # noqa: PLC0415 - as above

    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise FileLost from error
    except (BaseError, OSError) as error:
        if any(word in str(error) for word in _FULL):
            raise FileStorageFull from error
        raise Unavailable(retry_after_seconds=5) from error
