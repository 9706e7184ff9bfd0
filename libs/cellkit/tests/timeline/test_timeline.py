"""A document's history by its readers' rights, and comments that tell who is mentioned."""

from __future__ import annotations

import pytest

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def _partner(api: Api) -> str:
    made = await api.must("POST", "/partners", {"code": "K1", "name": "甲公司", "mobile": "13800001234"})
    await api.must("PATCH", f"/partners/{made['id']}", {"version": made["version"], "name": "乙公司"})
    return str(made["id"])


async def test_history_is_for_whoever_reads_the_document_and_masks_what_he_sees_masked(api: Api) -> None:
    partner = await _partner(api)
    reader = api.as_user(permissions=["desk.partner.read"])
    found = (await reader.must("GET", f"/partners/{partner}/_history"))["items"]
    assert [item["action"] for item in found] == ["desk.partner.update", "desk.partner.create"]
    assert found[0]["before"]["name"] == "甲公司"
    assert found[0]["after"]["name"] == "乙公司"
    assert "13800001234" not in str(found)
    assert "address" not in found[0]
    assert (await api.as_user(permissions=["desk.order.read"]).get(f"/partners/{partner}/_history")).status == 403
    assert (await api.tenant_b.get(f"/partners/{partner}/_history")).status == 404
    first = await reader.must("GET", f"/partners/{partner}/_history?limit=1")
    rest = await reader.must("GET", f"/partners/{partner}/_history?limit=1&cursor={first['next']}")
    assert [item["action"] for item in rest["items"]] == ["desk.partner.create"]
    assert rest["next"] is None


async def test_who_is_mentioned_gets_a_notice_and_a_comment_leaves_a_trace(api: Api) -> None:
    partner = await _partner(api)
    anna = api.as_user(permissions=["desk.partner.read"])
    ben = api.as_user(permissions=["desk.partner.read"])
    text = f"请 @[安娜]({anna.user_id}) 看一下 <b>"
    made = await ben.must("POST", f"/partners/{partner}/_comments", {"text": text})
    assert made["mine"] is True
    assert made["mentions"] == [anna.user_id]
    [notice] = (await anna.must("GET", "/_notifications"))["items"]
    assert "请 @安娜 看一下 <b>" in str(notice)
    [seen] = (await anna.must("GET", f"/partners/{partner}/_comments"))["items"]
    assert seen["text"] == text
    assert seen["mine"] is False
    assert (await anna.delete(f"/partners/{partner}/_comments/{made['id']}")).status == 403
    assert (await ben.delete(f"/partners/{partner}/_comments/{made['id']}")).status == 204
    [gone] = (await anna.must("GET", f"/partners/{partner}/_comments"))["items"]
    assert gone["deleted"] is True
    assert gone["text"] == ""
    trail = (await api.must("GET", f"/_audit?entity_id={partner}"))["items"]
    assert {item["action"] for item in trail} >= {"desk.partner.comment", "desk.partner.comment_delete"}
    history = (await anna.must("GET", f"/partners/{partner}/_history"))["items"]
    assert all("comment" not in item["action"] for item in history)


async def test_comments_go_with_their_document(api: Api) -> None:
    partner = await _partner(api)
    await api.must("POST", f"/partners/{partner}/_comments", {"text": "在吗"})
    assert (await api.delete(f"/partners/{partner}")).status == 204
    async with api.app.engine.database.session(api.tenant_id) as connection:
        assert await connection.fetchval("SELECT count(*) FROM kit_comment WHERE entity_id::text = $1", partner) == 0
    trail = (await api.must("GET", f"/_audit?entity_id={partner}"))["items"]
    assert {item["action"] for item in trail} >= {"desk.partner.comment", "desk.partner.delete"}


async def test_a_comment_needs_words_and_a_document_within_reach(api: Api) -> None:
    partner = await _partner(api)
    path = f"/partners/{partner}/_comments"
    for text in ("", "  ", "x" * 2001, None, 5):
        assert (await api.post(path, {"text": text})).status == 422, text
    assert (await api.tenant_b.post(path, {"text": "x"})).status == 404
    assert (await api.tenant_b.get(path)).status == 404
    assert (await api.post("/partners/x/_comments", {"text": "x"})).status == 404
