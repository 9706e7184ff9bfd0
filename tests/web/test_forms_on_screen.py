"""What a form keeps for the one who writes in it: drafts, others' changes, pasted rows, the place in a list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import FormPage, ListPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company

CRM = "/api/v1/crm"


@pytest.fixture
def quotes(company: Company) -> list[dict[str, Any]]:
    """Three quotes of a customer, the first one the oldest."""
    admin = company.admin
    customer = admin.post(f"{CRM}/customers", {"name": "宁波水务"})
    for code, name, price in (("P-1", "离心泵", "113"), ("P-2", "潜水泵", "55.5")):
        product = admin.post(f"{CRM}/products", {"code": code, "name": name, "price": price, "tax_rate": "0.13"})
    lines = [{"product_id": product["id"], "quantity": "2"}]
    return [
        admin.post(f"{CRM}/quotes", {"name": f"报价{number}", "customer_id": customer["id"], "lines": lines})
        for number in range(3)
    ]


def test_what_is_not_saved_is_kept(
    apps: Apps, company: Company, quotes: list[dict[str, Any]], new_page: NewPage
) -> None:
    page = new_page()
    SignIn(page, apps.client).enter(company.admin)
    form = FormPage(page)
    ListPage(page, "报价单").open_from_menu().create()
    form.fill("主题", "草稿报价")
    form.pick("客户", "宁波水务")
    form.set_line("明细", 1, {"产品": "→离心泵", "数量": "10"})

    # Leaving is asked about, and staying stays.
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_role("link", name="客户", exact=True).click()
    page.get_by_role("dialog", name="离开这张单据").get_by_role("button", name="取消").click()
    expect(form.field("主题").get_by_role("textbox")).to_have_value("草稿报价")
    menu.get_by_role("link", name="客户", exact=True).click()
    page.get_by_role("dialog", name="离开这张单据").get_by_role("button", name="离开").click()
    ListPage(page, "客户").shown()

    ListPage(page, "报价单").open_from_menu().create()
    expect(form.field("主题").get_by_role("textbox")).to_have_value("")
    page.get_by_role("button", name="继续填写").click()
    expect(form.field("主题").get_by_role("textbox")).to_have_value("草稿报价")
    form.save()
    expect(form.field("金额")).to_contain_text("1,130.00")

    # What is saved is no draft any more.
    ListPage(page, "报价单").open_from_menu().create()
    expect(form.field("主题").get_by_role("textbox")).to_have_value("")
    expect(page.get_by_role("button", name="继续填写")).to_have_count(0)


def test_changes_of_two_people_are_merged(
    apps: Apps, company: Company, quotes: list[dict[str, Any]], new_page: NewPage
) -> None:
    admin, quote = company.admin, quotes[0]
    there = f"{CRM}/quotes/{quote['id']}"
    page = new_page(expected=["409"])
    SignIn(page, apps.client).enter(admin, f"/c/crm/quotes/{quote['id']}")
    form = FormPage(page)
    form.edit()
    form.fill("主题", "我的主题")
    form.fill("备注", "我的备注")
    form.set_line("明细", 1, {"数量": "7"})
    other = admin.patch(there, {"name": "别人的主题", "terms": "别人的条款", "version": quote["version"]})
    page.get_by_role("button", name="保存", exact=True).click()

    dialog = page.get_by_role("dialog", name="单据已被他人修改")
    expect(dialog).to_contain_text("对方单独修改的内容已自动采用：条款")
    expect(dialog.get_by_role("button", name="还有 1 项未决定")).to_be_disabled()
    dialog.get_by_role("radio", name="我的主题").check()
    dialog.get_by_role("button", name="合并并保存").click()
    expect(form.field("主题")).to_contain_text("我的主题")
    expect(page.get_by_role("button", name="编辑", exact=True)).to_be_visible()
    merged = admin.get(there)
    assert (merged["name"], merged["terms"], merged["remark"]) == ("我的主题", "别人的条款", "我的备注")
    assert (merged["lines"][0]["quantity"], merged["version"]) == ("7.000000", other["version"] + 1)


def test_rows_of_a_spreadsheet_are_pasted_into_the_lines(
    apps: Apps, company: Company, quotes: list[dict[str, Any]], new_page: NewPage
) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    SignIn(page, apps.client).enter(company.admin)
    form = FormPage(page)
    ListPage(page, "报价单").open_from_menu().create()
    form.pick("客户", "宁波水务")
    put(page, "离心泵\t3\t100\n潜水泵\t1,200\t50.5\n没有的\t2\t1")
    lines = page.get_by_role("region", name="明细", exact=True)
    lines.get_by_role("row").nth(1).get_by_role("gridcell").nth(2).click()
    page.keyboard.press("Control+v")
    expect(lines).to_contain_text("潜水泵")
    expect(page.get_by_text("未能识别")).to_contain_text("没有的")
    # The box itself is hidden below what is drawn for it.
    lines.get_by_role("row").nth(3).locator("label").click()
    lines.get_by_role("button", name="删除行").first.click()
    form.save()
    expect(form.field("金额")).to_contain_text("60,900.00")


def put(page: Page, text: str) -> None:
    """Copy a text, as from a spreadsheet."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def test_the_neighbours_in_the_list_and_a_copy(
    apps: Apps, company: Company, quotes: list[dict[str, Any]], new_page: NewPage
) -> None:
    admin = company.admin
    page = new_page()
    SignIn(page, apps.client).enter(admin, "/c/crm/quotes")
    ListPage(page, "报价单").shown().open_row("报价1")
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text(quotes[1]["number"])
    page.get_by_role("button", name="下一条").click()
    expect(title).to_contain_text(quotes[0]["number"])
    expect(page.get_by_role("button", name="下一条")).to_be_disabled()
    page.keyboard.press("Alt+ArrowLeft")
    expect(title).to_contain_text(quotes[1]["number"])
    form = FormPage(page)
    form.act_more("复制为新单")
    expect(form.field("主题").get_by_role("textbox")).to_have_value("报价1")
    form.fill("主题", "副本")
    form.save()
    expect(page).to_have_url(re.compile(r"/quotes/[0-9a-f-]{36}"))
    [copy] = [row for row in admin.get(f"{CRM}/quotes")["items"] if row["name"] == "副本"]
    assert copy["id"] not in {quote["id"] for quote in quotes}
    assert (copy["amount"], copy["state"]) == ("111.00", "draft")
