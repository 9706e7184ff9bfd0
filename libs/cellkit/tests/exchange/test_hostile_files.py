"""Files that are not what they should be: each a clear 4xx, nothing written, the process unharmed."""

import asyncio
import io
import time
import zipfile

import pytest
from exchange_helpers import XLSX, count, csv_bytes, customers, upload, xlsx_bytes

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio
HEADER = b"code,name\n"


def packed(**files: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_rels/", "_rels/."), text)
    return output.getvalue()


def changed_sheet(text: str) -> bytes:
    """A sound workbook with its sheet's data replaced."""
    source, output = zipfile.ZipFile(io.BytesIO(xlsx_bytes(["code", "name"]))), io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.namelist():
            content = source.read(item).decode()
            if item == "xl/worksheets/sheet1.xml":
                begin, end = content.index("<sheetData>"), content.index("</sheetData>")
                content = content[:begin] + "<sheetData>" + text + content[end:]
            archive.writestr(item, content)
    return output.getvalue()


class TestCsv:
    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"", 400, "BAD_REQUEST"),
            (b"\xef\xbb\xbf", 400, "BAD_REQUEST"),
            (b"\n\n \n", 400, "BAD_REQUEST"),
            (HEADER, 400, "BAD_REQUEST"),
            (b",,,\nA,B,C,D\n", 400, "BAD_REQUEST"),
            (b"A1,screw\nA2,nut\n", 422, "VALIDATION_FAILED"),
            (bytes(range(256)) * 50, 400, "BAD_REQUEST"),
            (b"\x80\xff\xfe" * 100, 400, "BAD_REQUEST"),
            ("code,name\nA,甲\n".encode("utf-16"), 400, "BAD_REQUEST"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, 400, "BAD_REQUEST"),
            (HEADER + b"A1," + b"x" * 10_000_000, 413, "PAYLOAD_TOO_LARGE"),
            (HEADER + b"A1," + b"x" * 40_000, 422, "VALIDATION_FAILED"),
            (HEADER + b'A1,"never closed\n' + b"A2,x\n" * 60_000, 413, "PAYLOAD_TOO_LARGE"),
            (b",".join(b"c%d" % index for index in range(600)) + b"\n1\n", 413, "PAYLOAD_TOO_LARGE"),
            (xlsx_bytes(["code", "name"], ["A", "x"]), 400, "BAD_REQUEST"),
            (HEADER + b"A1,x\x01y\nA2," + b"\xf0\x9f\x98\x80" * 300 + b"\n", 422, "VALIDATION_FAILED"),
        ],
    )
    async def test_is_refused(self, api: Api, body: bytes, status: int, code: str) -> None:
        answer = await upload(api, "items", body)
        assert (answer.status, answer.json["code"]) == (status, code), answer.body[:500].decode()
        assert answer.json["message"]
        assert await count(api, "items") == 0

    async def test_more_than_64_mib(self, api: Api) -> None:
        answer = await upload(api, "items", HEADER + b"A1,x\n" * 13_500_000)
        assert (answer.status, answer.json["code"]) == (413, "PAYLOAD_TOO_LARGE")

    async def test_wrong_content_type(self, api: Api) -> None:
        for content_type in ("application/json", "application/pdf", ""):
            answer = await upload(api, "items", HEADER + b"A1,x\n", content_type=content_type)
            assert (answer.status, answer.json["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")

    async def test_wrong_queries(self, api: Api) -> None:
        for query in ({"mode": "some"}, {"encoding": "koi8"}, {"colour": "red"}):
            assert (await upload(api, "items", HEADER + b"A1,x\n", **query)).status == 400, query

    async def test_wrong_forms(self, api: Api) -> None:
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ncode,name\r\nA,x\r\n'
        for body, boundary in (
            (b"", "b"),
            (b"nonsense", "b"),
            (part + part + b"--b--\r\n", "b"),
            (part + b"--b--\r\n", ""),
        ):
            content_type = "multipart/form-data" + (f"; boundary={boundary}" if boundary else "")
            answer = await upload(api, "items", body, content_type=content_type)
            assert (answer.status, answer.json["code"]) == (400, "BAD_REQUEST"), body[:40]
        assert await count(api, "items") == 0


class TestWorkbooks:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"PK\x03\x04" + b"\0" * 500, 400),
            (b"not a workbook", 400),
            (packed(a="b"), 400),
            (xlsx_bytes(["code", "name"], ["A", "x"])[:2000], 400),
            (xlsx_bytes(), 400),
            # Cells so far apart that the grid between them would fill the machine.
            (
                changed_sheet(
                    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                ),
                413,
            ),
            (
                changed_sheet(
                    '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="SD900000"><v>1</v></c></row>'
                ),
                413,
            ),
            # A few kilobytes that unpack to one enormous cell.
            (
                changed_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>' + "x" * 60_000_000 + "</t></is></c></row>"),
                413,
            ),
        ],
    )
    async def test_is_refused(self, api: Api, body: bytes, status: int) -> None:
        answer = await upload(api, "items", body, content_type=XLSX)
        assert answer.status == status, answer.body[:500].decode()
        assert await count(api, "items") == 0

    async def test_entities_are_not_expanded(self, api: Api) -> None:
        body = changed_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&lol;</t></is></c></row>')
        assert 400 <= (await upload(api, "items", body, content_type=XLSX)).status < 500


class TestLoad:
    async def test_ten_thousand_rows_in_little_memory_while_others_are_served(self, api: Api) -> None:
        import gc
        import tracemalloc

        body = csv_bytes(*customers(10_000))
        await upload(api, "customers", csv_bytes(*customers(10, start=90_000)))
        gc.collect()
        tracemalloc.start()
        answer = await upload(api, "customers", csv_bytes(*customers(3_000)), mode="dry_run")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert answer.json["failed"] == 0, answer.body[:500].decode()
        # One batch of a thousand documents and its statements, whatever the file's length.
        assert peak < 24 * 1024 * 1024, peak
        importing = asyncio.create_task(upload(api, "customers", body))
        waits = []
        while not importing.done():
            began = time.thread_time()
            await asyncio.sleep(0)
            waits.append(time.thread_time() - began)
        assert (await importing).json["created"] == 10_000
        # Measured in this thread's own processor time, so that other programs on the machine do not count.
        assert sorted(waits)[-3] < 0.03, sorted(waits)[-5:]
