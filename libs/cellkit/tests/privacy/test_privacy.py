# ruff: noqa: S608 - a test's own texts
"""Keys per tenant, reveal, search, copies, erasure, retention: on a real database, told by what is stored."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from uuid import UUID

import pytest

from cellkit.context import Caller
from cellkit.jobs.context import JobContext
from cellkit.masks import is_mask, mask
from cellkit.privacy.erasing import remove_expired
from cellkit.secrets import KeyRing
from cellkit.settings import SettingsError
from cellkit.testing import Api, Clock

PERSON = {
    "code": "P1", "name": "王小明", "hobby": "围棋", "mobile": "13812345678", "id_card": "11010519491231002X",
    "email": "ming@example.com", "plate": "京A12345", "age": 42, "level": "gold",
    "phones": [{"phone": "13900001111", "note": "家"}],
}  # fmt: skip
KEY_1 = "test:" + base64.b64encode(bytes(range(32))).decode()
KEY_2 = "second:" + base64.b64encode(bytes(range(1, 33))).decode()


async def person(api: Api, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.must("POST", "/persons", PERSON | values, 201)
    return made


async def reveal(api: Api, identity: str, *fields: str) -> Any:
    return (await api.must("POST", f"/persons/{identity}/reveal", {"fields": fields, "reason": "回访"}))["values"]


async def finished(api: Api, identity: str) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            found: dict[str, Any] = await api.must("GET", f"/_jobs/{identity}")
            if found["state"] not in ("waiting", "running"):
                assert found["state"] == "succeeded", found
                return found
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("mobile", "13812345678", "138****5678"),
        ("email", "ming@example.com", "m***@example.com"),
        ("id_card", "11010519491231002X", "1101**********002X"),
        ("bank", "6222020200012345678", "**** **** 5678"),
        ("name", "王小明", "王**"),
        ("address", "浙江省杭州市西湖区文三路 1 号", "浙江省杭州市****"),
        ("plate", "京A12345", "京A****5"),
        ("all", "x", "****"),
        ("keep:3,4", "ABCDEFGHIJ", "ABC****GHIJ"),
        ("keep:3,4", "ABCDEFG", "****"),
        ("keep:2,0", "ABCDEFG", "AB****"),
        ("nonsense", "ABCDEFG", "****"),
    ],
)
def test_masks(kind: str, text: str, shown: str) -> None:
    assert mask(kind, text) == shown
    assert mask(kind, shown) == shown, "twice is as once"
    assert is_mask(kind) == (kind != "nonsense")


class TestReveal:
    async def test_reads_stay_masked_and_a_reason_shows_one_document(self, api: Api) -> None:
        made = await person(api)
        shown = (await api.get(f"/persons/{made['id']}")).json
        assert (shown["mobile"], shown["plate"], shown["level"]) == ("138****5678", "京A****5", "g****")
        assert shown["phones"][0]["phone"] == "139****1111"
        assert shown["name"] == "王小明"
        values = await reveal(api, made["id"], "mobile", "age", "phones.phone")
        assert (values["mobile"], values["age"]) == ("13812345678", 42)
        assert [line["phone"] for line in values["phones"]] == ["13900001111"]
        entry = (await api.get("/_audit", action="people.person.reveal")).json["items"][0]
        assert entry["after"] == {"fields": ["mobile", "age", "phones.phone"], "reason": "回访"}
        assert entry["entity_id"] == made["id"]
        found = await api.get("/persons", filter={"mobile": "138 1234 5678"})
        assert [row["id"] for row in found.json["items"]] == [made["id"]]

    async def test_is_refused_without_right_reason_or_mask(self, api: Api) -> None:
        made = await person(api)
        place = f"/persons/{made['id']}/reveal"
        clerk = api.as_user(["people.person.read"])
        body = {"fields": ["mobile"], "reason": "回访"}
        assert (await clerk.post(place, body)).status == 403
        for wrong in (
            {"fields": ["mobile"]}, {"fields": [], "reason": "回访"}, {"reason": "回访"}, {**body, "x": 1},
            {"fields": ["name"], "reason": "回访"}, {"fields": ["phones.note"], "reason": "回访"},
            {"fields": ["nothing"], "reason": "回访"}, {"fields": ["mobile"], "reason": " "},
        ):  # fmt: skip
            answer = await api.post(place, wrong)
            assert (answer.status, answer.json["code"]) == (422, "VALIDATION_FAILED"), wrong
        masked = api.as_user(["people.*"], field_rules={"people.person.mobile": "mask"})
        assert (await masked.post(place, body)).status == 422
        assert (await api.as_user(["people.*"], scope="self").post(place, body)).status == 404
        assert (await api.tenant_b.post(place, body)).status == 404
        meta = (await masked.get("/api/v1/people/_meta")).json["entities"]
        fields = next(item for item in meta if item["key"] == "people.person")["fields"]
        assert {item["name"]: item["revealable"] for item in fields}["email"] is True
        assert {item["name"]: item["revealable"] for item in fields}["mobile"] is False

    async def test_is_limited_per_user_and_hour(self, start: Any) -> None:
        api = await start(REVEALS_PER_HOUR="2")
        made = await person(api)
        body = {"fields": ["mobile"], "reason": "回访"}
        place = f"/persons/{made['id']}/reveal"
        assert [(await api.post(place, body)).status for _ in range(3)] == [200, 200, 429]
        answer = await api.post(place, body)
        assert 0 < int(answer.headers["retry-after"]) <= 3600
        assert (await api.as_user().post(place, body)).status == 200
        entries = (await api.get("/_audit", action="people.person.reveal")).json["items"]
        assert len(entries) == 3


class TestKeys:
    async def test_each_tenant_has_its_own_and_ciphers_mix(self, start: Any, sql: Any) -> None:
        api = await start()
        made = await person(api)
        stored = sql(f"SELECT mobile FROM people_person WHERE id = '{made['id']}'")[0]
        assert stored.startswith("v2:a:1:")
        chinese = await start(api.tenant_id, FIELD_CIPHER="sm4-gcm")
        second = await person(chinese, code="P2", mobile="13900000002")
        assert sql(f"SELECT mobile FROM people_person WHERE id = '{second['id']}'")[0].startswith("v2:s:1:")
        assert (await reveal(chinese, made["id"], "mobile"))["mobile"] == "13812345678"
        assert (await reveal(api, second["id"], "mobile"))["mobile"] == "13900000002"
        # Another tenant's key opens nothing, even if a row's tenant were rewritten.
        other = await person(api.tenant_b, code="P3")
        sql(f"UPDATE people_person SET mobile = '{stored}' WHERE id = '{other['id']}'")
        assert (
            await api.tenant_b.post(f"/persons/{other['id']}/reveal", {"fields": ["mobile"], "reason": "回访"})
        ).status == 500
        with pytest.raises(SettingsError, match="FIELD_CIPHER"):
            await start(FIELD_CIPHER="rot13")

    async def test_what_the_master_key_encrypted_stays_readable_and_findable(self, start: Any, sql: Any) -> None:
        """Rows from before tenants had keys of their own: their blind indexes count on."""
        api = await start()
        made = await person(api)
        tenant, ring = api.tenant_id, KeyRing.parse(KEY_1)
        place = "people_person.mobile"
        old, index = ring.encrypt("13712345678", tenant, place), ring.blind_index("13712345678", tenant, place)
        sql(
            f"UPDATE people_person SET mobile = '{old}', mobile_blind = decode('{index.hex()}', 'hex') "
            f"WHERE id = '{made['id']}'; DELETE FROM kit_tenant_key WHERE tenant_id = '{tenant}'"
        )
        sql(f"UPDATE people_person SET id_card = NULL, plate = NULL, age = NULL WHERE id = '{made['id']}'")
        sql(f"DELETE FROM people_person_phone WHERE tenant_id = '{tenant}'; DELETE FROM kit_audit_key")
        fresh = await start(tenant)
        assert (await reveal(fresh, made["id"], "mobile"))["mobile"] == "13712345678"
        assert len((await fresh.get("/persons", filter={"mobile": "13712345678"})).json["items"]) == 1
        second = await person(fresh, code="P2", mobile="13712345678")
        assert len((await fresh.get("/persons", filter={"mobile": "13712345678"})).json["items"]) == 2
        destroying = {"confirm": tenant, "reason": "租户注销"}
        assert (await fresh.post("/_privacy/keys/destroy", destroying)).status == 409
        job = await fresh.must("POST", "/_privacy/keys/rotate", {"reason": "升级"}, 202)
        assert (await finished(fresh, job["jobId"]))["result"]["encrypted"] == 1
        assert sql(f"SELECT mobile FROM people_person WHERE id = '{made['id']}'")[0].startswith("v2:a:1:")
        assert second["code"] == "P2"

    async def test_rotation_of_master_and_data_keys(self, start: Any, sql: Any) -> None:
        api = await start()
        rows = [await person(api, code=f"P{number}", mobile=f"1380000000{number}") for number in range(3)]
        tenant = api.tenant_id
        ring = api.app.engine.keys
        sealed = ring.seal(b"key of a file", tenant, "kit_file_blob.sealed_key")
        sql(
            "INSERT INTO kit_file_blob (tenant_id, id, sha256, size, sealed_key, scan, created_at) VALUES "
            f"('{tenant}', gen_random_uuid(), '\\x00', 1, '\\x{sealed.hex()}', 'clean', now())"
        )
        await start.stop_all()
        rotated = await start(tenant, keys=f"{KEY_2},{KEY_1}", FIELD_CIPHER="sm4-gcm")
        before = (await rotated.get("/_privacy/keys")).json
        assert {item["wrappedWith"] for item in before["items"]} == {"test"}
        assert before["stale"] > 9
        job = await rotated.must("POST", "/_privacy/keys/rotate", {"fresh": True, "reason": "年度轮换"}, 202)
        result = (await finished(rotated, job["jobId"]))["result"]
        assert (result["generation"], result["encrypted"]) == (2, before["stale"])
        after = (await rotated.get("/_privacy/keys")).json
        assert after["stale"] == 0
        assert {item["wrappedWith"] for item in after["items"]} == {"second"}
        stored = sql(f"SELECT mobile FROM people_person WHERE tenant_id = '{tenant}'")
        assert all(text.startswith("v2:s:2:") for text in stored)
        # The first master key is not needed any more, and the index still finds.
        await start.stop_all()
        last = await start(tenant, keys=KEY_2, FIELD_CIPHER="sm4-gcm")
        await last.must("GET", "/persons")
        [key] = sql(f"SELECT encode(sealed_key, 'hex') FROM kit_file_blob WHERE tenant_id = '{tenant}'")
        opened = last.app.engine.keys.open(bytes.fromhex(key), tenant, "kit_file_blob.sealed_key")
        assert opened == b"key of a file"
        assert (await reveal(last, rows[1]["id"], "mobile", "age")) == {"mobile": "13800000001", "age": 42}
        assert len((await last.get("/persons", filter={"mobile": "13800000002"})).json["items"]) == 1
        again = await last.must("POST", "/_privacy/keys/rotate", {"reason": "再次"}, 202)
        assert (await finished(last, again["jobId"]))["result"]["encrypted"] == 0

    async def test_destroying_the_keys_destroys_the_data(self, start: Any, sql: Any) -> None:
        api = await start()
        made = await person(api)
        reason = "租户注销"
        assert (await api.post("/_privacy/keys/destroy", {"confirm": "yes", "reason": reason})).status == 422
        await api.must("POST", "/_privacy/keys/destroy", {"confirm": api.tenant_id, "reason": reason})
        assert sql(
            f"SELECT count(*) FROM kit_tenant_key WHERE tenant_id = '{api.tenant_id}' AND wrapped IS NOT NULL"
        ) == ["0"]
        shown = (await api.get(f"/persons/{made['id']}")).json
        assert (shown["mobile"], shown["age"], shown["email"]) == (None, None, "m***@example.com")
        answer = await api.post("/persons", PERSON | {"code": "P2"})
        assert (answer.status, answer.json["code"]) == (422, "KEY_DESTROYED")
        assert (await person(api.tenant_b))["id"]
        entries = (await api.get("/_audit", action="people.privacy.destroy")).json["items"]
        assert entries[0]["after"] == {"reason": reason}
        created = (await api.get("/_audit", action="people.person.create")).json["items"][0]
        assert (created["after"]["name"], created["erased"]) == (None, ["hobby", "name"])


class TestPeople:
    async def test_search_finds_by_every_criterion(self, api: Api) -> None:
        one = await person(api)
        order = await api.must("POST", "/orders", {"person_id": one["id"], "receiver": "王 小明"})
        await api.must("POST", f"/orders/{order['id']}/post")
        await person(api, code="P2", name="李四", mobile="13700000000", id_card=None, email=None, phones=[])
        for criteria, matched in (
            ({"mobile": "+86 138-1234-5678"}, {"people.person": ["mobile"]}),
            ({"mobile": "13900001111"}, {"people.person": ["phones.phone"]}),
            ({"id_card": "11010519491231002x"}, {"people.person": ["id_card"]}),
            ({"email": "MING@example.com"}, {"people.person": ["email"]}),
            ({"name": "王小明"}, {"people.person": ["name"], "people.order": ["receiver"]}),
            ({"name": "赵六"}, {}),
        ):
            found = (await api.must("POST", "/_privacy/search", criteria))["items"]
            assert {item["entity"]: item["matched"] for item in found} == matched, criteria
        found = (await api.must("POST", "/_privacy/search", {"name": "王小明"}))["items"]
        assert {item["entity"]: item["held"] for item in found} == {
            "people.person": None,
            "people.order": "已生效的单据依法保留",
        }
        entry = (await api.get("/_audit", action="people.privacy.search")).json["items"][-1]
        assert entry["after"] == {"criteria": {"mobile": "+86****5678"}, "found": 1}
        assert (await api.tenant_b.must("POST", "/_privacy/search", {"name": "王小明"}))["items"] == []
        assert (await api.as_user(["people.person.*"]).post("/_privacy/search", {"name": "王小明"})).status == 403
        for wrong in ({}, {"name": 1}, {"name": "x"}, {"x": "yy"}):
            assert (await api.post("/_privacy/search", wrong)).status == 422

    async def test_copy_holds_what_is_his_and_hides_what_is_hidden(self, api: Api) -> None:
        one = await person(api)
        documents = [{"entity": "people.person", "id": one["id"]}]
        pack = await api.must("POST", "/_privacy/copies", {"documents": documents, "reason": "本人申请"})
        values = pack["documents"][0]["values"]
        assert (values["mobile"], values["phones"][0]["phone"], values["age"]) == ("13812345678", "13900001111", 42)
        assert pack["documents"][0]["labels"]["mobile"] == "手机"
        officer = api.as_user(["people.privacy.export"], field_rules={"people.person.age": "hide"})
        pack = await officer.must("POST", "/_privacy/copies", {"documents": documents, "reason": "本人申请"})
        assert "age" not in pack["documents"][0]["values"]
        assert pack["documents"][0]["values"]["mobile"] == "13812345678"
        wrong = {"documents": [{"entity": "people.person", "id": str(UUID(int=1))}], "reason": "本人申请"}
        assert (await api.post("/_privacy/copies", wrong)).status == 404
        assert (
            await api.tenant_b.post("/_privacy/copies", {"documents": documents, "reason": "本人申请"})
        ).status == 404

    async def test_audit_seals_what_is_personal(self, api: Api, sql: Any) -> None:
        one = await person(api)
        await api.must("PATCH", f"/persons/{one['id']}", {"version": 1, "hobby": "象棋"})
        texts = " ".join(sql(f"SELECT before, after FROM kit_audit WHERE tenant_id = '{api.tenant_id}'"))
        assert "围棋" not in texts
        assert "象棋" not in texts
        assert "王小明" not in texts
        entries = (await api.get("/_audit", entity="people.person")).json["items"]
        assert (entries[0]["before"], entries[0]["after"]) == ({"hobby": "围棋"}, {"hobby": "象棋"})
        assert entries[1]["after"]["name"] == "王小明"
        clerk = api.as_user(
            ["people.audit.read"], field_rules={"people.person.hobby": "hide", "people.person.name": "mask"}
        )
        seen = (await clerk.get("/_audit", entity="people.person")).json["items"]
        assert (seen[0]["after"], "hobby" in seen[1]["after"], seen[1]["after"]["name"]) == ({}, False, "****")

    async def test_erasure_replaces_values_respects_holds_and_shreds_the_trail(self, api: Api, sql: Any) -> None:
        one = await person(api)
        draft = await api.must("POST", "/orders", {"person_id": one["id"], "receiver": "王小明"})
        posted = await api.must("POST", "/orders", {"person_id": one["id"], "receiver": "王小明"})
        await api.must("POST", f"/orders/{posted['id']}/post")
        for path in (f"/persons/{one['id']}", f"/orders/{posted['id']}"):
            await api.must("POST", f"{path}/_comments", {"text": "王小明要求回电"})
        wanted = [
            {"entity": "people.person", "id": one["id"]},
            {"entity": "people.order", "id": draft["id"]},
            {"entity": "people.order", "id": posted["id"]},
            {"entity": "people.order", "id": str(UUID(int=7))},
        ]
        bad = await api.post(
            "/privacy-erasures", {"reference": "GX-1", "reason": "本人申请", "documents": [{"entity": "x"}]}
        )
        assert bad.status == 422
        made = await api.must(
            "POST", "/privacy-erasures", {"reference": "GX-1", "reason": "本人申请", "documents": wanted}
        )
        ran = await api.must("POST", f"/privacy-erasures/{made['id']}/run")
        result = (await finished(api, ran["result"]["jobId"]))["result"]
        assert result == {"erased": 2, "held": 1, "missing": 1, "nothing": 0}
        done = (await api.get(f"/privacy-erasures/{made['id']}")).json
        assert done["state"] == "done"
        assert [item["outcome"] for item in done["report"]] == [
            "held" if item["id"] == posted["id"] else item["outcome"] for item in done["report"]
        ]
        shown = (await api.get(f"/persons/{one['id']}")).json
        assert (shown["name"], shown["hobby"], shown["mobile"], shown["email"], shown["age"]) == (
            "［已删除］",
            None,
            None,
            None,
            None,
        )
        assert (shown["code"], shown["phones"][0]["phone"], shown["phones"][0]["note"]) == ("P1", None, "家")
        assert (await api.get(f"/orders/{posted['id']}")).json["receiver"] == "王小明"
        [comment] = (await api.get(f"/persons/{one['id']}/_comments")).json["items"]
        assert (comment["text"], comment["deleted"]) == ("", True)
        [comment] = (await api.get(f"/orders/{posted['id']}/_comments")).json["items"]
        assert comment["text"] == "王小明要求回电"
        assert (await api.get(f"/orders/{draft['id']}")).json["receiver"] == "［已删除］"
        assert (await api.must("POST", "/_privacy/search", {"mobile": "13812345678"}))["items"] == []
        entries = (await api.get("/_audit", entity="people.person")).json["items"]
        assert entries[0]["action"] == "people.person.erase"
        assert entries[-1]["after"]["name"] is None
        assert entries[-1]["erased"] == ["hobby", "name"]
        assert entries[-1]["after"]["mobile"] == "138****5678"
        assert (await api.get("/_audit/verify")).json["holds"] is True
        kept = (await api.get("/_audit", entity="people.order", entity_id=posted["id"])).json["items"]
        assert kept[-1]["after"]["receiver"] == "王小明"
        assert "王小明" not in " ".join(sql(f"SELECT search_text FROM people_person WHERE id = '{one['id']}'"))

    async def test_what_was_kept_long_enough_goes(
        self, api: Api, clock: Clock, sql: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(JobContext, "tell", lambda _self: asyncio.sleep(0))
        clock.advance(days=-100)
        old = [await api.must("POST", "/visits", {"visitor": f"访客{number}"}) for number in range(3)]
        await api.must("POST", "/remarks", {"visit_id": old[1]["id"]})
        clock.advance(days=100)
        fresh = await api.must("POST", "/visits", {"visitor": "新访客"})
        # Ids rise with the real time, so the job must look from a later day.
        clock.advance(days=29)

        caller = Caller(api.tenant_id, api.user_id, "r", "", "zh-CN", "")
        clock.advance(days=2)
        role = await api.app.engine.role_of(caller)
        context = JobContext(api.app.engine, api.tenant_id, caller, role, UUID(int=1), 1)
        sql(f"UPDATE people_visit SET created_at = now() + interval '30 days' WHERE id = '{fresh['id']}'")
        assert await remove_expired.function(context, {}) == {"removed": 2, "kept": 1}
        left = {item["id"] for item in (await api.get("/visits")).json["items"]}
        assert left == {old[1]["id"], fresh["id"]}
        deleted = (await api.get("/_audit", action="people.visit.delete")).json["items"]
        assert [(item["before"], item["after"]) for item in deleted] == [(None, {"number": None, "keep_days": 30})] * 2
        created = (await api.get("/_audit", entity="people.visit", entity_id=old[0]["id"])).json["items"][-1]
        assert (created["after"]["visitor"], created["erased"]) == (None, ["visitor"])

    async def test_consents_are_masked_found_and_withdrawn(self, api: Api) -> None:
        made = await api.must(
            "POST",
            "/privacy-consents",
            {"subject": "王小明", "mobile": "13812345678", "purpose": "会员服务", "given_at": "2026-11-01T00:00:00Z"},
        )
        assert made["subject"] == "王**"
        found = (await api.must("POST", "/_privacy/search", {"name": "王小明"}))["items"]
        assert [item["entity"] for item in found] == ["people.privacy_consent"]
        gone = await api.must("POST", f"/privacy-consents/{made['id']}/withdraw")
        assert gone["state"] == "withdrawn"
        assert gone["withdrawn_at"]
