"""The main pages of both apps: nothing serious for axe, nothing in the console, and a picture for people to look at.

The pictures are in ``var/screenshots`` (not in the repository), a file for each page, scheme, language and size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.running import ROOT
from tests.web.conftest import Apps, NewPage
from tests.web.people import Company, Person

PICTURES = ROOT / "var" / "screenshots"
PHONE = {"width": 390, "height": 844}
CLIENT = {
    "home": "/",
    "inbox": "/inbox",
    "messages": "/messages",
    "me": "/me",
    "search": "/search?q=%E6%B0%B4%E5%8A%A1",
    "list": "/c/crm/customers",
    "form": "/c/crm/customers/{customer}",
    "new": "/c/crm/quotes/new",
    "dashboard": "/c/crm/dashboard",
    "report": "/c/erp/reports/ar-ageing",
    "import": "/c/crm/customers/import",
    "scan": "/scan/erp/deliveries/erp.delivery.scan",
}
ADMIN = {
    "health": "/health-board",
    "cells": "/cells",
    "tenants": "/tenants",
    "users": "/users",
    "roles": "/roles",
    "audit": "/audit",
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": PHONE, "has_touch": True},
    "en": {"locale": "en-US"},
}


def look_at(page: Page, name: str) -> None:
    """Wait until it has settled, and take its picture."""
    expect(page.get_by_role("heading").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_client(
    apps: Apps, company: Company, new_page: NewPage, accessible: Callable[[Page], list[str]], look: str
) -> None:
    customer = company.admin.post("/api/v1/crm/customers", {"name": "宁波水务有限公司", "industry": "水务"})
    page = new_page(**LOOKS[look])
    enter(page, apps.client, company.admin)
    found = {}
    for name, path in CLIENT.items():
        page.goto(apps.client + path.format(customer=customer["id"]))
        look_at(page, f"client-{name}-{look}")
        found[name] = accessible(page)
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_console(
    apps: Apps, operator: Person, new_page: NewPage, accessible: Callable[[Page], list[str]], look: str
) -> None:
    page = new_page(**LOOKS[look])
    enter(page, apps.admin, operator)
    found = {}
    for name, path in ADMIN.items():
        page.goto(apps.admin + path)
        look_at(page, f"admin-{name}-{look}")
        found[name] = accessible(page)
    assert {name: findings for name, findings in found.items() if findings} == {}


def enter(page: Page, address: str, person: Person) -> None:
    """Sign in, whatever the language."""
    page.goto(f"{address}/login")
    page.locator("[name=organization]").fill(person.tenant)
    page.locator("[name=username]").fill(person.username)
    page.locator("input[type=password]").fill(person.password)
    page.keyboard.press("Enter")
    expect(page.locator("#sp-main")).to_be_visible()
