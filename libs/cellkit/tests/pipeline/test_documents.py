"""Documents through the one write pipeline, on a real PostgreSQL."""

import asyncio
import uuid
from typing import Any

import pytest

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def item(api: Api, code: str | None = None, **values: object) -> dict:
    return await api.must("POST", "/items", {"code": code or uuid.uuid4().hex[:8], "name": "螺丝 M3", **values})


async def order(api: Api, *, quantity: str = "3", price: str = "9.99", discount: str = "0.15", lines: int = 2) -> dict:
    goods = await item(api)
    line = {"item_id": goods["id"], "quantity": quantity, "price": price, "discount": discount}
    return await api.must("POST", "/orders", {"partner": "客户甲", "order_date": "2026-03-05", "lines": [line] * lines})


class TestCreate:
    async def test_answers_the_whole_document_with_computed_fields(self, api: Api) -> None:
        made = await order(api)
        assert made["number"].startswith("SO202603-")
        assert made["state"] == "draft"
        assert made["version"] == 1
        assert [line["amount"] for line in made["lines"]] == ["25.47", "25.47"]
        assert made["amount"] == "50.94"
        assert made["owner_id"] == api.user_id
        read = await api.must("GET", f"/orders/{made['id']}")
        assert read == made
        assert [line["item_label"] for line in read["lines"]] == ["螺丝 M3", "螺丝 M3"]

    async def test_every_write_answers_what_reading_answers(self, api: Api) -> None:
        made = await order(api, price="0", discount="0")
        assert made["amount"] == made["lines"][0]["amount"] == "0.00"
        path = f"/orders/{made['id']}"
        other = await item(api, name="螺母 M3")
        lines = [{**made["lines"][0], "item_id": other["id"]}, {"item_id": other["id"], "quantity": "1", "price": "2"}]
        changed = await api.must("PATCH", path, {"version": made["version"], "lines": lines})
        assert [line["item_label"] for line in changed["lines"]] == ["螺母 M3", "螺母 M3"]
        assert changed["lines"][1]["discount"] == "0.00000000"
        assert changed == await api.must("GET", path)
        confirmed = await api.must("POST", f"{path}/confirm", {})
        assert confirmed == await api.must("GET", path)

    async def test_references_of_an_answer_have_their_texts(self, api: Api) -> None:
        goods = await item(api)
        made = await api.must("POST", "/receipts", {"item_id": goods["id"], "quantity": "5"})
        assert made["item_label"] == "螺丝 M3"
        assert made == await api.must("GET", f"/receipts/{made['id']}")

    async def test_texts_of_hidden_fields_stay_hidden_in_lines(self, api: Api) -> None:
        made = await order(api)
        hidden = api.as_user(["sample.*"], field_rules={"sample.order.lines.item_id": "hide"})
        read = await hidden.must("GET", f"/orders/{made['id']}")
        assert "item_label" not in read["lines"][0]
        noted = await hidden.must("PATCH", f"/orders/{made['id']}", {"version": 1, "note": "x"})
        assert "item_label" not in noted["lines"][0]
        untitled = api.as_user(["sample.*"], field_rules={"sample.item.name": "hide"})
        assert "item_label" not in (await untitled.must("GET", f"/orders/{made['id']}"))["lines"][0]

    async def test_hits_in_hidden_fields_do_not_take_the_place_of_those_that_are_seen(self, api: Api) -> None:
        seen = await item(api, "ZQX-1")
        for number in range(3):
            await item(api, f"other-{number}", name=f"ZQX {number}")
        hidden = api.as_user(["sample.*"], field_rules={"sample.item.name": "hide"})
        found = await hidden.must("GET", "/items?q=ZQX&limit=2")
        assert [row["id"] for row in found["items"]] == [seen["id"]]
        assert len((await api.must("GET", "/items?q=ZQX&limit=2"))["items"]) == 2

    async def test_every_problem_is_named(self, api: Api) -> None:
        answer = await api.post(
            "/orders",
            {
                "partner": 5,
                "order_date": "2026-13-01",
                "amount": "1",
                "colour": "red",
                "lines": [{"quantity": "-1", "price": "x"}],
            },
        )
        assert answer.status == 422
        assert answer.json["code"] == "VALIDATION_FAILED"
        found = {(item["field"], item["rule"]) for item in answer.json["details"]}
        assert {
            ("partner", "type"), ("order_date", "type"), ("amount", "readonly"), ("colour", "unknown"),
            ("lines[0].quantity", "above"), ("lines[0].price", "type"),
        } <= found  # fmt: skip

    async def test_reference_to_nothing_names_the_line(self, api: Api) -> None:
        goods = await item(api)
        lines = [
            {"item_id": goods["id"], "quantity": "1", "price": "1"},
            {"item_id": str(uuid.uuid4()), "quantity": "1", "price": "1"},
        ]
        answer = await api.post("/orders", {"partner": "A", "order_date": "2026-01-01", "lines": lines})
        assert answer.status == 422
        assert [(item["field"], item["rule"]) for item in answer.json["details"]] == [("lines[1].item_id", "reference")]

    async def test_check_over_the_document(self, api: Api) -> None:
        goods = await item(api)
        body = {
            "partner": "A",
            "order_date": "2026-01-02",
            "due_date": "2026-01-01",
            "lines": [{"item_id": goods["id"], "quantity": "1", "price": "1"}],
        }
        answer = await api.post("/orders", body)
        assert answer.status == 422
        assert answer.json["details"][0]["message"] == "交期不能早于日期"

    async def test_duplicate_key_is_told(self, api: Api) -> None:
        await item(api, "A-1")
        answer = await api.post("/items", {"code": "A-1", "name": "x"})
        assert answer.status == 422
        assert answer.json["details"][0]["rule"] == "unique"
        assert answer.json["details"][0]["field"] == "code"

    async def test_numbers_of_a_quiet_series_have_no_gaps(self, api: Api) -> None:
        numbers = [(await order(api, lines=1))["number"] for _ in range(4)]
        serials = [int(number.rsplit("-", 1)[1]) for number in numbers]
        assert sorted(set(serials)) == serials


