"""Data scopes on writes, references, titles, kept answers, the console: nothing out of reach, nothing hidden."""

import json
import uuid
from typing import Any

import pytest

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def customer(api: Api, name: str = "甲公司") -> Any:
    return await api.must("POST", "/customers", {"name": name})


async def order(api: Api, **values: Any) -> Any:
    return await api.must("POST", "/orders", {"subject": "主题", **values})


class TestReferences:
    async def test_rows_out_of_reach_are_not_there(self, api: Api) -> None:
        theirs, nobodys = await customer(api), str(uuid.uuid4())
        user = api.as_user(["guard.*"], scope="self")
        own = await customer(user)
        answers = []
        for identity in (theirs["id"], nobodys):
            answer = await user.post("/orders", {"subject": "x", "customer_id": identity})
            assert answer.status == 422
            answers.append(answer.json["details"])
        assert answers[0] == answers[1]
        lines = [{"customer_id": own["id"]}, {"customer_id": theirs["id"]}]
        answer = await user.post("/orders", {"subject": "x", "lines": lines})
        assert [item["field"] for item in answer.json["details"]] == ["lines[1].customer_id"]
        made = await order(user, customer_id=own["id"], lines=[{"customer_id": own["id"]}])
        answer = await user.patch(f"/orders/{made['id']}", {"customer_id": theirs["id"], "version": 1})
        assert answer.status == 422

    async def test_what_others_chose_may_stay(self, api: Api) -> None:
        theirs = await customer(api)
        made = await order(api, customer_id=theirs["id"], lines=[{"customer_id": theirs["id"], "price": "1"}])
        user = api.as_user(["guard.order.*"], scopes={"guard.order": "all", "*": "self"})
        line = made["lines"][0]
        changed = await user.must(
            "PATCH", f"/orders/{made['id']}",
            {
                "subject": "改", "customer_id": theirs["id"], "version": 1,
                "lines": [{"id": line["id"], "customer_id": theirs["id"], "price": "2"}],
            },
        )  # fmt: skip
        assert changed["lines"][0]["price"] == "2.00"

    async def test_imports_find_no_more(self, api: Api) -> None:
        theirs = await customer(api)
        user = api.as_user(["guard.*"], scope="self")
        body = f"subject,customer_id\nx,{theirs['id']}\n".encode()
        answer = await user.call("POST", "/imports/orders", body, headers={"content-type": "text/csv"})
        assert answer.status == 422
        assert answer.json["details"][0]["field"] == "customer_id"


class TestTitles:
    async def test_a_title_that_is_hidden_is_no_label(self, api: Api) -> None:
        theirs = await customer(api, "保密公司")
        made = await order(api, customer_id=theirs["id"], lines=[{"customer_id": theirs["id"]}])
        assert (await api.must("GET", f"/orders/{made['id']}"))["customer_label"] == "保密公司"
        for rule in ("hide", "mask"):
            user = api.as_user(["guard.*"], field_rules={"guard.customer.name": rule})
            for path in (f"/orders/{made['id']}", "/orders", "/exports/orders?format=csv&lines=true"):
                answer = await user.get(path)
                assert answer.status == 200
                assert "保密公司" not in answer.body.decode(), (rule, path)


class TestOwners:
    async def test_no_client_chooses_owner_or_department(self, api: Api) -> None:
        for extra in (
            {"owner_id": "x"},
            {"department_id": "x"},
            {"created_by": "x"},
            {"source": "x"},
            {"state": "open"},
        ):
            assert (await api.post("/orders", {"subject": "x", **extra})).status == 422
            made = await order(api)
            assert (await api.patch(f"/orders/{made['id']}", {"version": 1, **extra})).status == 422

    async def test_rows_out_of_scope_are_not_there_for_any_verb(self, api: Api) -> None:
        made = await order(api)
        user = api.as_user(["guard.*"], scope="self")
        place = f"/orders/{made['id']}"
        assert (await user.get(place)).status == 404
        assert (await user.patch(place, {"version": 1, "subject": "x"})).status == 404
        assert (await user.delete(place, version=1)).status == 404
        assert (await user.post(f"{place}/submit")).status == 404
        assert (await user.post(f"{place}/reveal", {"fields": ["mobile"], "reason": "核对号码"})).status == 404
        assert (await user.must("GET", "/orders"))["items"] == []


