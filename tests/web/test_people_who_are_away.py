"""Who is not signed in at the moment is a colleague like any other: he can be given work, told of it, and named."""

from __future__ import annotations

import pypdfium2

from tests.web.people import Company

CRM = "/api/v1/crm"


def test_somebody_who_has_never_signed_in_takes_part(company: Company) -> None:
    admin = company.admin
    away = company.hire("away", "钱外勤")
    customer = admin.post(f"{CRM}/customers", {"name": "甲公司"})
    body = {"owner_id": away.id, "reason": "换人", "version": customer["version"]}
    admin.post(f"{CRM}/customers/{customer['id']}/transfer", body)
    assert admin.get(f"{CRM}/customers/{customer['id']}")["owner_id"] == away.id
    admin.post(f"{CRM}/customers/{customer['id']}/_comments", {"text": f"@[钱外勤]({away.id}) 请跟进"})
    task = admin.post(f"{CRM}/tasks", {"subject": "回访", "assignee_id": away.id, "customer_id": customer["id"]})
    with pypdfium2.PdfDocument(admin.raw(f"{CRM}/_prints/tasks/{task['id']}")) as printed:
        assert "钱外勤" in "".join(page.get_textpage().get_text_range() for page in printed)

    # He signs in right after that, and what others have asked about him meanwhile does not keep him out.
    titles = [notice["title"] for notice in away.get(f"{CRM}/_notifications")["items"]]
    assert "管理员 在客户的评论中提到了您" in titles
