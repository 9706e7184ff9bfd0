"""An import with errors: they are shown by row and column, the corrected file is written, and taken back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company

CUSTOMERS = "/api/v1/crm/customers"
WRONG = "名称,邮箱,地区\n杭州甲有限公司,a@example.com,浙江\n,b@example.com,浙江\n宁波丙有限公司,not-an-address,浙江\n"
RIGHT = WRONG.replace("\n,b@", "\n杭州乙有限公司,b@").replace("not-an-address", "c@example.com")


def test_errors_are_found_corrected_committed_and_undone(apps: Apps, company: Company, new_page: NewPage) -> None:
    page = new_page()
    SignIn(page, apps.client).enter(company.admin, "/c/crm/customers")
    page.get_by_role("toolbar").get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="导入").click()
    check(page, WRONG)
    problems = page.get_by_role("table", name="错误明细")
    expect(problems.get_by_role("row").filter(has_text="名称")).to_contain_text("3")
    expect(problems.get_by_role("row").filter(has_text="邮箱")).to_contain_text("4")
    expect(page.get_by_role("button", name="导入 ", exact=False).last).to_be_disabled()
    assert company.admin.get(CUSTOMERS)["items"] == []

    page.get_by_role("button", name="导入另一个文件").click()
    check(page, RIGHT)
    expect(page.get_by_role("alert")).to_contain_text("预检通过")
    page.get_by_role("button", name="导入 3 条").click()
    expect(page.get_by_role("alert").filter(has_text="导入完成")).to_be_visible()
    assert len(company.admin.get(CUSTOMERS)["items"]) == 3

    page.get_by_role("button", name="撤销这次导入").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_role("alert").filter(has_text="已撤销")).to_be_visible()
    assert company.admin.get(CUSTOMERS)["items"] == []


def check(page: Page, text: str) -> None:
    """Upload, keep the columns as they were recognised, and rehearse."""
    file = {"name": "客户.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("选择文件").and_(page.locator("input")).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="预检", exact=True).click()
    expect(page.get_by_role("button", name="返回修改对应关系")).to_be_visible()