class TestIdempotency:
    async def test_repeat_gets_the_first_answer(self, api: Api) -> None:
        first = await api.post("/items", {"code": "R1", "name": "x"}, request_id="req-1")
        again = await api.post("/items", {"code": "R1", "name": "x"}, request_id="req-1")
        assert again.status == 201
        assert again.body == first.body
        assert again.headers["idempotent-replay"] == "true"
        assert again.headers["location"] == first.headers["location"]

    async def test_a_repeat_tells_the_texts_beside_references_and_the_result(self, api: Api) -> None:
        made = await order(api)
        goods = made["lines"][0]["item_id"]
        receipt = await api.must("POST", "/receipts", {"item_id": goods, "quantity": "50"})
        await api.must("POST", f"/receipts/{receipt['id']}/post", {})
        await api.must("POST", f"/orders/{made['id']}/confirm", {})
        first = await api.post(f"/orders/{made['id']}/ship", {}, request_id="req-ship")
        assert first.json["lines"][0]["item_label"] == "螺丝 M3"
        assert first.json["result"]["slip_number"]
        again = await api.post(f"/orders/{made['id']}/ship", {}, request_id="req-ship")
        assert again.body == first.body
        await api.must("PATCH", f"/items/{goods}", {"version": 1, "name": "螺丝 M4"})
        later = await api.post(f"/orders/{made['id']}/ship", {}, request_id="req-ship")
        assert later.json["lines"][0]["item_label"] == "螺丝 M4"
        untitled = api.as_user(["sample.*"], field_rules={"sample.item.name": "hide"}, user_id=api.user_id)
        less = await untitled.post(f"/orders/{made['id']}/ship", {}, request_id="req-ship")
        assert less.headers["idempotent-replay"] == "true"
        assert "item_label" not in less.json["lines"][0]
        assert less.json["result"] == first.json["result"]

    async def test_a_repeat_keeps_masked_references_masked(self, api: Api) -> None:
        goods = await item(api)
        rules = {"sample.receipt.item_id": "mask", "sample.order.lines.item_id": "mask"}
        masked = api.as_user(["sample.*"], field_rules=rules)
        receipt = {"item_id": goods["id"], "quantity": "5"}
        order_body = {"partner": "客户甲", "order_date": "2026-03-05"}
        order_body["lines"] = [{"item_id": goods["id"], "quantity": "1", "price": "1"}]
        for path, body in (("/receipts", receipt), ("/orders", order_body)):
            first = await masked.post(path, body, request_id="req-masked")
            again = await masked.post(path, body, request_id="req-masked")
            assert (first.status, again.status, again.body) == (201, 201, first.body)
            assert goods["id"] not in again.body.decode()
            assert "螺丝" not in again.body.decode()

    async def test_other_body_is_refused(self, api: Api) -> None:
        await api.post("/items", {"code": "R2", "name": "x"}, request_id="req-2")
        answer = await api.post("/items", {"code": "R3", "name": "x"}, request_id="req-2")
        assert (answer.status, answer.json["code"]) == (409, "IDEMPOTENT_CONFLICT")
        answer = await api.post("/items", {"nonsense": 1}, request_id="req-2")
        assert (answer.status, answer.json["code"]) == (409, "IDEMPOTENT_CONFLICT")

    async def test_simultaneous_repeats_write_once(self, api: Api) -> None:
        answers = await asyncio.gather(
            *(api.post("/items", {"code": "R4", "name": "x"}, request_id="req-4") for _ in range(6))
        )
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body for answer in answers}) == 1

    async def test_repeated_action_is_answered_not_refused(self, api: Api) -> None:
        made = await order(api)
        first = await api.post(f"/orders/{made['id']}/confirm", {}, request_id="act-1")
        again = await api.post(f"/orders/{made['id']}/confirm", {}, request_id="act-1")
        assert (first.status, again.status) == (200, 200)
        assert first.body == again.body
        other = await api.post(f"/orders/{made['id']}/confirm", {}, request_id="act-2")
        assert (other.status, other.json["code"]) == (409, "CONFLICT")


