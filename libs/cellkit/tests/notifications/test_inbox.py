"""The inbox: notices in the work's transaction, read by their own user only, through his projection."""

import uuid
from typing import Any

import pytest

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def ticket(api: Api, **values: Any) -> Any:
    client = await api.must("POST", "/clients", {"name": "甲公司"})
    return await api.must(
        "POST",
        "/tickets",
        {
            "subject": "打印机",
            "price": "12.50",
            "mobile": "13812345678",
            "card": "6222020200112345",
            "client_id": client["id"],
            **values,
        },
    )


async def told(api: Api, reader: Api, **parameters: Any) -> dict[str, Any]:
    made = await ticket(api)
    await api.must("POST", f"/tickets/{made['id']}/tell", {"user": reader.user_id, **parameters})
    return made


class TestList:
    async def test_a_notice_reaches_each_user_once_in_his_language(self, api: Api) -> None:
        reader = api.as_user()
        made = await told(api, reader)
        page = await reader.must("GET", "/_notifications")
        [item] = page["items"]
        assert item["title"] == f"工单 {made['number']}"
        assert item["link"] == f"/desk/tickets/{made['id']}"
        assert (item["entity"], item["entity_id"], item["kind"]) == ("desk.ticket", made["id"], "desk.ticket.told")
        reader.language = "en-US"
        [item] = (await reader.must("GET", "/_notifications"))["items"]
        assert item["text"] == "打印机: 12.50, 138****5678, **** **** 2345, 甲公司, Open, 张三, —"
        assert len((await api.must("GET", "/_notifications"))["items"]) == 1

    async def test_what_the_reader_sees_masked_or_not_at_all_stays_so(self, api: Api) -> None:
        reader = api.as_user(["desk.ticket.read"], field_rules={"desk.ticket.price": "hide"})
        await told(api, reader)
        [item] = (await reader.must("GET", "/_notifications"))["items"]
        assert item["text"] == "打印机：—，138****5678，**** **** 2345，—，待处理，张三，—"

    async def test_a_document_out_of_reach_is_not_told_of(self, api: Api) -> None:
        for reader in (api.as_user([]), api.as_user(["desk.*"], scope="self")):
            await told(api, reader)
            [item] = (await reader.must("GET", "/_notifications"))["items"]
            assert item["restricted"]
            assert item["title"] == "工单 —"
            assert item["text"] is None
            assert item["link"] is None

    async def test_rights_taken_away_count_for_old_notices(self, api: Api) -> None:
        reader = api.as_user()
        await told(api, reader)
        reader = api.as_user(["desk.ticket.read"], user_id=reader.user_id, field_rules={"desk.ticket.subject": "hide"})
        [item] = (await reader.must("GET", "/_notifications"))["items"]
        assert item["text"].startswith("—：12.50，138****5678")

    async def test_a_deleted_document_is_told_of_as_it_was(self, api: Api) -> None:
        reader = api.as_user()
        made = await told(api, reader)
        await api.must("DELETE", f"/tickets/{made['id']}")
        [item] = (await reader.must("GET", "/_notifications"))["items"]
        assert item["title"] == f"工单 {made['number']}"
        stranger = api.as_user(["desk.ticket.read"], scope="self", user_id=reader.user_id)
        [item] = (await stranger.must("GET", "/_notifications"))["items"]
        assert item["title"] == "工单 —"

    async def test_pages_states_and_kinds(self, api: Api) -> None:
        reader = api.as_user()
        for _ in range(3):
            await told(api, reader)
        first = await reader.must("GET", "/_notifications?limit=2&total=true")
        assert first["total"] == 3
        rest = await reader.must("GET", f"/_notifications?limit=2&cursor={first['next']}")
        ids = [item["id"] for item in first["items"] + rest["items"]]
        assert ids == sorted(ids, reverse=True)
        assert len(set(ids)) == 3
        assert rest["next"] is None
        assert len((await reader.must("GET", "/_notifications?kind=desk.*"))["items"]) == 3
        assert (await reader.must("GET", "/_notifications?kind=desk.other"))["items"] == []
        for query in ("state=x", "colour=red", "kind=%25", "limit=0", "cursor=zz"):
            assert (await reader.get(f"/_notifications?{query}")).status == 400

    async def test_only_ones_own(self, api: Api) -> None:
        reader, other = api.as_user(), api.as_user()
        await told(api, reader)
        [item] = (await reader.must("GET", "/_notifications"))["items"]
        for stranger in (other, api.tenant_b.as_user(user_id=reader.user_id)):
            assert (await stranger.must("GET", "/_notifications"))["items"] == []
            assert (await stranger.get(f"/_notifications/{item['id']}")).status == 404
            assert (await stranger.post(f"/_notifications/{item['id']}/read")).status == 404
            assert (await stranger.must("POST", "/_notifications/read", {"ids": [item["id"]]})) == {"read": 0}
        assert (await reader.must("GET", "/_notifications/unread-count"))["unread"] == 1


