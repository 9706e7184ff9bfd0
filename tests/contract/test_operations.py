"""What operators and tools ask of a cell's own port: health, readiness, metrics, documents. None tells a secret."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from cellkit.testing import Api
from cellkit.testing.cells import ENCRYPTION_KEYS, SIGNING_SECRET, test_settings
from cellkit.testing.postgres import Cluster
from tests.contract.answers import check_error, check_headers
from tests.contract.discovery import load
from tests.contract.samples import Samples
from tests.contract.subject import Subject, open_subject

pytestmark = pytest.mark.asyncio(loop_scope="session")
OPEN_PATHS = ("/health", "/ready", "/metrics", "/openapi.json", "/docs", "/_meta")


@pytest_asyncio.fixture(loop_scope="session")
async def busy(subject: Subject, samples: Samples) -> Api:
    """A caller who has left something in the counters."""
    for table in subject.cell.documents:
        page = (await samples.api.get(f"/{table.plural}")).json
        await samples.api.get(f"/{table.plural}/{uuid.uuid4()}")
        assert page["items"] == [] or page["items"][0]["id"]
    await samples.api.get("/no-such-path")
    return samples.api


@pytest.mark.parametrize("path", OPEN_PATHS)
async def test_needs_no_signature(subject: Subject, busy: Api, cell_name: str, path: str) -> None:
    answer = await busy.call("GET", path, sign=False, headers={"x-tenant-id": "", "x-user-id": ""})
    assert answer.status == 200
    check_headers(answer)
    check_error(await busy.call("POST", path, sign=False), 405)


@pytest.mark.parametrize("path", OPEN_PATHS)
async def test_tells_no_secret(subject: Subject, busy: Api, cell_name: str, path: str) -> None:
    password = re.findall(r"://[^:]+:([^@]+)@", subject.urls.app)[0]
    answer = await busy.call("GET", path, sign=False)
    text = answer.body.decode() + str(answer.headers)
    for secret in (SIGNING_SECRET, ENCRYPTION_KEYS, ENCRYPTION_KEYS.partition(":")[2], password, "postgresql://"):
        assert secret not in text
    assert busy.tenant_id not in text
    assert busy.user_id not in text


async def test_health_and_ready(busy: Api, cell_name: str) -> None:
    assert (await busy.call("GET", "/health", sign=False)).json["status"] == "up"
    assert (await busy.call("GET", "/ready", sign=False)).json["status"] == "ready"


async def test_metrics_name_templates_not_rows(subject: Subject, busy: Api, cell_name: str) -> None:
    text = (await busy.call("GET", "/metrics", sign=False)).body.decode()
    assert not re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", text)
    assert "no-such-path" not in text
    for table in subject.cell.documents:
        assert f'{subject.base}/{table.plural}/{{id}}"' in text, table.key
    assert "# TYPE" in text


async def test_metadata_names_everything_declared(subject: Subject, busy: Api, cell_name: str) -> None:
    told = (await busy.call("GET", "/_meta", sign=False)).json
    assert told["name"] == subject.name
    assert {item["key"] for item in told["entities"]} == {table.key for table in subject.cell.documents}
    assert {item["name"] for item in told["reports"]} == {item.name for item in subject.cell.reports}
    assert {item["type"] for item in told["subscribes"]} == {item.type for item in subject.cell.handlers}
    for item in (*told["entities"], *told["menus"], *told["reports"], told):
        assert item["label"]["zh"]
        assert item["label"]["en"]
    assert len(told["permissions"]) == len(set(told["permissions"]))
    for language in ("zh-CN", "en-US"):
        shown = (await busy.call("GET", subject.base + "/_meta", headers={"accept-language": language})).json
        for entity in shown["entities"]:
            for item in (entity, *entity["fields"], *entity.get("actions", ()), *entity.get("states", ())):
                assert item["label"], (entity["key"], item)
    tag = (await busy.call("GET", subject.base + "/_meta")).headers["etag"]
    assert (await busy.call("GET", subject.base + "/_meta", headers={"if-none-match": tag})).status == 304


@pytest_asyncio.fixture(loop_scope="session")
async def stranded(cell_name: str) -> AsyncIterator[Subject]:
    """The cell on a database server that has just gone away."""
    cluster = await asyncio.to_thread(Cluster().start)
    subject = None
    try:
        urls = await asyncio.to_thread(cluster.create_database, "stranded")
        subject = await open_subject(cell_name, test_settings(load(cell_name).name, urls.owner, urls.app), urls)
        assert (await subject.tenant().call("GET", "/ready", sign=False)).status == 200
        await asyncio.to_thread(cluster.stop)
        yield subject
    finally:
        await asyncio.to_thread(cluster.stop)
        if subject is not None:
            await subject.close()


async def test_without_a_database(stranded: Subject, cell_name: str) -> None:
    """Not ready, but alive; requests are refused as unavailable with a time to come back."""
    api = stranded.tenant()
    error = check_error(await api.call("GET", "/ready", sign=False), 503, code="UNAVAILABLE")
    assert "database" in error["details"]
    password = re.findall(r"://[^:]+:([^@]+)@", stranded.urls.app)[0]
    assert password not in str(error)
    for path in ("/health", "/metrics", "/openapi.json", "/_meta", "/docs"):
        assert (await api.call("GET", path, sign=False)).status == 200, path
    for table in stranded.cell.documents:
        for method, suffix, body in (
            ("GET", "", None),
            ("GET", f"/{uuid.uuid4()}", None),
            ("DELETE", f"/{uuid.uuid4()}", None),
        ):
            if method == "DELETE" and table.kind != "document":
                continue
            answer = await api.call(method, f"/{table.plural}{suffix}", body)
            check_error(answer, 503, code="UNAVAILABLE")
