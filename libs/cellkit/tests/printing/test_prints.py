"""Printing over HTTP: rights, counts, templates and their versions, labels, batches."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from reading import codes_of, pages_of, pictures_of, png, text_of, zpl_labels

from cellkit.testing.cells import Api


async def item(api: Api, name: str = "不锈钢泵", barcode: str = "6901234567892") -> str:
    answer = await api.post("/items", {"code": f"I-{api.tenant_id[:8]}-{name}", "name": name, "barcode": barcode})
    assert answer.status == 201, answer.body.decode()
    return str(answer.json["id"])


async def order(api: Api, item_id: str, **values: Any) -> dict[str, Any]:
    lines = [{"item_id": item_id, "quantity": "2", "price": "840.16", "unit": "台"}]
    body = {"partner": "甲公司", "order_date": "2026-03-05", "mobile": "13800001234", "lines": lines, **values}
    answer = await api.post("/orders", body)
    assert answer.status == 201, answer.body.decode()
    return dict(answer.json)


async def printed(
    api: Api, path: str, body: dict[str, Any], request_id: str | None = None
) -> tuple[dict[str, Any], bytes]:
    answer = await api.post(path, body, request_id=request_id)
    assert answer.status == 201, answer.body.decode()
    content = await api.get(f"/_files/{answer.json['file']['id']}")
    assert content.status == 200
    return answer.json, content.body


async def test_a_print_is_a_file_of_its_caller_counted_logged_and_audited(api: Api) -> None:
    made = await order(api, await item(api))
    answer, pdf = await printed(api, "/_prints/orders", {"ids": [made["id"]]}, request_id="p-1")
    assert answer["reprints"] == []
    assert answer["file"]["name"].startswith("销售订单-")
    text = text_of(pdf)
    for words in (made["number"], "甲公司", "不锈钢泵", "1,680.32", "壹仟陆佰捌拾元叁角贰分"):
        assert words in text
    assert "补打" not in text
    again = await api.post("/_prints/orders", {"ids": [made["id"]]}, request_id="p-1")
    assert (again.json, again.headers["idempotent-replay"]) == (answer, "true")
    second, pdf = await printed(api, "/_prints/orders", {"ids": [made["id"]], "copies": 2})
    assert second["reprints"] == [made["id"]]
    assert "补打 第 1 次" in text_of(pdf)
    log = (await api.get(f"/_prints/log?entity=shop.order&entity_id={made['id']}&total=true")).json
    assert [(one["count"], one["copies"], one["printed_by"]) for one in log["items"]] == [
        (2, 2, api.user_id),
        (1, 1, api.user_id),
    ]
    assert log["total"] == 2
    actions = [one["action"] for one in (await api.get("/_audit", entity_id=made["id"])).json["items"]]
    assert actions.count("shop.order.print") == 2
    assert (await api.as_user().get(f"/_files/{answer['file']['id']}")).status == 404


async def test_two_prints_together_are_counted_as_two(api: Api) -> None:
    made = await order(api, await item(api))
    results = await asyncio.gather(*(printed(api, "/_prints/orders", {"ids": [made["id"]]}) for _ in range(3)))
    marks = sorted(
        next((words for words in ("补打 第 1 次", "补打 第 2 次") if words in text_of(pdf)), "") for _, pdf in results
    )
    assert marks == ["", "补打 第 1 次", "补打 第 2 次"]


async def test_rights_fields_and_masks_hold_on_paper(api: Api) -> None:
    made = await order(api, await item(api), margin="TOP-SECRET-MARGIN")
    plain = text_of((await printed(api, "/_prints/orders", {"ids": [made["id"]]}))[1])
    assert "TOP-SECRET-MARGIN" in plain
    assert "138****1234" in plain
    hidden = api.as_user(
        ["shop.order.read", "shop.order.print"],
        field_rules={"shop.order.margin": "hide", "shop.order.amount": "mask", "shop.order.lines.amount": "hide"},
    )
    text = text_of((await hidden.get(f"/_prints/orders/{made['id']}")).body)
    assert "TOP-SECRET-MARGIN" not in text
    assert "毛利" not in text
    assert "13800001234" not in text
    assert "138****1234" in text
    assert "1,680.32" not in text
    assert "壹仟" not in text
    no_right = api.as_user(["shop.order.read"])
    for answer in (
        await no_right.post("/_prints/orders", {"ids": [made["id"]]}),
        await no_right.get(f"/_prints/orders/{made['id']}"),
        await no_right.get("/_prints/orders"),
        await no_right.get(f"/_prints/log?entity=shop.order&entity_id={made['id']}"),
        await hidden.get("/_prints/log"),
    ):
        assert answer.status == 403
    own = api.as_user(["shop.order.*"], scope="self")
    assert (await own.post("/_prints/orders", {"ids": [made["id"]]})).status == 404
    assert (await own.get(f"/_prints/orders/{made['id']}")).status == 404
    assert (await own.get(f"/_prints/log?entity=shop.order&entity_id={made['id']}")).status == 404
    assert (await own.post("/_prints/orders", {"filter": {}})).json["code"] == "NOTHING_TO_PRINT"
    assert (await api.tenant_b.post("/_prints/orders", {"ids": [made["id"]]})).status == 404


async def test_a_preview_says_so_and_is_not_counted(api: Api) -> None:
    made = await order(api, await item(api))
    shown = await api.get(f"/_prints/orders/{made['id']}?print=slip")
    assert shown.headers["content-type"] == "application/pdf"
    assert "预览" in text_of(shown.body)
    assert "送货单" in text_of(shown.body)
    picture = await api.get(f"/_prints/orders/{made['id']}?format=png")
    assert png(picture.body).width > 800
    assert (await api.get(f"/_prints/log?entity=shop.order&entity_id={made['id']}")).json["items"] == []
    assert (await api.get(f"/_prints/orders/{made['id']}?print=nothing")).status == 404
    assert (await api.get(f"/_prints/orders/{made['id']}?format=zpl")).status == 400


async def test_a_document_that_declares_nothing_is_printed_too(api: Api) -> None:
    plain = (await api.post("/plains", {"text": "第一行\n第二行"})).json
    text = text_of((await printed(api, "/_prints/plains", {"ids": [plain["id"]]}))[1])
    assert "便笺" in text
    assert "第二行" in text


TEMPLATE = {
    "name": "客户版",
    "entity": "shop.order",
    "print": "order",
    "paper": "A5",
    "layout": {
        "title": "发货通知单",
        "company": "某某公司",
        "facts": [{"field": "number"}, {"field": "partner", "label": "收货单位", "wide": True}],
        "grids": [{"lines": "lines", "columns": [{"field": "item_id"}, {"field": "quantity", "label": "件数"}]}],
        "texts": ["请 {partner} 签收。"],
        "codes": [{"kind": "code128", "value": "{number}", "place": "foot", "caption": "{number}"}],
    },
}


async def test_templates_are_published_revised_and_rolled_back(api: Api) -> None:
    made = await order(api, await item(api))
    path = "/print-templates"
    first = await api.must("POST", path, TEMPLATE, 201)
    assert first["revision"] == 1
    body = {"ids": [made["id"]]}
    assert "发货通知单" not in text_of((await printed(api, "/_prints/orders", body))[1])
    await api.must("POST", f"{path}/{first['id']}/publish", {})
    pdf = (await printed(api, "/_prints/orders", body))[1]
    text = text_of(pdf)
    for words in ("发货通知单", "某某公司", "收货单位", "件数", "请 甲公司 签收。"):
        assert words in text
    assert ("Code 128", made["number"]) in codes_of(pictures_of(pdf)[0])
    assert (await api.patch(f"{path}/{first['id']}", {"version": 2, "name": "x"})).status == 409
    draft = (await api.must("POST", f"{path}/{first['id']}/revise", {}))["result"]
    assert draft["revision"] == 2
    changed = {**TEMPLATE["layout"], "title": "第二版"}
    await api.must("PATCH", f"{path}/{draft['id']}", {"version": 1, "layout": changed})
    await api.must("POST", f"{path}/{draft['id']}/publish", {})
    assert "第二版" in text_of((await printed(api, "/_prints/orders", body))[1])
    assert (await api.get(f"{path}/{first['id']}")).json["state"] == "retired"
    await api.must("POST", f"{path}/{first['id']}/publish", {})
    assert "发货通知单" in text_of((await printed(api, "/_prints/orders", body))[1])
    [entry] = (await api.get("/_prints/log?limit=1")).json["items"]
    assert (entry["template_id"], entry["revision"]) == (first["id"], 1)
    listed = (await api.get("/_prints/orders")).json["items"]
    assert [one["name"] for one in listed] == ["order", "slip", "label"]
    assert listed[0]["templates"][0]["revision"] == 1
    assert "第二版" not in text_of(
        (
            await printed(
                api.tenant_b, "/_prints/orders", {"ids": [(await order(api.tenant_b, await item(api.tenant_b)))["id"]]}
            )
        )[1]
    )


async def test_wrong_templates_name_what_is_wrong(api: Api) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"entity": "shop.nothing"}, "entity"), ({"print": "nothing"}, "print"), ({"paper": "A3"}, "paper"),
        ({"paper": "60x40"}, "paper"), ({"layout": {"facts": [{"field": "wrong"}]}}, "layout.facts[0].field"),
        ({"layout": None}, "layout"), ({"mode": "typst"}, "program"),
    ]  # fmt: skip
    for change, field in cases:
        answer = await api.post("/print-templates", {**TEMPLATE, **change})
        assert answer.status == 422, change
        assert answer.json["details"][0]["field"] == field


async def test_a_program_of_the_tenant_gets_values_and_nothing_else(api: Api) -> None:
    made = await order(api, await item(api), partner='#panic("x") *甲*')
    program = (
        '#import "/kit.typ": *\n#set text(font: font)\n#let d = data.documents.at(0)\n'
        "收货：#d.values.partner，#d.values.lines.at(0).item_id，#d.values.amount #page-of(true)"
        "#metadata(0)<document-end>"
    )
    draft = {"entity": "shop.order", "mode": "typst", "program": program, "id": made["id"]}
    shown = await api.post("/_prints/preview", draft)
    assert shown.status == 200, shown.body.decode()
    assert '收货：#panic("x") *甲*，不锈钢泵，1,680.32 第 1 页' in text_of(shown.body).replace("“", '"').replace(
        "”", '"'
    )
    wrong = await api.post("/_prints/preview", {**draft, "program": "#nothing"})
    assert (wrong.status, wrong.json["code"]) == (422, "PRINT_TEMPLATE_FAILED")
    assert "nothing" in wrong.json["message"]
    sample = await api.post("/_prints/preview", {"entity": "shop.order", "layout": TEMPLATE["layout"], "format": "png"})
    assert (sample.status, sample.headers["content-type"]) == (200, "image/png")
    no_right = api.as_user(["shop.order.*"])
    assert (await no_right.post("/_prints/preview", draft)).status == 403
    no_document = api.as_user(["shop.print_template.*"])
    assert (await no_document.post("/_prints/preview", draft)).status == 422


async def test_a_logo_is_printed_for_everybody_who_prints(api: Api) -> None:
    import io

    from PIL import Image

    output = io.BytesIO()
    Image.new("RGB", (60, 60), (200, 0, 0)).save(output, "PNG")
    headers = {"content-type": "application/octet-stream"}
    logo = await api.call("POST", "/_files", output.getvalue(), query={"name": "logo.png"}, headers=headers)
    template = await api.must("POST", "/print-templates", {**TEMPLATE, "logo": logo.json["id"]}, 201)
    await api.must("POST", f"/print-templates/{template['id']}/publish", {})
    made = await order(api, await item(api))
    clerk = api.as_user(["shop.order.read", "shop.order.print"])
    picture = pictures_of((await clerk.get(f"/_prints/orders/{made['id']}")).body, 1)[0]
    colours = [colour for _, colour in picture.convert("RGB").getcolors(1_000_000)]
    assert any(red > 180 and green < 40 and blue < 40 for red, green, blue in colours)
    assert (await clerk.get(f"/_files/{logo.json['id']}")).status == 404


async def test_labels_as_pdf_and_zpl(api: Api) -> None:
    first, second = await item(api), await item(api, "阀门", "6901234567908")
    answer, pdf = await printed(api, "/_prints/items", {"ids": [first, second], "print": "label"})
    assert answer["documents"] == 2
    assert len(pages_of(pdf)) == 2
    assert [codes_of(picture) for picture in pictures_of(pdf, 6)] == [
        [("EAN-13", "6901234567892")],
        [("EAN-13", "6901234567908")],
    ]
    made, zpl = await printed(api, "/_prints/items", {"ids": [first], "format": "zpl", "copies": 5, "dpi": 300})
    assert made["file"]["name"].endswith(".zpl")
    [commands] = zpl_labels(zpl.decode())
    assert ("PW", "720") in commands
    assert commands[-1] == ("PQ", "5,0,1,Y")
    wrong = await item(api, "错码", "6901234567890")
    refused = await api.post("/_prints/items", {"ids": [wrong]})
    assert (refused.status, refused.json["code"]) == (422, "PRINT_CODE_INVALID")
    assert "6901234567890" in refused.json["message"]
    made_order = await order(api, first, lines=[{"item_id": first, "quantity": "1", "price": "1"}] * 3)
    assert len(pages_of((await printed(api, "/_prints/orders", {"ids": [made_order["id"]], "print": "label"}))[1])) == 3


async def test_wrong_requests_are_named(api: Api) -> None:
    for body, field in (
        ({}, "ids"), ({"ids": []}, "ids"), ({"ids": ["x"]}, "ids"), ({"ids": ["x"], "filter": {}}, "ids"),
        ({"filter": 1}, "filter"), ({"filter": {}, "copies": 0}, "copies"), ({"filter": {}, "format": "doc"}, "format"),
        ({"filter": {}, "format": "zpl"}, "format"), ({"filter": {}, "wrong": 1}, "wrong"),
        ({"filter": {}, "dpi": 1}, "dpi"),
    ):  # fmt: skip
        answer = await api.post("/_prints/orders", body)
        assert (answer.status, answer.json["details"][0]["field"]) == (422, field), body
    assert (await api.post("/_prints/nothings", {"ids": ["x"]})).status == 404
    assert (await api.get("/_prints/orders?wrong=1")).status == 400


async def test_a_batch_by_filter_is_a_job_with_one_file(api: Api) -> None:
    thing = await item(api)
    for place in range(45):
        await order(api, thing, partner=f"客户{place}")
    answer = await api.post("/_prints/orders", {"filter": {"state": "draft"}, "sort": "number"})
    assert answer.status == 202, answer.body.decode()
    for _ in range(300):
        job = (await api.get(f"/_jobs/{answer.json['job']}")).json
        if job["state"] not in ("queued", "waiting", "running", "scheduled"):
            break
        await asyncio.sleep(0.1)
    assert job["state"] in ("done", "succeeded", "finished"), job
    pdf = await api.get(f"/_files/{job['result']['file']['id']}")
    pages = pages_of(pdf.body)
    assert len(pages) == 45
    assert re.search(r"客户：客户0(?!\d)", pages[0])
    assert re.search(r"客户：客户44(?!\d)", pages[44])
    assert all("第 1 页 / 共 1 页" in page for page in pages)
    assert (await api.get("/_prints/log?total=true")).json["total"] == 45


async def test_every_route_is_described_and_told_to_the_web(api: Api, cell_app: Any) -> None:
    paths = (await api.get("/openapi.json")).json["paths"]
    for method, route in cell_app.router.routes:
        if "_prints" in route:
            assert method.lower() in paths[route], route
    told = (await api.get("/api/v1/shop/_meta")).json["printing"]
    assert [one["name"] for one in told["entities"]["shop.order"]["prints"]] == ["order", "slip", "label"]
    assert "A4" in told["papers"]
    clerk = api.as_user(["shop.order.read", "shop.order.print"])
    seen = (await clerk.get("/api/v1/shop/_meta")).json["printing"]
    assert list(seen["entities"]) == ["shop.order"]
    assert "papers" not in seen