class TestChange:
    async def test_lines_are_kept_changed_added_and_removed(self, api: Api) -> None:
        made = await order(api, lines=3)
        kept = {"id": made["lines"][1]["id"], "quantity": "7"}
        new = {"item_id": made["lines"][0]["item_id"], "quantity": "1", "price": "2"}
        changed = await api.must("PATCH", f"/orders/{made['id']}", {"version": 1, "partner": "B", "lines": [kept, new]})
        assert changed["version"] == 2
        assert [line["quantity"] for line in changed["lines"]] == ["7.000000", "1.000000"]
        read = await api.must("GET", f"/orders/{made['id']}")
        assert [line["id"] for line in read["lines"]] == [line["id"] for line in changed["lines"]]
        assert read["amount"] == changed["amount"] == "61.44"

    async def test_stale_version(self, api: Api) -> None:
        made = await order(api)
        await api.must("PATCH", f"/orders/{made['id']}", {"version": 1, "partner": "B"})
        answer = await api.patch(f"/orders/{made['id']}", {"version": 1, "partner": "C"})
        assert (answer.status, answer.json["code"], answer.json["details"]["current"]) == (409, "CONFLICT", 2)

    async def test_version_is_required(self, api: Api) -> None:
        made = await order(api)
        answer = await api.patch(f"/orders/{made['id']}", {"partner": "B"})
        assert answer.status == 422

    async def test_confirmed_order_is_locked_but_for_its_note(self, api: Api) -> None:
        made = await order(api)
        await api.must("POST", f"/orders/{made['id']}/confirm", {})
        assert (await api.patch(f"/orders/{made['id']}", {"version": 2, "partner": "B"})).status == 409
        assert (await api.must("PATCH", f"/orders/{made['id']}", {"version": 2, "note": "急"}))["note"] == "急"
        assert (await api.delete(f"/orders/{made['id']}")).status == 409

    async def test_delete_of_a_draft(self, api: Api) -> None:
        made = await order(api)
        assert (await api.delete(f"/orders/{made['id']}", version=1)).status == 204
        assert (await api.get(f"/orders/{made['id']}")).status == 404

    async def test_referenced_item_cannot_be_deleted(self, api: Api) -> None:
        made = await order(api)
        answer = await api.delete(f"/items/{made['lines'][0]['item_id']}")
        assert (answer.status, answer.json["code"]) == (409, "STILL_REFERENCED")


