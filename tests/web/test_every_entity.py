"""Every entity of every cell opens from its metadata alone: its list, its empty form, and one document."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company

CELLS = ("crm", "erp")


@pytest.mark.parametrize("cell", CELLS)
def test_every_entity_opens(apps: Apps, company: Company, new_page: NewPage, cell: str) -> None:
    entities = company.admin.get(f"/api/v1/{cell}/_meta")["entities"]
    assert len(entities) > 10
    page = new_page()
    SignIn(page, apps.client).enter(company.admin)
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    for entity in entities:
        visit(page, apps, cell, entity, company)
        assert failed == [], entity["key"]


def visit(page: Page, apps: Apps, cell: str, entity: dict[str, Any], company: Company) -> None:
    """List, new form, document; what says that it cannot be used fails."""
    plural = entity["path"].rsplit("/", 1)[1]
    go(page, f"/c/{cell}/{plural}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(entity["label"])
    expect(page.get_by_role("alert")).to_have_count(0)
    if entity["kind"] == "document" and "create" in entity["permissions"]:
        go(page, f"/c/{cell}/{plural}/new")
        expect(page.get_by_role("button", name="保存", exact=True)).to_be_visible()
        needed = [field["label"] for field in entity["fields"] if field["required"] and not field["readonly"]]
        for label in needed:
            expect(page.get_by_role("group", name=label, exact=True).first).to_be_attached()
    rows = company.admin.get(entity["path"], limit="1")["items"]
    if rows:
        go(page, f"/c/{cell}/{plural}/{rows[0]['id']}")
        expect(page.get_by_role("button", name=re.compile(f"返回{re.escape(entity['label'])}列表"))).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)


def go(page: Page, path: str) -> None:
    """By the app's own router, as a click does: a document each would cost a start of the app each."""
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)
    page.wait_for_url(lambda address: urlsplit(address).path == path)
