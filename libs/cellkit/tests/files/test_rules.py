"""Names, types, ranges and sealing: pure rules."""

import os
import uuid
from collections.abc import AsyncIterator

import pytest
from contents import pdf, png

from cellkit.files.errors import FileLost, RangeNotSatisfiable
from cellkit.files.names import disposition, safe_name
from cellkit.files.ranges import parse_range, unchanged
from cellkit.files.scanning import ScannerTrouble, Verdict, read_answer
from cellkit.files.sealing import CHUNK_BYTES, Chunks, Sealer, new_key, open_range, stored_size
from cellkit.files.types import allowed, refused, sniff

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\合同.pdf", "合同.pdf"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("con.txt", "_con.txt"),
        ("  . ", "file"),
        ('a<b>"c".txt', "a_b__c_.txt"),
        ("", "file"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_is_cut_and_keeps_its_extension() -> None:
    cut = safe_name("合" * 300 + ".pdf")
    assert cut.endswith("合.pdf")
    assert len(cut.encode()) <= 200


def test_the_disposition_cannot_be_broken_out_of() -> None:
    header = disposition('a";\r\nx: y; filename="b 合同.pdf', inline=False)
    assert b"\r" not in header
    assert header.count(b'"') == 2
    assert header.endswith(b"%E5%90%88%E5%90%8C.pdf")


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (png(), "a.png", "image/png"),
        (pdf(), "a.bin", "application/pdf"),
        (b"PK\x03\x04....word/document.xml", "a.zip", _WORD),
        (b"PK\x03\x04....OFD.xml", "票.ofd", "application/ofd"),
        (b"PK\x03\x04....", "a.zip", "application/zip"),
        (b"MZ\x90\0", "a.pdf", "application/x-executable"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", "a.txt", "text/html"),
        (b"<?xml version='1.0'?><svg onload=x>", "a.svg", "image/svg+xml"),
        ("编码,名称\n".encode("gb18030"), "a.csv", "text/csv"),
        ("中".encode()[:2], "a.txt", "text/plain"),
        (b"\0\1\2", "a.txt", "application/octet-stream"),
        (b"BMW is a car", "a.txt", "text/plain"),
    ],
)  # fmt: skip
def test_content_tells_the_type(head: bytes, name: str, kind: str) -> None:
    assert sniff(head, name) == kind


def test_programs_and_false_names_are_refused() -> None:
    assert refused("application/x-executable", "a.pdf")
    assert refused("text/plain", "run.bat")
    assert refused("text/html", "photo.png")
    assert not refused("image/jpeg", "photo.png")
    assert not refused("text/html", "page.html")


def test_a_fields_types() -> None:
    types = ("image/*", "application/pdf", ".docx")
    assert allowed("image/png", "a.png", types)
    assert allowed("application/zip", "a.docx", types)
    assert not allowed("text/plain", "a.txt", types)
    assert allowed("text/plain", "a.txt", ())


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None), ("bytes=0-3", (0, 3)), ("bytes=5-", (5, 9)), ("bytes=-4", (6, 9)), ("bytes=0-99", (0, 9)),
        ("bytes=0-1,3-4", None), ("items=0-1", None), ("bytes=-", None), ("bytes=4-2", None),
    ],
)  # fmt: skip
def test_ranges(header: str | None, found: tuple[int, int] | None) -> None:
    assert parse_range(header, 10) == found


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=-0", "bytes=99-120"])
def test_ranges_outside_the_file(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, 10)


def test_conditions() -> None:
    assert unchanged('"a", W/"b"', '"b"')
    assert unchanged("*", '"b"')
    assert not unchanged(None, '"b"')


def _sealed(chunks: Chunks, content: bytes) -> bytes:
    sealer = Sealer(chunks)
    stored = b"".join(sealer.take(content[place : place + 50_000]) for place in range(0, len(content), 50_000))
    return stored + sealer.finish()


async def _opened(chunks: Chunks, stored: bytes, size: int, start: int, end: int) -> bytes:
    async def read(first: int, last: int) -> AsyncIterator[bytes]:
        for place in range(first, last, 10_000):
            yield stored[place : min(place + 10_000, last)]

    return b"".join([piece async for piece in open_range(chunks, read, size, start, end)])


@pytest.mark.parametrize("size", [1, 100, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 200_001])
async def test_any_range_of_a_sealed_content_opens(size: int) -> None:
    chunks = Chunks(new_key(), uuid.uuid4(), uuid.uuid4())
    content = os.urandom(size)
    stored = _sealed(chunks, content)
    assert len(stored) == stored_size(size)
    for start, end in [(0, size), (size - 1, size), (size // 2, size), (0, 1), (size // 3, size // 2 + 1)]:
        assert await _opened(chunks, stored, size, start, end) == content[start:end]


async def test_a_sealed_content_cannot_be_changed_cut_or_moved() -> None:
    key, tenant, place = new_key(), uuid.uuid4(), uuid.uuid4()
    content = os.urandom(3 * CHUNK_BYTES)
    stored = _sealed(Chunks(key, tenant, place), content)
    length = CHUNK_BYTES + 16
    damaged = {
        "changed": stored[:100] + bytes([stored[100] ^ 1]) + stored[101:],
        "swapped": stored[length : 2 * length] + stored[:length] + stored[2 * length :],
        "cut": stored[: 2 * length],
    }
    for text in damaged.values():
        with pytest.raises(FileLost):
            await _opened(Chunks(key, tenant, place), text, len(content), 0, len(content))
    with pytest.raises(FileLost):
        await _opened(Chunks(key, tenant, uuid.uuid4()), stored, len(content), 0, 10)


def test_clamds_answers() -> None:
    assert read_answer(b"stream: OK\0") == Verdict(clean=True)
    assert read_answer(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") == Verdict(clean=False, found="Win.Test.EICAR_HDB-1")
    for answer in (b"INSTREAM size limit exceeded. ERROR\0", b""):
        with pytest.raises(ScannerTrouble):
            read_answer(answer)
