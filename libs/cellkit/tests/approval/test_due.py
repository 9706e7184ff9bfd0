"""Limits in time, by the test clock."""

from __future__ import annotations

from typing import Any

import pytest
from approval_fixtures import Company, users

from cellkit.approval.due import overdue_tasks, run_overdue
from cellkit.context import Caller
from cellkit.ops.access import service_document
from cellkit.testing.cells import Clock

pytestmark = pytest.mark.asyncio


async def sweep(company: Company, tenant: str | None = None) -> dict[str, Any]:
    engine, tenant_id = company.api.app.engine, tenant or company.api.tenant_id
    caller = Caller(tenant_id, "cell:fleet", "sweep", "00-0-0-00", "zh-CN", "")
    return await run_overdue(engine, caller, service_document(tenant_id, "cell:fleet"))


async def late(company: Company, clock: Clock, **step: Any) -> tuple[str, str]:
    await company.steps({"who": users(company.head), "due_hours": 24, **step}, {"who": users(company.boss)})
    purchase, instance = await company.submitted()
    assert await sweep(company) == {"approvals": 0, "failed": 0}
    clock.advance(hours=25)
    assert (await sweep(company, company.api.tenant_b.tenant_id))["approvals"] == 0
    assert await sweep(company) == {"approvals": 1, "failed": 0}
    return purchase, instance


async def test_reminded(company: Company, clock: Clock) -> None:
    _, instance = await late(company, clock)
    assert (await company.head.get("/_approvals/counts")).json["todo"] == 1
    assert await sweep(company) == {"approvals": 0, "failed": 0}
    clock.advance(hours=25)
    assert (await sweep(company))["approvals"] == 1
    log = [entry["action"] for entry in (await company.view(instance))["log"]]
    assert log == ["start", "due", "due"]


async def test_passed(company: Company, clock: Clock) -> None:
    purchase, instance = await late(company, clock, on_due="pass")
    assert [item["id"] for item in await company.todo(company.boss)] == [instance]
    await company.act(company.boss, instance, "approve")
    assert await company.state(purchase) == "approved"


async def test_rejected(company: Company, clock: Clock) -> None:
    purchase, _ = await late(company, clock, on_due="reject")
    assert await company.state(purchase) == "rejected"


async def test_handed_to_another(company: Company, clock: Clock) -> None:
    _, instance = await late(company, clock, on_due="hand", hand_to=users(company.carl))
    assert await company.todo(company.head) == []
    assert [item["id"] for item in await company.todo(company.carl)] == [instance]


async def test_overdue_ones_are_marked(company: Company, clock: Clock) -> None:
    await company.steps({"who": users(company.head), "due_hours": 2})
    await company.submitted()
    clock.advance(hours=3)
    [item] = await company.todo(company.head, sort="due_at")
    assert item["overdue"] is True
    assert (await company.head.get("/_approvals/counts")).json["overdue"] == 1


async def test_it_runs_by_itself() -> None:
    assert (overdue_tasks.name, overdue_tasks.schedule) == ("approval-overdue", "*/5 * * * *")
