"""The one file of a ``multipart/form-data`` request, handed on in pieces as they arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping


async def _nothing() -> None:
    return None


def _nobody(_options: Mapping[bytes, bytes]) -> None:
    return None


async def take_file(
    pieces: AsyncIterator[bytes],
    boundary: bytes,
    take: Callable[[bytes], None],
    *,
    named: Callable[[Mapping[bytes, bytes]], None] = _nobody,
    after_each: Callable[[], Awaitable[None]] = _nothing,
) -> bool:
    """Give the content of the part with a file name to ``take``; whether there was exactly one and the form was whole.

    ``named`` gets the options of its Content-Disposition, ``after_each`` is awaited after every piece.
    """
    # Uploads are rare, and every idle process would pay for the parser.
    from python_multipart.exceptions import FormParserError  # noqa: PLC0415
    from python_multipart.multipart import MultipartParser  # noqa: PLC0415

    if not boundary:
        return False
    form = _Form(take, named)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": form.begin,
                "on_header_field": form.header_field,
                "on_header_value": form.header_value,
                "on_header_end": form.header_end,
                "on_headers_finished": form.headers_finished,
                "on_part_data": form.data,
            },
        )
        async for piece in pieces:
            parser.write(piece)
            await after_each()
        parser.finalize()
    except FormParserError:
        return False
    return form.files == 1


class _Form:
    """What the parser of a form tells; only the one part with a file name is kept."""

    def __init__(self, take: Callable[[bytes], None], named: Callable[[Mapping[bytes, bytes]], None]) -> None:
        self.files = 0
        self._take = take
        self._named = named
        self._name = bytearray()
        self._value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._taking = False

    def begin(self) -> None:
        self._headers.clear()
        self._taking = False

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def headers_finished(self) -> None:
        from python_multipart.multipart import parse_options_header  # noqa: PLC0415 - as above

        _, options = parse_options_header(self._headers.get(b"content-disposition", b"").decode("latin-1"))
        if b"filename" in options:
            self.files += 1
            self._taking = self.files == 1
            if self._taking:
                self._named(options)

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._taking:
            self._take(data[start:end])
