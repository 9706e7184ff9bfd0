"""The first day of a platform: the operator settles his password and makes a tenant, its administrator a user."""

from __future__ import annotations

import secrets

from playwright.sync_api import Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_signing import SignIn
from tests.web.people import Person

FIRST, OWN, CLERKS = "First-Pass-2026", "My-Own-Pass-2027", "Begin-Here-2026"


def test_a_tenant_its_roles_and_its_users(apps: Apps, operator: Person, new_page: NewPage) -> None:
    code = f"n{secrets.token_hex(4)}"
    page = new_page()
    SignIn(page, apps.admin).enter(operator)
    find(page, "租户")
    page.get_by_role("button", name="新建租户").click()
    form = page.get_by_role("dialog", name="新建租户")
    form.get_by_label("名称", exact=True).fill(f"新公司 {code}")
    form.get_by_label("编码", exact=True).fill(code)
    form.get_by_label("管理员", exact=True).or_(form.get_by_label("用户名", exact=True)).first.fill("chief")
    form.get_by_label("姓名", exact=True).fill("周主管")
    form.get_by_label("初始密码").fill(FIRST)
    form.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_text(f"新公司 {code}").first).to_be_visible()

    chief = new_page(expected=["status of 403"])
    door = SignIn(chief, apps.admin).open()
    door.try_with({"tenant": code, "username": "chief", "password": FIRST})
    door.set_first_password(FIRST, OWN)
    menu = chief.get_by_role("navigation", name="主菜单")
    expect(menu.get_by_role("link", name="租户", exact=True)).to_have_count(0)
    find(chief, "角色")
    chief.get_by_role("button", name="新建角色").click()
    role = chief.get_by_role("dialog", name="新建角色")
    role.get_by_label("名称", exact=True).fill("文员")
    role.get_by_label("编码", exact=True).fill("clerk")
    role.get_by_role("button", name="新建", exact=True).click()
    expect(chief.get_by_text("请设置权限")).to_be_visible()
    find(chief, "用户")
    chief.get_by_role("button", name="新建用户").click()
    user = chief.get_by_role("dialog", name="新建用户")
    user.get_by_label("用户名", exact=True).fill("clerk")
    user.get_by_label("姓名", exact=True).fill("钱文员")
    user.get_by_label("初始密码").fill(CLERKS)
    user.get_by_label("角色", exact=True).click()
    chief.get_by_role("option", name="文员").click()
    chief.keyboard.press("Escape")
    user.get_by_role("button", name="新建", exact=True).click()
    expect(chief.get_by_text("钱文员").first).to_be_visible()
    made = Person(apps.api, code, "chief", OWN).get("/api/admin/users")["items"]
    assert {item["username"] for item in made} == {"chief", "clerk"}


def find(page: Page, name: str) -> None:
    """A page by its name in the menu."""
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_role("searchbox", name="搜索菜单").fill(name)
    menu.get_by_role("link", name=name, exact=True).click()
    menu.get_by_role("searchbox", name="搜索菜单").fill("")
