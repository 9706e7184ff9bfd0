"""What the role editor is shown of roles: who has them and how they differ."""

from __future__ import annotations

from platform_core.identity.tests.api.harness import Person


async def test_the_list_of_roles_counts_who_has_them(alpha: Person) -> None:
    role = await alpha.new_role("crm.lead.read")
    for _ in range(2):
        await alpha.new_user(role["id"])
    counts = {item["id"]: item["user_count"] for item in (await alpha.done("GET", "/api/admin/roles"))["items"]}
    assert counts[role["id"]] == 2
    other = await alpha.new_role("crm.lead.read", "erp.*")
    found = await alpha.done("GET", f"/api/admin/roles/{role['id']}/difference/{other['id']}")
    assert found["permissions"] == {"only_here": [], "only_there": ["erp.*"]}
