"""The inbox: who may deliver what, and that an event takes effect once."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from cellkit.http.messages import to_json
from cellkit.testing import Api


def event(tenant: str, **changes: Any) -> dict[str, Any]:
    made = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "type": "alpha.note.created.v1",
        "source": "/cells/alpha",
        "subject": str(uuid.uuid4()),
        "time": "2026-11-22T04:00:00Z",
        "datacontenttype": "application/json",
        "tenantid": tenant,
        "partitionkey": "k",
        "actor": "",
        "data": {"text": "hello"},
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value is not ...}


async def send(beta: Api, body: dict[str, Any] | bytes, deliver: Any, *, user: str = "cell:alpha") -> Any:
    raw = body if isinstance(body, bytes) else to_json(body)
    return await deliver(beta.app, "beta", user, beta.tenant_id, raw)


async def count(beta: Api) -> int:
    return (await beta.get("/copies", total="true")).json["total"]


class TestOnce:
    async def test_second_delivery_changes_nothing(self, beta: Api, deliver: Any) -> None:
        body = event(beta.tenant_id)
        first, again = await send(beta, body, deliver), await send(beta, body, deliver)
        assert (first.status, first.json) == (200, {"status": "handled"})
        assert (again.status, again.json) == (200, {"status": "duplicate"})
        assert await count(beta) == 1

    async def test_two_at_the_same_time(self, beta: Api, deliver: Any) -> None:
        body = event(beta.tenant_id)
        answers = await asyncio.gather(*(send(beta, body, deliver) for _ in range(6)))
        assert [answer.status for answer in answers] == [200] * 6
        assert sorted(answer.json["status"] for answer in answers) == ["duplicate"] * 5 + ["handled"]
        assert await count(beta) == 1

    async def test_effect_and_mark_are_one_transaction(self, world: Any, beta: Api, deliver: Any) -> None:
        refused = await send(beta, event(beta.tenant_id, data={"text": "poison"}), deliver)
        assert (refused.status, refused.json["code"]) == (422, "POISONOUS")
        broken = await send(beta, event(beta.tenant_id, data={"text": "crash"}), deliver)
        assert (broken.status, broken.json["code"]) == (500, "INTERNAL")
        assert await count(beta) == 0
        for table in ("kit_inbox", "kit_audit", "kit_outbox"):
            assert world.count("beta", table) == 0, table

    async def test_same_id_of_another_tenant_is_another_event(self, beta: Api, deliver: Any) -> None:
        body = event(beta.tenant_id)
        assert (await send(beta, body, deliver)).json["status"] == "handled"
        other = beta.tenant_b
        body["tenantid"] = other.tenant_id
        assert (await send(other, body, deliver)).json["status"] == "handled"
        assert (await count(beta), await count(other)) == (1, 1)

    async def test_effect_is_recorded_under_the_delivering_cell(self, beta: Api, deliver: Any) -> None:
        await send(beta, event(beta.tenant_id), deliver)
        entry = (await beta.get("/_audit")).json["items"][0]
        assert (entry["action"], entry["user_id"]) == ("beta.copy.create", "cell:alpha")


class TestRefusals:
    async def test_only_cells_may_deliver(self, beta: Api, deliver: Any) -> None:
        administrator = await beta.post("/_inbox", event(beta.tenant_id))
        assert (administrator.status, administrator.json["code"]) == (403, "FORBIDDEN")
        granted = beta.as_user(["service.inbox.deliver"])
        assert (await granted.post("/_inbox", event(beta.tenant_id))).status == 403
        assert await count(beta) == 0

    async def test_foreign_events(self, beta: Api, deliver: Any) -> None:
        for changes, user in (
            ({"tenantid": str(uuid.uuid4())}, "cell:alpha"),
            ({}, "cell:gamma"),
            ({"source": "/cells/gamma"}, "cell:gamma"),
            ({"source": "/cells/gamma"}, "cell:alpha"),
        ):
            answer = await send(beta, event(beta.tenant_id, **changes), deliver, user=user)
            assert (answer.status, answer.json["code"]) == (403, "FORBIDDEN"), (changes, user)
        assert await count(beta) == 0

    async def test_not_an_event(self, beta: Api, deliver: Any) -> None:
        for field, value in (
            ("specversion", "0.3"), ("id", ...), ("id", 7), ("id", ""), ("id", "x" * 201), ("source", None),
            ("type", "Created"), ("subject", ...), ("time", "yesterday"), ("time", "2026-11-22T04:00:00"),
            ("time", 5), ("tenantid", "t1"), ("data", [1]), ("data", ...), ("datacontenttype", "text/xml"),
            ("actor", 1),
        ):  # fmt: skip
            answer = await send(beta, event(beta.tenant_id, **{field: value}), deliver)
            assert (answer.status, answer.json["code"]) == (422, "VALIDATION_FAILED"), (field, value, answer.body)
            assert field in {item["field"] for item in answer.json["details"]}
        for raw in (b"", b"[]", b"{", b'{"id":"\\u0000"}', b"\xff"):
            assert (await send(beta, raw, deliver)).status in {400, 422}, raw
        assert await count(beta) == 0

    async def test_type_without_a_handler_comes_again(self, world: Any, beta: Api, deliver: Any) -> None:
        answer = await send(beta, event(beta.tenant_id, type="alpha.note.sent.v1"), deliver)
        assert (answer.status, answer.json["code"]) == (422, "EVENT_TYPE_UNKNOWN")
        assert world.query("beta", "SELECT count(*) FROM kit_inbox") == ["0"]