class TestKeptAnswers:
    async def test_a_repeat_shows_what_may_be_seen_now(self, api: Api) -> None:
        user = api.as_user(["guard.*"])
        body = {"subject": "主题", "price": "77.77", "lines": [{"price": "88.88"}]}
        first = await user.post("/orders", body, request_id="the-same")
        assert first.json["price"] == "77.77"
        rules = {"guard.order.price": "hide", "guard.order.lines.price": "hide"}
        user = api.as_user(["guard.*"], user_id=user.user_id, field_rules=rules)
        again = await user.post("/orders", body, request_id="the-same")
        assert again.headers["idempotent-replay"] == "true"
        assert "77.77" not in again.body.decode()
        assert "88.88" not in again.body.decode()

    async def test_a_repeat_of_an_action_too(self, api: Api) -> None:
        user = api.as_user(["guard.*"])
        made = await order(user, price="77.77")
        first = await user.post(f"/orders/{made['id']}/mark", request_id="mark-1")
        assert first.json["price"] == "77.77"
        user = api.as_user(["guard.*"], user_id=user.user_id, field_rules={"guard.order.price": "hide"})
        again = await user.post(f"/orders/{made['id']}/mark", request_id="mark-1")
        assert again.headers["idempotent-replay"] == "true"
        assert "77.77" not in again.body.decode()
        user = api.as_user(["guard.order.read"], user_id=user.user_id)
        assert (await user.post(f"/orders/{made['id']}/mark", request_id="mark-1")).status == 403


class TestLines:
    async def test_a_mask_sent_back_changes_nothing(self, api: Api) -> None:
        made = await order(api, lines=[{"phone": "13812345678", "price": "1"}])
        shown = made["lines"][0]
        assert shown["phone"] == "138****5678"
        changed = {"version": 1, "lines": [{"id": shown["id"], "phone": shown["phone"], "price": "2"}]}
        await api.must("PATCH", f"/orders/{made['id']}", changed)
        clear = api.as_user(["guard.*"], field_rules={"guard.order.lines.phone": "edit"})
        assert (await clear.must("GET", f"/orders/{made['id']}"))["lines"][0]["phone"] == "13812345678"

    async def test_hidden_line_fields_survive_a_change_by_who_cannot_see_them(self, api: Api) -> None:
        made = await order(api, lines=[{"phone": "13812345678", "price": "12.34"}])
        user = api.as_user(["guard.*"], field_rules={"guard.order.lines.price": "hide"})
        line = (await user.must("GET", f"/orders/{made['id']}"))["lines"][0]
        assert "price" not in line
        await user.must("PATCH", f"/orders/{made['id']}", {"version": 1, "lines": [{"id": line["id"], "phone": "1"}]})
        assert (await api.must("GET", f"/orders/{made['id']}"))["lines"][0]["price"] == "12.34"


class TestConsole:
    async def test_audit_and_dead_letters_keep_field_rules(self, api: Api, cell_app: Any) -> None:
        made = await order(api, price="77.77")
        await api.must("PATCH", f"/orders/{made['id']}", {"version": 1, "price": "88.88"})
        async with cell_app.engine.database.session(api.tenant_id) as connection:
            await connection.execute(
                "INSERT INTO kit_delivery (tenant_id, event_id, subscriber, position, partition_key, state, next_at) "
                "SELECT tenant_id, id, 'crm', position, partition_key, 'dead', now() "
                "FROM kit_outbox WHERE tenant_id = $1",
                uuid.UUID(api.tenant_id),
            )
        held = ["guard.order.read", "guard.audit.read", "guard.outbox.read"]
        user = api.as_user(held, field_rules={"guard.order.price": "hide"})
        for path in ("/_audit", "/_outbox/dead-letters"):
            answer = await user.get(path)
            assert answer.json["items"]
            assert "77.77" not in answer.body.decode(), path
            assert "88.88" not in answer.body.decode(), path
            assert "77.77" in (await api.get(path)).body.decode(), path
        stranger = api.as_user(["guard.outbox.read"])
        letters = await stranger.must("GET", "/_outbox/dead-letters")
        assert "77.77" not in json.dumps(letters)


class TestMenus:
    async def test_meta_shows_what_may_be_entered(self, api: Api) -> None:
        user = api.as_user(["guard.customer.read"], field_rules={"guard.customer.mobile": "hide"})
        meta = await user.must("GET", "/api/v1/guard/_meta")
        assert [item["key"] for item in meta["entities"]] == ["guard.customer"]
        assert [item["name"] for item in meta["entities"][0]["fields"]] == ["name"]
        assert meta["entities"][0]["permissions"] == ["read"]