class TestStock:
    async def test_concurrent_shipments_never_oversell(self, api: Api) -> None:
        goods = await item(api)
        receipt = await api.must("POST", "/receipts", {"item_id": goods["id"], "quantity": "5"})
        await api.must("POST", f"/receipts/{receipt['id']}/post", {})
        orders = []
        for _ in range(8):
            body = {
                "partner": "A",
                "order_date": "2026-01-01",
                "lines": [{"item_id": goods["id"], "quantity": "1", "price": "1"}],
            }
            made = await api.must("POST", "/orders", body)
            await api.must("POST", f"/orders/{made['id']}/confirm", {})
            orders.append(made["id"])
        answers = await asyncio.gather(*(api.post(f"/orders/{key}/ship", {}) for key in orders))
        assert sorted(answer.status for answer in answers) == [200] * 5 + [422] * 3
        stock = (await api.must("GET", "/stock"))["items"]
        assert [row["quantity"] for row in stock] == ["0.000000"]
        slips = (await api.get("/slips", sort="number")).json["items"]
        serials = [int(slip["number"].rsplit("-", 1)[1]) for slip in slips]
        assert serials == [1, 2, 3, 4, 5]

    async def test_concurrent_confirms_succeed_once(self, api: Api) -> None:
        made = await order(api)
        answers = await asyncio.gather(*(api.post(f"/orders/{made['id']}/confirm", {}) for _ in range(5)))
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409]

    async def test_report(self, api: Api) -> None:
        assert (await api.get("/reports/stock-total")).json["totals"]["quantity"] == "0"


class TestTenantsAndRights:
    async def test_other_tenant_finds_nothing(self, api: Api) -> None:
        made = await order(api)
        other = api.tenant_b
        assert (await other.get(f"/orders/{made['id']}")).status == 404
        assert (await other.patch(f"/orders/{made['id']}", {"version": 1, "partner": "x"})).status == 404
        assert (await other.post(f"/orders/{made['id']}/confirm", {})).status == 404
        assert (await other.delete(f"/orders/{made['id']}")).status == 404
        assert (await other.get("/orders")).json["items"] == []
        line = {"item_id": made["lines"][0]["item_id"], "quantity": "1", "price": "1"}
        answer = await other.post("/orders", {"partner": "x", "order_date": "2026-01-01", "lines": [line]})
        assert answer.json["details"][0]["rule"] == "reference"

    async def test_permission_is_needed(self, api: Api) -> None:
        reader = api.as_user(["sample.order.read"])
        made = await order(api)
        assert (await reader.get(f"/orders/{made['id']}")).status == 200
        assert (await reader.post(f"/orders/{made['id']}/confirm", {})).json["code"] == "FORBIDDEN"

    async def test_own_scope(self, api: Api) -> None:
        seller, other = api.as_user(scope="self"), api.as_user(scope="self")
        made = await order(seller)
        assert [row["id"] for row in (await seller.get("/orders")).json["items"]] == [made["id"]]
        assert (await other.get("/orders")).json["items"] == []
        assert (await other.get(f"/orders/{made['id']}")).status == 404
        assert (await other.post(f"/orders/{made['id']}/confirm", {})).status == 404

    async def test_unsigned_request(self, api: Api) -> None:
        answer = await api.call("GET", "/orders", sign=False)
        assert (answer.status, answer.json["code"]) == (403, "SIGNATURE_INVALID")


class TestSystemTenant:
    """The id under which the kit's background work sees all tenants is no caller's."""

    @pytest.mark.parametrize("tenant", ["0" * 8 + "-0000-0000-0000-" + "0" * 12, "0" * 32, "{" + "0" * 32 + "}", "x"])
    @pytest.mark.parametrize("path", ["/items", "/_audit", "/_outbox", "/api/v1/sample/_meta"])
    async def test_is_refused(self, api: Api, tenant: str, path: str) -> None:
        await item(api)
        stranger = Api(api.app, api.cell, api.source, tenant, "").as_user()
        answer = await stranger.get(path)
        assert (answer.status, answer.json["code"]) == (401, "UNAUTHORIZED")


