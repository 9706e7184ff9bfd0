"""The first login of a platform, the first tenant, and what happens to who guesses passwords."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company

WRONG = "Wrong-Pass-2026"


def test_a_locked_login_is_told_in_plain_words(apps: Apps, company: Company, new_page: NewPage) -> None:
    clerk = company.hire("clerk", "钱文员")
    page = new_page(expected=["status of 401", "status of 423", "status of 429", "status of 403"])
    door = SignIn(page, apps.client).open()
    for _ in range(5):
        door.try_with({**clerk.login, "password": WRONG})
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("button", name="登录", exact=True)).to_be_enabled()
    door.try_with(clerk.login)
    expect(page.get_by_role("alert")).to_contain_text("分钟")
    expect(page.get_by_role("alert")).to_contain_text("管理员解锁")
    assert "INTERNAL" not in page.locator("body").inner_text()
    # One name is locked, not the company.
    SignIn(new_page(), apps.client).enter(company.admin)
