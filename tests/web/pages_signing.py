"""The way in, as a person sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.web.people import Person

# A box says what it is for, and so does the button inside it that shows the password.
_PASSWORD = "密码"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The login page of either app."""

    page: Page
    address: str

    def open(self) -> SignIn:
        """Go there."""
        self.page.goto(f"{self.address}/login")
        expect(self.page.get_by_label("租户代码")).to_be_visible()
        return self

    def try_with(self, login: dict[str, str]) -> None:
        """Type and send; what comes of it is for the caller to see."""
        self.page.get_by_label("租户代码").fill(login["tenant"])
        self.page.get_by_label("用户名").fill(login["username"])
        self.page.get_by_label(_PASSWORD, exact=True).fill(login["password"])
        self.page.get_by_role("button", name="登录", exact=True).click()

    def enter(self, person: Person, path: str = "/") -> Page:
        """Sign in and go to a page."""
        self.open()
        self.try_with(person.login)
        expect(self.page.get_by_role("navigation", name="主菜单")).to_be_attached()
        if path != "/":
            self.page.goto(self.address + path)
        return self.page

    def set_first_password(self, old: str, new: str) -> None:
        """The page that comes before everything else while the password is one that others know."""
        expect(self.page.get_by_text("需要先设置自己的新密码")).to_be_visible()
        self.page.get_by_label("原密码", exact=True).fill(old)
        self.page.get_by_label("新密码", exact=True).fill(new)
        self.page.get_by_label("再输一次新密码", exact=True).fill(new)
        self.page.get_by_role("button", name="保存新密码").click()
        expect(self.page).not_to_have_url(re.compile("password"))
