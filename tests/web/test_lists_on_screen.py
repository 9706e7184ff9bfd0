"""A list that is worked in like a spreadsheet, and a scan page that goes on working without a network."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import FormPage, ListPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company, eventually

CRM, ERP = "/api/v1/crm", "/api/v1/erp"


def test_cells_are_written_and_pasted(apps: Apps, company: Company, new_page: NewPage) -> None:
    admin = company.admin
    for name in ("甲", "乙", "丙"):
        admin.post(f"{CRM}/customers", {"name": name})

    def names() -> list[str]:
        return [row["name"] for row in admin.get(f"{CRM}/customers", sort="number")["items"]]

    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    SignIn(page, apps.client).enter(admin, "/c/crm/customers")
    customers = ListPage(page, "客户").shown()
    customers.grid.get_by_text("乙", exact=True).first.click()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("乙公司")
    page.keyboard.press("Enter")
    assert eventually(lambda: names() == ["甲", "乙公司", "丙"])

    # The newest stands first: two names from a spreadsheet go over 丙 and 乙公司.
    page.evaluate("text => navigator.clipboard.writeText(text)", "丙公司\n乙集团")
    customers.grid.get_by_text("丙", exact=True).first.click()
    page.keyboard.press("Control+v")
    dialog = page.get_by_role("dialog", name="粘贴表格内容")
    expect(dialog).to_contain_text("修改 2 条")
    dialog.get_by_role("button", name="写入").click()
    assert eventually(lambda: names() == ["甲", "乙集团", "丙公司"])
    expect(customers.grid.get_by_text("乙集团")).to_be_visible()


def test_what_is_scanned_without_a_network_is_sent_later_and_once(
    apps: Apps, company: Company, new_page: NewPage
) -> None:
    admin = company.admin
    house = admin.post(f"{ERP}/warehouses", {"code": "W1", "name": "主仓", "is_default": True})
    item = admin.post(f"{ERP}/items", {"code": "P-1", "name": "离心泵"})
    lines = [{"item_id": item["id"], "quantity": "100", "unit_cost": "60"}]
    stock = admin.post(f"{ERP}/stock-receipts", {"warehouse_id": house["id"], "lines": lines})
    admin.post(f"{ERP}/stock-receipts/{stock['id']}/post")
    buyer = admin.post(f"{ERP}/partners", {"code": "C1", "name": "甲公司", "is_customer": True})
    lines = [{"item_id": item["id"], "quantity": "10", "price": "100"}]
    order = admin.post(f"{ERP}/orders", {"partner_id": buyer["id"], "lines": lines})
    admin.post(f"{ERP}/orders/{order['id']}/confirm", {"version": order["version"]})
    delivery = admin.post(f"{ERP}/orders/{order['id']}/deliver")
    views = admin.get(f"{ERP}/_views", entity="erp.delivery")["items"]
    view = next(view for view in views if view["kind"] == "scan")
    [delivery] = admin.get(f"{ERP}/deliveries")["items"]

    page = new_page(expected=["ERR_INTERNET_DISCONNECTED"])
    SignIn(page, apps.client).enter(admin, f"/scan/erp/deliveries/{view['id']}")
    expect(page.get_by_text("请扫描条码")).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.type(delivery["number"], delay=5)
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存，联网后自动提交")).to_be_visible()
    expect(page.get_by_text("待提交 1 条")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已完成“出库过账”")).to_be_visible(timeout=30_000)
    assert admin.get(f"{ERP}/deliveries/{delivery['id']}")["state"] == "posted"
    [balance] = admin.get(f"{ERP}/stock-balances")["items"]
    assert balance["quantity"] == "90.000000"


def test_a_forms_head_is_one_row_on_a_phone(apps: Apps, company: Company, new_page: NewPage) -> None:
    lead = company.admin.post(f"{CRM}/leads", {"name": "王工", "company": "宁波水务"})
    page = new_page()
    SignIn(page, apps.client).enter(company.admin)
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{apps.client}/c/crm/leads/{lead['id']}")
    menu, edit = (page.get_by_role("button", name=name, exact=True) for name in ("更多操作", "编辑"))
    expect(menu).to_be_visible()
    boxes = [button.bounding_box() for button in (menu, edit)]
    assert boxes[0]
    assert boxes[1]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 2
    assert boxes[0]["x"] + boxes[0]["width"] <= 375
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    FormPage(page).act_more("复制为新单")
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_in_viewport()