async def revealed(api: Api, identity: str) -> str:
    body = {"fields": ["phone"], "reason": "test"}
    answer: dict[str, Any] = await api.must("POST", f"/items/{identity}/reveal", body)
    return str(answer["values"]["phone"])


class TestSecrets:
    async def test_masked_unless_revealed_and_found_by_exact_value(self, api: Api) -> None:
        made = await item(api, phone="13812345678")
        assert made["phone"] == "138****5678"
        clerk = api.as_user(["sample.item.read", "sample.item.update"])
        assert (await clerk.get(f"/items/{made['id']}")).json["phone"] == "138****5678"
        assert (await api.get("/items", filter={"phone": "138 1234 5678"})).json["items"][0]["id"] == made["id"]
        assert (await clerk.get("/items", filter={"phone": "13812345678"})).status == 400
        again = await clerk.must(
            "PATCH", f"/items/{made['id']}", {"version": 1, "phone": "138****5678", "name": "新名"}
        )
        assert again["name"] == "新名"
        assert await revealed(api, made["id"]) == "13812345678"

    async def test_hidden_field_cannot_be_searched_or_written(self, api: Api) -> None:
        await item(api, "SECRETCODE")
        clerk = api.as_user(["sample.item.*"], field_rules={"sample.item.code": "hide"})
        listed = (await clerk.get("/items")).json["items"][0]
        assert "code" not in listed
        assert (await clerk.get("/items", q="secretcode")).json["items"] == []
        assert (await clerk.get("/items", sort="code")).status == 400
        assert (await clerk.get("/items", filter={"code": "SECRETCODE"})).status == 400


class TestList:
    async def test_pages_by_keyset_see_every_row_once(self, api: Api) -> None:
        for day in (3, 1, 2, 1, 3, 2, 1):
            goods = await item(api)
            body = {
                "partner": f"P{day}",
                "order_date": f"2026-01-0{day}",
                "lines": [{"item_id": goods["id"], "quantity": "1", "price": "1"}],
            }
            await api.must("POST", "/orders", body)
        for sort in ("", "order_date", "-order_date", "-order_date,number"):
            seen, cursor = [], None
            while True:
                query = {"limit": "2", "sort": sort} | ({"cursor": cursor} if cursor else {})
                page = (await api.get("/orders", **query)).json
                seen += page["items"]
                cursor = page["next"]
                if cursor is None:
                    break
            assert len({row["id"] for row in seen}) == len(seen) == 7
            dates = [row["order_date"] for row in seen]
            if sort:
                assert dates == sorted(dates, reverse=sort.startswith("-"))
        assert (await api.get("/orders", total="true", limit="1")).json["total"] == 7

    async def test_search_by_fragment_and_pinyin(self, api: Api) -> None:
        await item(api, "X1", name="不锈钢螺栓")
        await item(api, "X2", name="木板")
        for text in ("锈钢", "螺栓", "buxiu", "bxgls", "x1"):
            found = await api.must("GET", f"/items?q={text}")
            assert [row["code"] for row in found["items"]] == ["X1"], text
        assert (await api.get("/items", q="100%")).json["items"] == []

    async def test_filters(self, api: Api) -> None:
        first, second = await order(api), await order(api, lines=1)
        await api.must("POST", f"/orders/{first['id']}/confirm", {})
        found = (await api.get("/orders", filter={"state": "confirmed"})).json["items"]
        assert [row["id"] for row in found] == [first["id"]]
        found = (await api.get("/orders", filter={"amount": {"lt": "30"}})).json["items"]
        assert [row["id"] for row in found] == [second["id"]]
        goods = second["lines"][0]["item_id"]
        found = (await api.get("/orders", filter={"lines.item_id": goods})).json["items"]
        assert [row["id"] for row in found] == [second["id"]]
        both = {"lines.item_id": {"in": [goods, first["lines"][0]["item_id"]]}}
        assert len((await api.get("/orders", filter=both, total="true")).json["items"]) == 2
        blind = api.as_user(["sample.*"], field_rules={"sample.order.lines.item_id": "mask"})
        assert (await blind.get("/orders", filter={"lines.item_id": goods})).status == 400
        for name in ("lines.price", "lines.nothing", "nothing.item_id", "lines."):
            assert (await api.get("/orders", filter={name: goods})).status == 400, name
        assert (await api.get("/orders", filter={"lines.item_id": {"ne": goods}})).status == 400
        for wrong in ("{", '{"colour":1}', '{"amount":{"like":"1"}}', '{"order_date":"soon"}', "[]"):
            assert (await api.get("/orders", filter=wrong)).status == 400, wrong

    async def test_wrong_queries(self, api: Api) -> None:
        for query in ({"limit": "0"}, {"limit": "x"}, {"sort": "note"}, {"cursor": "%%"}, {"foo": "1"}):
            assert (await api.get("/orders", **query)).status == 400, query


