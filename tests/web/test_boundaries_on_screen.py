"""Rights, tenants, versions and stopped cells, as the people at the pages meet them."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import FormPage, ListPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company, Person, RefusedError, eventually, found_company

# The browser itself writes a line to the console for every refused answer.
FORBIDDEN, MISSING, AWAY = "status of 403", "status of 404", "status of 503"
CRM = "/api/v1/crm"


def test_a_right_taken_away_is_gone_from_the_page(apps: Apps, company: Company, new_page: NewPage) -> None:
    clerk = company.hire("clerk", "钱文员", ["crm.customer.*", "crm.lead.*"])
    customer = company.admin.post(f"{CRM}/customers", {"name": "绍兴纺织有限公司", "industry": "印染"})
    page = new_page(expected=[FORBIDDEN])
    SignIn(page, apps.client).enter(clerk, f"/c/crm/customers/{customer['id']}")
    form, menu = FormPage(page), page.get_by_role("navigation", name="主菜单")
    expect(form.field("行业")).to_contain_text("印染")
    expect(menu.get_by_role("link", name="线索", exact=True)).to_be_visible()
    form.edit()
    form.fill("简称", "绍纺")

    role = company.role("clerk")
    rules = {"crm.customer.industry": "hide"}
    change = {"permissions": ["crm.customer.read"], "field_rules": rules, "version": role["version"]}
    company.admin.patch(f"/api/admin/roles/{role['id']}", change)

    # The services hear of it within seconds.
    eventually(lambda: is_refused(clerk, f"{CRM}/leads"))
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="权限").first).to_be_visible()
    expect(menu.get_by_role("link", name="线索", exact=True)).to_have_count(0, timeout=10_000)
    page.goto(f"{apps.client}/c/crm/customers/{customer['id']}")
    expect(form.field("名称")).to_contain_text("绍兴纺织有限公司")
    expect(page.get_by_role("button", name="编辑", exact=True)).to_have_count(0)
    expect(form.field("行业")).to_have_count(0)
    expect(page.get_by_text("印染")).to_have_count(0)
    page.goto(f"{apps.client}/c/crm/leads")
    expect(page.get_by_text("没有找到")).to_be_visible()
    with pytest.raises(RefusedError) as refused:
        clerk.patch(f"{CRM}/customers/{customer['id']}", {"short_name": "绍纺", "version": customer["version"]})
    assert refused.value.status == HTTPStatus.FORBIDDEN


def test_another_tenant_sees_nothing(apps: Apps, company: Company, operator: Person, new_page: NewPage) -> None:
    secret = company.admin.post(f"{CRM}/customers", {"name": "机密客户有限公司"})
    company.admin.post(f"{CRM}/leads", {"name": "机密线索", "company": "机密客户有限公司"})
    stranger = found_company(operator).admin
    page = new_page(expected=[MISSING])
    SignIn(page, apps.client).enter(stranger, "/c/crm/customers")
    ListPage(page, "客户").shown()
    expect(page.get_by_text("还没有客户")).to_be_visible()
    page.goto(f"{apps.client}/search?q=%E6%9C%BA%E5%AF%86")
    expect(page.get_by_role("status").first).to_contain_text("找到 0 条")
    expect(page.get_by_text("机密客户")).to_have_count(0)
    page.goto(f"{apps.client}/c/crm/customers/{secret['id']}")
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
    expect(
        page.get_by_role("button", name="返回").or_(page.get_by_role("button", name="回到首页")).first
    ).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("机密客户")


def test_a_second_person_s_changes_are_merged(apps: Apps, company: Company, new_page: NewPage) -> None:
    other = company.hire("colleague", "孙同事")
    made = company.admin.post(f"{CRM}/customers", {"name": "合并有限公司", "industry": "纺织", "area": "浙江"})
    page = new_page(expected=["status of 409"])
    SignIn(page, apps.client).enter(company.admin, f"/c/crm/customers/{made['id']}")
    form = FormPage(page)
    form.edit()
    form.fill("行业", "水务")
    form.fill("简称", "合并")
    change = {"industry": "电力", "area": "江苏", "version": made["version"]}
    other.patch(f"{CRM}/customers/{made['id']}", change)
    page.get_by_role("button", name="保存", exact=True).click()
    dialog = page.get_by_role("dialog", name="单据已被他人修改")
    expect(dialog).to_contain_text("孙同事")
    expect(dialog.get_by_role("row")).to_have_count(2)
    expect(dialog).to_contain_text("地区")
    dialog.get_by_role("row").nth(1).get_by_role("radio").first.check()
    dialog.get_by_role("button", name="合并并保存").click()
    expect(dialog).to_have_count(0)
    expect(form.field("行业")).to_contain_text("水务")
    now = company.admin.get(f"{CRM}/customers/{made['id']}")
    assert (now["industry"], now["area"], now["short_name"]) == ("水务", "江苏", "合并")


def test_a_stopped_cell_says_so_and_comes_back(
    apps: Apps, company: Company, operator: Person, new_page: NewPage
) -> None:
    company.admin.post("/api/v1/erp/warehouses", {"code": "W1", "name": "主仓"})
    page = new_page(expected=[AWAY, "status of 502", "status of 403"])
    SignIn(page, apps.client).enter(company.admin, "/c/crm/customers")
    ListPage(page, "客户").shown()
    switch(operator, "crm", on=False)
    try:
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("客户关系管理暂时不能使用")
        expect(page.get_by_role("alert")).to_contain_text("其他应用不受影响")
        expect(section(page, "crm")).to_contain_text("已停用")
        page.goto(f"{apps.client}/c/erp/warehouses")
        expect(ListPage(page, "仓库").shown().grid.get_by_text("主仓").first).to_be_visible()
        page.goto(f"{apps.client}/c/crm/customers")
        expect(page.get_by_role("alert")).to_contain_text("暂时不能使用")
    finally:
        switch(operator, "crm", on=True)
    # By itself: whoever waits has nothing to do but to wait.
    expect(page.get_by_role("heading", name="客户", exact=True, level=1)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("alert")).to_have_count(0)


def is_refused(person: Person, path: str) -> bool:
    """Whether he may not read it."""
    try:
        person.get(path)
    except RefusedError as refused:
        return refused.status == HTTPStatus.FORBIDDEN
    return False


def section(page: Page, cell: str) -> Locator:
    """A cell's part of the menu."""
    return page.get_by_role("navigation", name="主菜单").locator(f"[data-section={cell}]")


def switch(operator: Person, cell: str, *, on: bool) -> None:
    """As the console does it."""
    operator.post(f"/api/admin/cells/{cell}/{'enable' if on else 'disable'}")
