"""A cell from the scaffold has working pages in the client as it was built before the cell was thought of."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.running import ROOT
from tests.web.conftest import Apps, NewPage
from tests.web.new_cell import NewCell
from tests.web.pages_documents import ListPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company, Person, eventually

DIST = ROOT / "web" / "apps" / "client" / "dist"
ENTITY = ("--entity", "quality_check", "--entity-zh", "质检单", "--entity-en", "Quality check")


@pytest.fixture
def qms(apps: Apps, operator: Person, tmp_path: Path) -> Iterator[NewCell]:
    """Written but not started; nothing of it is left in the platform afterwards."""
    cell = NewCell("qms", tmp_path / "repository", apps.platform)
    cell.write("--zh", "质量管理", "--en", "Quality management", *ENTITY)
    try:
        yield cell
    finally:
        cell.stop()
        if any(item["name"] == "qms" for item in operator.get("/api/admin/cells")["items"]):
            operator.send("DELETE", "/api/admin/cells/qms")


def fingerprint() -> dict[str, str]:
    """The built client, file by file."""
    files = [path for path in sorted(DIST.rglob("*")) if path.is_file()]
    return {str(path.relative_to(DIST)): sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_new_cell_has_pages_without_a_build(apps: Apps, company: Company, qms: NewCell, new_page: NewPage) -> None:
    built = fingerprint()
    texts = b"".join(path.read_bytes() for path in DIST.rglob("*") if path.suffix in {".js", ".html", ".css"})
    assert not [text for text in ("质量管理", "质检单", "quality-check") if text.encode() in texts]

    page = new_page()
    SignIn(page, apps.client).enter(company.admin)
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu.get_by_text("客户关系").first).to_be_attached()
    expect(menu.get_by_text("质量管理")).to_have_count(0)

    qms.start()
    entities = eventually(lambda: _entities(company.admin), 60)
    assert "质检单" in {entity["label"] for entity in entities}

    page.reload()
    checks = ListPage(page, "质检单").open_from_menu()
    expect(menu.get_by_text("质量管理").first).to_be_attached()
    expect(page.get_by_role("alert")).to_have_count(0)

    form = checks.create()
    form.fill("事由", "进料检验")
    form.field("计划日期").get_by_role("combobox").fill("2026-03-05")
    page.keyboard.press("Enter")
    form.set_line("明细", 1, {"名称": "外观", "数量": "3", "单价": "1.5"})
    form.save()
    form.state("草稿")
    expect(form.field("事由")).to_contain_text("进料检验")
    form.act("提交")
    form.state("已提交")
    [row] = company.admin.get("/api/v1/qms/quality-checks")["items"]
    assert (row["subject"], row["planned_date"], row["state"], row["amount"]) == (
        "进料检验",
        "2026-03-05",
        "submitted",
        "4.50",
    )

    ListPage(page, "质检单").open_from_menu().open_row("进料检验")
    expect(page.get_by_role("heading", level=1)).to_contain_text("进料检验")
    page.get_by_role("tab", name="动态").click()
    expect(page.get_by_role("tabpanel", name="动态")).to_contain_text("提交")
    assert fingerprint() == built


def _entities(person: Person) -> list[dict[str, str]]:
    cells = person.get("/api/v1/platform/cells")["items"]
    if not any(cell["name"] == "qms" and cell["light"] == "green" for cell in cells):
        return []
    return list(person.get("/api/v1/qms/_meta")["entities"])
