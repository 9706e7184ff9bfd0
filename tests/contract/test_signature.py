"""Only what the gateway signed is believed."""

from __future__ import annotations

import time
import uuid

import pytest

from cellkit import signing
from cellkit.declare import Table
from cellkit.testing import Api
from cellkit.testing.cells import SIGNING_SECRET, Answer, asgi_call
from tests.contract.answers import check_error
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")


def signed(
    api: Api, method: str, target: str, *, time_ms: str | None = None, key: str = SIGNING_SECRET
) -> dict[str, str]:
    request_id, moment = str(uuid.uuid4()), time_ms or str(int(time.time() * 1000))
    return {
        "x-tenant-id": api.tenant_id,
        "x-user-id": api.user_id,
        "x-request-id": request_id,
        "x-gateway-time": moment,
        "x-gateway-signature": signing.signature(key, method, target, api.tenant_id, api.user_id, request_id, moment),
    }


async def send(api: Api, method: str, target: str, headers: dict[str, str]) -> Answer:
    return await asgi_call(api.app, method, target, headers, b"{}")


async def test_every_route_wants_a_signature(subject: Subject, cell_name: str) -> None:
    api = subject.tenant()
    for method, template in subject.routes():
        if subject.is_open(template):
            continue
        target = template.replace("{id}", str(uuid.uuid4()))
        for part in target.split("/"):
            if part.startswith("{"):
                target = target.replace(part, "x")
        headers = {"x-tenant-id": api.tenant_id, "x-user-id": api.user_id, "x-request-id": "r"}
        check_error(await send(api, method, target, headers), 403, code="SIGNATURE_INVALID")


async def test_unknown_paths_want_one_too(subject: Subject, cell_name: str) -> None:
    api = subject.tenant()
    check_error(await send(api, "GET", f"{subject.base}/nothing", {}), 403, code="SIGNATURE_INVALID")


async def test_forgeries(subject: Subject, table: type[Table]) -> None:
    api, other = subject.tenant(), subject.tenant()
    path = f"{subject.base}/{table.plural}"
    good = signed(api, "GET", path)
    assert (await send(api, "GET", path, good)).status == 200
    now = int(time.time() * 1000)
    forged = {
        "wrong key": signed(api, "GET", path, key="guess"),
        "empty key": signed(api, "GET", path, key=""),
        "key of another service": signed(api, "GET", path, key=signing.service_key(SIGNING_SECRET, "other")),
        "old": signed(api, "GET", path, time_ms=str(now - 61_000)),
        "from the future": signed(api, "GET", path, time_ms=str(now + 61_000)),
        "another path": signed(api, "GET", path + "x"),
        "another query": signed(api, "GET", path + "?limit=1"),
        "another method": signed(api, "POST", path),
        "another tenant": good | {"x-tenant-id": other.tenant_id},
        "no tenant": good | {"x-tenant-id": ""},
        "another user": good | {"x-user-id": other.user_id},
        "a service": good | {"x-user-id": "cell:erp"},
        "another request": good | {"x-request-id": str(uuid.uuid4())},
        "another time": good | {"x-gateway-time": str(int(good["x-gateway-time"]) + 1)},
        "no time": good | {"x-gateway-time": ""},
        "no number": good | {"x-gateway-time": "x"},
        "Arabic digits": good
        | {"x-gateway-time": good["x-gateway-time"].translate(str.maketrans("1", "²")).encode().decode("latin-1")},
        "no signature": good | {"x-gateway-signature": ""},
        "no version": good | {"x-gateway-signature": good["x-gateway-signature"].removeprefix("v1=")},
        "version 2": good | {"x-gateway-signature": good["x-gateway-signature"].replace("v1=", "v2=")},
        "upper case": good | {"x-gateway-signature": good["x-gateway-signature"].upper()},
        "cut": good | {"x-gateway-signature": good["x-gateway-signature"][:-1]},
        "not ASCII": good | {"x-gateway-signature": "v1=é"},
    }
    for name, headers in forged.items():
        answer = await send(api, "GET", path, headers)
        assert answer.status == 403, name
        check_error(answer, 403, code="SIGNATURE_INVALID")


async def test_signature_without_a_user_or_tenant_is_no_caller(subject: Subject, table: type[Table]) -> None:
    api = subject.tenant()
    path = f"{subject.base}/{table.plural}"
    nobody = Api(api.app, api.cell, api.source, api.tenant_id, "")
    check_error(await send(nobody, "GET", path, signed(nobody, "GET", path)), 401, 403)
    nowhere = Api(api.app, api.cell, api.source, "", api.user_id)
    check_error(await send(nowhere, "GET", path, signed(nowhere, "GET", path)), 400, 401)
    for tenant in ("x", "00000000-0000-0000-0000-000000000000", "' OR 1=1", "*"):
        strange = Api(api.app, api.cell, api.source, tenant, api.user_id)
        check_error(await send(strange, "GET", path, signed(strange, "GET", path)), 400, 401, 403)


async def test_unknown_user_is_refused(subject: Subject, table: type[Table]) -> None:
    api = subject.tenant()
    stranger = Api(api.app, api.cell, api.source, api.tenant_id, str(uuid.uuid4()))
    check_error(await stranger.get(f"/{table.plural}"), 401, code="UNAUTHORIZED")


async def test_service_token_may_only_deliver_events(subject: Subject, table: type[Table]) -> None:
    api = subject.tenant()
    service = Api(api.app, api.cell, api.source, api.tenant_id, "cell:other")
    check_error(await service.get(f"/{table.plural}"), 403, code="FORBIDDEN")