class TestReading:
    async def test_read_one_many_and_all(self, api: Api) -> None:
        reader = api.as_user()
        for _ in range(4):
            await told(api, reader)
        ids = [item["id"] for item in (await reader.must("GET", "/_notifications"))["items"]]
        assert (await reader.must("POST", f"/_notifications/{ids[0]}/read"))["read_at"]
        assert await reader.must("POST", "/_notifications/read", {"ids": ids[:2]}) == {"read": 1}
        assert await reader.must("GET", "/_notifications/unread-count") == {
            "unread": 2, "must_read": 0, "capped": False,
        }  # fmt: skip
        assert await reader.must("POST", "/_notifications/read", {"all": True, "kind": "desk.nothing"}) == {"read": 0}
        assert await reader.must("POST", "/_notifications/read", {"all": True}) == {"read": 2}
        assert (await reader.must("GET", "/_notifications?state=unread"))["items"] == []

    async def test_must_read_waits_for_a_confirmation_that_is_audited(self, api: Api) -> None:
        reader = api.as_user()
        await told(api, reader, must="yes")
        [item] = (await reader.must("GET", "/_notifications?state=must-read"))["items"]
        assert (await reader.post(f"/_notifications/{item['id']}/read")).status == 409
        assert (await reader.post(f"/_notifications/{item['id']}/archive")).status == 409
        assert await reader.must("POST", "/_notifications/read", {"all": True}) == {"read": 0}
        assert (await reader.must("GET", "/_notifications/unread-count"))["must_read"] == 1
        assert (await reader.must("POST", f"/_notifications/{item['id']}/confirm"))["confirmed_at"]
        assert (await reader.must("GET", "/_notifications?state=must-read"))["items"] == []
        entries = await api.must("GET", f"/_audit?entity_id={item['id']}")
        assert [entry["action"] for entry in entries["items"]] == ["desk.notification.confirm"]

    async def test_archive_and_back(self, api: Api) -> None:
        reader = api.as_user()
        await told(api, reader)
        [item] = (await reader.must("GET", "/_notifications"))["items"]
        await reader.must("POST", f"/_notifications/{item['id']}/archive")
        assert (await reader.must("GET", "/_notifications"))["items"] == []
        assert len((await reader.must("GET", "/_notifications?state=archived"))["items"]) == 1
        await reader.must("POST", f"/_notifications/{item['id']}/restore")
        assert len((await reader.must("GET", "/_notifications"))["items"]) == 1

    async def test_what_makes_no_sense_is_refused(self, api: Api) -> None:
        for body in (
            {},
            {"ids": []},
            {"ids": ["x"]},
            {"all": False},
            {"ids": [str(uuid.uuid4())], "all": True},
            {"x": 1},
        ):
            assert (await api.post("/_notifications/read", body)).status == 422
        assert (await api.get("/_notifications/nothing")).status == 404

    async def test_a_failed_action_notifies_nobody(self, api: Api) -> None:
        reader = api.as_user()
        made = await told(api, reader)
        answer = await api.post(f"/tickets/{made['id']}/tell", {"user": reader.user_id, "version": 99})
        assert answer.status == 409
        assert len((await reader.must("GET", "/_notifications"))["items"]) == 1


class TestPreferences:
    async def test_are_kept_and_checked(self, api: Api) -> None:
        assert (await api.must("GET", "/_notifications/preferences"))["digest"] == "immediate"
        wanted = {
            "channels": {"email": True},
            "kinds": {"desk.*": {"email": False}},
            "quiet": {"from": "22:00", "to": "08:00"},
            "digest": "daily",
            "digest_at": "18:30",
            "email": "zhang.san@example.com",
        }
        assert await api.must("PUT", "/_notifications/preferences", wanted) == wanted
        assert await api.must("GET", "/_notifications/preferences") == wanted
        wrong = {
            "channels": {"email": 1}, "kinds": [], "quiet": {"from": "25:00", "to": "x"}, "digest": "weekly",
            "digest_at": "9", "email": "a@b\r\nBcc: x@y.z", "colour": "red",
        }  # fmt: skip
        answer = await api.call("PUT", "/_notifications/preferences", wrong)
        assert answer.status == 422
        assert {item["field"] for item in answer.json["details"]} == set(wrong)
