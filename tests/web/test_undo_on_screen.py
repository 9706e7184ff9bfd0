"""What the pages offer to take back is taken back at the service, and not only on the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import ListPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company, Person, eventually

TIMEOUT = "GATEWAY_TIMEOUT"


def take_back(page: Page) -> None:
    """The button in the message that tells what was done."""
    page.get_by_role("button", name="撤销", exact=True).last.click()


def test_a_disabled_user_is_enabled_again(apps: Apps, company: Company, new_page: NewPage) -> None:
    clerk = company.hire("zhou", "周工")
    page = new_page()
    SignIn(page, apps.admin).enter(company.admin, "/users")
    page.get_by_text("zhou", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="停用", exact=True).click()
    page.get_by_role("dialog", name="停用").get_by_role("button", name="停用", exact=True).click()
    there = f"/api/admin/users/{clerk.id}"
    assert eventually(lambda: company.admin.get(there)["is_active"] is False)
    take_back(page)
    assert eventually(lambda: company.admin.get(there)["is_active"] is True)


def test_a_setting_of_the_platform_goes_back(apps: Apps, operator: Person, new_page: NewPage) -> None:
    def value() -> Any:
        items = operator.get("/api/admin/configuration")["items"]
        return next(item for item in items if item["name"] == TIMEOUT)["value"]

    before = value()
    page = new_page()
    SignIn(page, apps.admin).enter(operator, "/configuration")
    page.get_by_label("请求超时", exact=True).fill("31")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="预览并应用").click()
    dialog = page.get_by_role("dialog", name="将要应用的修改")
    dialog.get_by_role("textbox").fill("试一下")
    dialog.get_by_role("button", name="应用", exact=True).click()
    assert eventually(lambda: str(value()) == "31")
    take_back(page)
    assert eventually(lambda: value() == before)
    expect(page.get_by_label("请求超时", exact=True)).to_have_value(str(before))


def test_a_route_goes_back(apps: Apps, operator: Person, new_page: NewPage) -> None:
    def seconds() -> Any:
        return operator.get("/api/admin/routes")["cells"]["crm"]["timeout_seconds"]

    before = seconds()
    page = new_page()
    SignIn(page, apps.admin).enter(operator, "/routes")
    page.get_by_role("row").filter(has_text="crm").get_by_role("button", name="修改超时").first.click()
    dialog = page.get_by_role("dialog", name="crm 的路由")
    dialog.get_by_text("单独设置").click()
    dialog.get_by_role("spinbutton").fill("45")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="应用", exact=True).click()
    assert eventually(lambda: seconds() == 45)
    take_back(page)
    assert eventually(lambda: seconds() == before)


def test_a_rule_of_alerts_goes_back(apps: Apps, operator: Person, new_page: NewPage) -> None:
    rules = operator.get("/api/admin/alerts/rules")["items"]
    first = rules[0]

    def enabled() -> bool:
        items = operator.get("/api/admin/alerts/rules")["items"]
        return bool(next(item for item in items if item["id"] == first["id"])["enabled"])

    page = new_page()
    SignIn(page, apps.admin).enter(operator, "/alerts")
    page.get_by_role("tab", name="规则").click()
    row = page.get_by_role("row").filter(has_text=first["label"]["zh"]).first
    row.get_by_role("button", name="编辑").click()
    dialog = page.get_by_role("dialog", name=first["label"]["zh"])
    dialog.locator(".el-switch").click()
    dialog.get_by_role("button", name="保存").click()
    assert eventually(lambda: enabled() is not first["enabled"])
    take_back(page)
    assert eventually(lambda: enabled() is first["enabled"])


def test_a_disabled_cell_is_enabled_again(apps: Apps, operator: Person, new_page: NewPage) -> None:
    def enabled() -> bool:
        return bool(operator.get("/api/admin/cells/erp")["enabled"])

    page = new_page()
    SignIn(page, apps.admin).enter(operator, "/cells")
    row = page.get_by_role("row").filter(has_text="erp")
    row.get_by_role("button", name="停用", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="停用", exact=True).click()
    assert eventually(lambda: enabled() is False)
    take_back(page)
    assert eventually(enabled)


def test_a_value_in_a_list_goes_back(apps: Apps, company: Company, new_page: NewPage) -> None:
    row = company.admin.post("/api/v1/crm/customers", {"name": "乙"})

    def now() -> str:
        return str(company.admin.get(f"/api/v1/crm/customers/{row['id']}")["name"])

    page = new_page()
    SignIn(page, apps.client).enter(company.admin, "/c/crm/customers")
    ListPage(page, "客户").shown().grid.get_by_text("乙", exact=True).first.click()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("乙公司")
    page.keyboard.press("Enter")
    assert eventually(lambda: now() == "乙公司")
    take_back(page)
    assert eventually(lambda: now() == "乙")
