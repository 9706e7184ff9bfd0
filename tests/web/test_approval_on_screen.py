"""More than yes and no: an approver asks others, passes his task on, sends the document back, and all of it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import FormPage, pick
from tests.web.pages_signing import SignIn
from tests.web.people import Company, Person

CRM = "/api/v1/crm"


@dataclass(frozen=True, slots=True)
class Office:
    """A quote that is too cheap, and who judges it."""

    company: Company
    boss: Person
    colleague: Person
    quote: dict[str, Any]

    @property
    def approval(self) -> dict[str, Any]:
        """The approval as the administrator sees it."""
        asked = {"box": "document", "entity": "crm.quote", "document_id": self.quote["id"]}
        [listed] = self.company.admin.get(f"{CRM}/_approvals", **asked)["items"]
        return dict(self.company.admin.get(f"{CRM}/_approvals/{listed['id']}"))

    def waits_for(self, person: Person) -> bool:
        """Whether the quote is among somebody's tasks."""
        tasks = person.get(f"{CRM}/_approvals", box="todo")["items"]
        return any(task["document_id"] == self.quote["id"] for task in tasks)


@pytest.fixture
def office(company: Company) -> Office:
    """The administrator has submitted the quote."""
    admin = company.admin
    boss, colleague = company.hire("boss", "赵经理"), company.hire("sun", "孙主管", ["crm.quote.read"])
    customer = admin.post(f"{CRM}/customers", {"name": "宁波水务"})
    product = admin.post(f"{CRM}/products", {"code": "P-1", "name": "离心泵", "price": "113", "tax_rate": "0.13"})
    lines = [{"product_id": product["id"], "quantity": "2", "discount": "0.2"}]
    quote = admin.post(f"{CRM}/quotes", {"name": "报价", "customer_id": customer["id"], "lines": lines})
    admin.post(f"{CRM}/quotes/{quote['id']}/submit", {"version": quote["version"]})
    return Office(company, boss, colleague, quote)


def act(page: Page, verb: str) -> Locator:
    """Open the dialog of an action, from the buttons or from the menu behind them."""
    panel = page.get_by_role("region", name="审批", exact=True)
    expect(panel.get_by_role("button", name="更多", exact=True)).to_be_visible()
    button = panel.get_by_role("button", name=verb, exact=True)
    if button.count():
        button.click()
    else:
        panel.get_by_role("button", name="更多", exact=True).click()
        page.get_by_role("menuitem", name=verb, exact=True).click()
    return page.get_by_role("dialog", name=verb)


def finish(dialog: Locator, verb: str, opinion: str) -> None:
    """Say something, and do it."""
    dialog.get_by_role("textbox", name="意见").fill(opinion)
    dialog.locator("footer").get_by_role("button", name=verb).click()
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize(
    ("verb", "place"), [("加签", "在我之前"), ("加签", "在我之后"), ("委派", ""), ("管理员转交", "")]
)
def test_others_are_asked(apps: Apps, office: Office, new_page: NewPage, verb: str, place: str) -> None:
    page = new_page()
    SignIn(page, apps.client).enter(office.boss, f"/c/crm/quotes/{office.quote['id']}")
    panel = page.get_by_role("region", name="审批", exact=True)
    # In words, not by the name of a permission.
    expect(panel).to_contain_text("可以审批报价单的人")
    tasks = page.get_by_role("banner").get_by_role("link", name="待办审批")
    expect(tasks).to_have_accessible_name("待办审批 1 项")
    dialog = act(page, verb)
    if place:
        dialog.get_by_text(place).click()
    # The whole box takes a click, and not only the few points of its own input.
    pick(page, dialog.get_by_role("combobox", name="人员"), "孙主管")
    finish(dialog, verb, "请看一下")
    expect(panel).to_contain_text("孙主管")
    # Whoever asks others after himself has said his own yes by that.
    assert office.waits_for(office.colleague)
    assert not office.waits_for(office.boss)
    # The number above is not left as it was until the next time that it is asked for.
    expect(tasks).to_have_accessible_name("待办审批 0 项")
    panel.get_by_role("button", name="审批日志").click()
    entry = panel.get_by_role("listitem").filter(has_text="请看一下").last
    expect(entry).to_contain_text(f"赵经理 · {verb} → 孙主管")


def test_a_document_is_sent_back_and_comes_again(apps: Apps, office: Office, new_page: NewPage) -> None:
    page = new_page()
    SignIn(page, apps.client).enter(office.boss, f"/c/crm/quotes/{office.quote['id']}")
    dialog = act(page, "退回")
    dialog.locator("footer").get_by_role("button", name="退回").click()
    expect(dialog).to_contain_text("请填写意见")
    finish(dialog, "退回", "价格太低")
    expect(page.get_by_role("region", name="审批", exact=True)).to_contain_text("已退回提交人")
    assert office.approval["returned"] is True

    seller = new_page()
    SignIn(seller, apps.client).enter(office.company.admin, f"/c/crm/quotes/{office.quote['id']}")
    form = FormPage(seller)
    form.edit()
    form.set_line("明细", 1, {"折扣率": "15"})
    form.save()
    finish(act(seller, "重新提交"), "重新提交", "已提高")
    assert office.waits_for(office.boss)


def test_the_inbox_tells_the_same_course(apps: Apps, office: Office, new_page: NewPage) -> None:
    page = new_page()
    SignIn(page, apps.client).enter(office.boss, "/inbox")
    page.get_by_role("list", name="待办").get_by_role("listitem").get_by_role("button").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("折扣审批")
    expect(drawer).to_contain_text("可以审批报价单的人")
    expect(drawer.get_by_role("listitem").filter(has_text="管理员 · 提交")).to_be_visible()
