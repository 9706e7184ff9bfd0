"""Limits in time: what happens to tasks that nobody dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.approval import rules, store
from cellkit.jobs import JobContext, job
from cellkit.labels import L
from cellkit.log import get_logger
from cellkit.pipeline.execute import execute

if TYPE_CHECKING:
    from cellkit.context import Caller
    from cellkit.ops.access import RoleDocument
    from cellkit.pipeline.engine import Engine
    from cellkit.pipeline.work import Work

_DUE = """
SELECT DISTINCT instance_id FROM kit_approval_task
WHERE tenant_id = $1 AND state = 'open' AND due_at <= $2 ORDER BY instance_id LIMIT 500
"""
log = get_logger("approval")


@job("approval-overdue", label=L("处理超时的审批任务", "Deal with overdue approval tasks"), schedule="*/5 * * * *")
async def overdue_tasks(context: JobContext, _payload: dict[str, Any]) -> dict[str, Any]:
    """Remind, pass, reject or hand over what is overdue; every approval in a transaction of its own."""
    return await run_overdue(context.engine, context.caller, context.role, lambda: context.cancelled)


async def run_overdue(engine: Engine, caller: Caller, role: RoleDocument, stopped: Any = None) -> dict[str, Any]:
    """Deal with a tenant's overdue tasks now; ``{"approvals", "failed"}``."""
    async with engine.database.session(caller.tenant_id) as connection:
        records = await connection.fetch(_DUE, UUID(caller.tenant_id), engine.clock())
    done = failed = 0
    for record in records:
        if stopped is not None and stopped():
            break
        try:
            done += await _one(engine, caller, role, record["instance_id"])
        except Exception as error:  # noqa: BLE001 - one that cannot go on must not stop the others
            failed += 1
            log.warning("approval_overdue_failed", instance=str(record["instance_id"]), error=type(error).__name__)
    return {"approvals": done, "failed": failed}


async def _one(engine: Engine, caller: Caller, role: RoleDocument, key: UUID) -> int:
    done = 0

    async def operation(work: Work) -> None:
        nonlocal done
        done = 0
        await work.begin()
        stored = await store.one(work.connection, work.tenant_id, key, lock=True)
        if stored is None or engine.approvals is None:
            return
        late = rules.overdue(stored.instance, work.now)
        if not late:
            return
        data: dict[str, Any] = {"tasks": [task.number for task in late]}
        handed = next(
            (step for step in stored.flow.steps if step.hand_to is not None and step.key == late[0].step), None
        )
        if handed is not None and handed.on_due == "hand" and handed.hand_to is not None:
            data["hand_to"] = await engine.approvals.users(work, stored, [handed.hand_to])
        await engine.approvals.take(work, stored, "due", data)
        done = 1

    await execute(engine, caller, role, operation)
    return done