class TestGaplessNumbers:
    async def test_number_stands_everywhere_though_it_is_taken_last(self, api: Api, cell_app: Any) -> None:
        goods = await item(api)
        receipt = await api.must("POST", "/receipts", {"item_id": goods["id"], "quantity": "5"})
        await api.must("POST", f"/receipts/{receipt['id']}/post", {})
        line = {"item_id": goods["id"], "quantity": "1", "price": "1"}
        made = await api.must("POST", "/orders", {"partner": "A", "order_date": "2026-01-01", "lines": [line]})
        await api.must("POST", f"/orders/{made['id']}/confirm", {})
        first = await api.post(f"/orders/{made['id']}/ship", {}, request_id="ship-1")
        again = await api.post(f"/orders/{made['id']}/ship", {}, request_id="ship-1")
        slip = (await api.get("/slips")).json["items"][0]
        assert slip["number"].startswith("CK20")
        assert first.json["result"]["slip_number"] == slip["number"]
        assert again.body == first.body
        tenant = uuid.UUID(api.tenant_id)
        async with cell_app.engine.database.session(api.tenant_id) as connection:
            after = await connection.fetchval(
                "SELECT after FROM kit_audit WHERE tenant_id = $1 AND action = 'sample.slip.create'", tenant
            )
            event = await connection.fetchval(
                "SELECT event FROM kit_outbox WHERE tenant_id = $1 AND type = 'sample.slip.created.v1'", tenant
            )
        for text in (after, event):
            assert slip["number"] in text
            assert "\ue000" not in text


class TestNumbersOnTheWire:
    async def test_small_decimals_have_no_exponent(self, api: Api) -> None:
        made = await order(api, discount="0")
        assert made["lines"][0]["discount"] == "0.00000000"
        assert (await api.get(f"/orders/{made['id']}")).json["lines"][0]["discount"] == "0.00000000"

    async def test_text_that_looks_like_an_exponent_stays(self, api: Api) -> None:
        made = await item(api, "1E-8", name="5E+3 轴承")
        assert (made["code"], made["name"]) == ("1E-8", "5E+3 轴承")


class TestMaskedFields:
    async def test_may_be_filled_in_but_not_changed_by_who_sees_only_the_mask(self, api: Api) -> None:
        clerk = api.as_user(["sample.item.*"], field_rules={"sample.item.phone": "mask"})
        made = await item(clerk, phone="13812345678")
        assert made["phone"] == "138****5678"
        answer = await clerk.patch(f"/items/{made['id']}", {"version": 1, "phone": "13900000000"})
        assert answer.status == 422
        assert await revealed(api, made["id"]) == "13812345678"

    async def test_sort_by_creation(self, api: Api) -> None:
        codes = [(await item(api))["code"] for _ in range(3)]
        assert [row["code"] for row in (await api.get("/items", sort="created_at")).json["items"]] == codes
        assert [row["code"] for row in (await api.get("/items", sort="-created_at")).json["items"]] == codes[::-1]
