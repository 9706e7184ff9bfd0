"""From a lead to the money by two people who use nothing but the pages."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import FormPage, ListPage
from tests.web.pages_inbox import Inbox
from tests.web.pages_signing import SignIn
from tests.web.people import Company, eventually

CUSTOMER = "宁波水务有限公司"


def prepare(company: Company) -> None:
    """What the warehouse and the price list have before the story begins."""
    admin = company.admin
    warehouse = admin.post("/api/v1/erp/warehouses", {"code": "W1", "name": "主仓", "is_default": True})
    item = admin.post("/api/v1/erp/items", {"code": "P-1", "name": "离心泵"})
    lines = [{"item_id": item["id"], "quantity": "100", "unit_cost": "60"}]
    stock = admin.post("/api/v1/erp/stock-receipts", {"warehouse_id": warehouse["id"], "lines": lines})
    admin.post(f"/api/v1/erp/stock-receipts/{stock['id']}/post")
    product = {"code": "P-1", "name": "离心泵", "price": "113.00", "tax_rate": "0.13"}
    admin.post("/api/v1/crm/products", product)


def test_from_a_lead_to_the_money(apps: Apps, company: Company, new_page: NewPage) -> None:
    prepare(company)
    boss = company.hire("boss", "赵经理")
    seller_page, boss_page = new_page(), new_page()
    SignIn(seller_page, apps.client).enter(company.admin)
    SignIn(boss_page, apps.client).enter(boss, "/inbox")
    form = FormPage(seller_page)

    leads = ListPage(seller_page, "线索").open_from_menu()
    leads.create()
    form.fill("姓名", "王工")
    form.fill("公司", CUSTOMER)
    form.fill("手机", "13800138000")
    form.save()
    form.act("转化", asked=True)

    quote_with_discount(seller_page)
    form.act("提交", asked=True)
    form.state("审批中")
    approve(boss_page)
    seller_page.reload()
    form.act("发送客户")
    form.act("客户接受")
    form.act("生成合同")
    expect(seller_page).to_have_url(re.compile("/c/crm/contracts/"))
    form.act("提交", asked=True)
    form.state("审批中")
    approve(boss_page)

    deliver_and_collect(seller_page, company)
    seller_page.goto(f"{apps.client}/c/erp/reports/ar-ageing")
    row = seller_page.get_by_role("row").filter(has_text=CUSTOMER)
    expect(row).to_contain_text("304.00")


def quote_with_discount(page: Page) -> None:
    """Cheaper than the seller may sell by himself: 10 pieces at 113.00 less 20 %."""
    form = FormPage(page)
    ListPage(page, "报价单").open_from_menu().create()
    form.pick("客户", CUSTOMER)
    form.set_line("明细", 1, {"产品": "→离心泵", "数量": "10", "折扣率": "20"})
    form.save()
    expect(form.field("金额")).to_contain_text("904.00")


def approve(page: Page) -> None:
    """What comes to the other person's inbox is agreed to."""
    inbox = Inbox(page)
    page.get_by_role("button", name="刷新", exact=True).click()
    expect(inbox.waiting).to_have_count(1)
    inbox.approve(inbox.waiting.get_by_role("button").first.inner_text().split("\n")[0])


def deliver_and_collect(page: Page, company: Company) -> None:
    """The order that the contract has become by itself; 600.00 of 904.00 are paid."""
    form = FormPage(page)
    order = eventually(lambda: company.admin.get("/api/v1/erp/orders")["items"])[0]
    orders = ListPage(page, "销售订单").open_from_menu()
    orders.open_row(order["number"])
    expect(form.field("客户")).to_contain_text(CUSTOMER)
    form.act("确认")
    form.state("已确认")
    form.act("生成发货单", asked=True)
    expect(page).to_have_url(re.compile("/c/erp/deliveries/"))
    form.act("出库过账")
    form.state("已出库")
    form.act("生成发票", asked=True)
    expect(page).to_have_url(re.compile("/c/erp/invoices/"))
    form.act("过账")
    form.state("已过账")
    ListPage(page, "收款单").open_from_menu().create()
    form.pick("客户", CUSTOMER)
    form.fill("金额", "600")
    form.save()
    form.act("过账")
    form.state("已过账")
