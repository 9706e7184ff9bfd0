"""Headers that every answer carries, good or bad."""

from __future__ import annotations

import pytest

from cellkit.declare import Table
from cellkit.testing import Api
from tests.contract.answers import check_error, check_headers
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def api(subject: Subject) -> Api:
    return subject.tenant()


async def test_success_carries_them(api: Api, subject: Subject, table: type[Table]) -> None:
    answer = await api.call("GET", f"/{table.plural}", request_id="abc.1:2-3_4")
    assert answer.status == 200
    check_headers(answer, "abc.1:2-3_4")
    assert answer.headers["content-type"].startswith("application/json")
    assert set(answer.json) == {"items", "next", "total"}


@pytest.mark.parametrize("path", ["/nothing-here", "/nothing/../here", "/%00", "/_nothing"])
async def test_unknown_path_carries_them(api: Api, cell_name: str, path: str) -> None:
    answer = await api.call("GET", path, request_id="unknown-path")
    check_error(answer, 400, 404)
    check_headers(answer, "unknown-path")


async def test_wrong_method_carries_them(api: Api, table: type[Table]) -> None:
    for method, path in (("PUT", f"/{table.plural}"), ("DELETE", f"/{table.plural}"), ("TRACE", f"/{table.plural}/x")):
        check_error(await api.call(method, path), 405, code="METHOD_NOT_ALLOWED")


async def test_request_id_is_made_when_missing(api: Api, subject: Subject, cell_name: str) -> None:
    answer = await api.call("GET", "/health", sign=False, headers={"x-request-id": ""})
    check_headers(answer)
    other = await api.call("GET", "/health", sign=False, headers={"x-request-id": ""})
    assert answer.headers["x-request-id"] != other.headers["x-request-id"]


@pytest.mark.parametrize("given", ["a b", "a/b", "x" * 129, "中", "a\tb", "<script>"])
async def test_bad_request_id_is_refused(api: Api, cell_name: str, table: type[Table], given: str) -> None:
    header = given.encode().decode("latin-1")
    answer = await api.call("GET", f"/{table.plural}", headers={"x-request-id": header})
    error = check_error(answer, 400, code="BAD_REQUEST")
    assert error["requestId"] != given


async def test_trace_context_is_kept_or_made(api: Api, table: type[Table]) -> None:
    answer = await api.call("GET", f"/{table.plural}", headers={"traceparent": TRACE})
    assert answer.headers["traceparent"] == TRACE
    for wrong in ("", "00-1-2-3", "x" * 5000, TRACE.upper()):
        answer = await api.call("GET", f"/{table.plural}", headers={"traceparent": wrong})
        check_headers(answer)
        assert answer.headers["traceparent"] != wrong


async def test_language_of_messages(api: Api, table: type[Table]) -> None:
    path = f"/{table.plural}/0192f6a0-0000-7000-8000-000000000001"
    texts = {}
    for language in ("zh-CN", "en-US", "", "fr", "en-GB,en;q=0.9"):
        answer = await api.call("GET", path, headers={"accept-language": language})
        texts[language] = check_error(answer, 404)["message"]
    assert any("\u4e00" <= character <= "\u9fff" for character in texts["zh-CN"])
    assert texts["en-US"].isascii()
    assert texts["en-GB,en;q=0.9"] == texts["en-US"]
    assert texts[""] == texts["fr"] == texts["zh-CN"]
