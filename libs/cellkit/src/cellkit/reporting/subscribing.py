"""What a subscription must be: a report that its author may run, times not too close, recipients he may send to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cellkit.declare import Row
from cellkit.errors import FieldProblem, Forbidden, NotFound, ValidationFailed, problem
from cellkit.expression import FieldNotReadable, situation_of
from cellkit.jobs.rules import check_cron, next_time
from cellkit.pipeline.engine import zone
from cellkit.reporting.binding import read_parameters
from cellkit.reporting.catalogue import Catalogue
from cellkit.reporting.run import Reports

MOST_RECIPIENTS = 100
CLOSEST = timedelta(hours=1)
_TRIED = 30


async def check_subscription(work: Any, row: Row, before: Row | None) -> None:
    """Check a subscription before it is written and set its next time; raises :class:`ValidationFailed`."""
    problems = [*_when(work, row), *_recipients(work, row, before)]
    if before is None or any(row[name] != before[name] for name in ("report", "parameters")):
        problems += await _report(work, row)
    if problems:
        raise ValidationFailed(problems)
    changed = before is None or any(row[name] != before[name] for name in ("cron", "active"))
    if changed:
        row["next_at"] = next_time(row["cron"], work.now, zone(work.role.time_zone)) if row["active"] else None


def _when(work: Any, row: Row) -> list[FieldProblem]:
    cron = row["cron"]
    if not check_cron(cron):
        return [problem("cron", "cron", "应为五段的定时表达式，如 0 8 * * 1", "A cron expression such as 0 8 * * 1")]
    moment, where = work.now, zone(work.role.time_zone)
    for index in range(_TRIED):
        following = next_time(cron, moment, where)
        if index and following - moment < CLOSEST:
            return [problem("cron", "too_often", "两次发送至少间隔一小时", "At least an hour apart")]
        moment = following
    return []


def _recipients(work: Any, row: Row, before: Row | None) -> list[FieldProblem]:
    users = row["recipients"]
    fits = isinstance(users, list) and 0 < len(users) <= MOST_RECIPIENTS
    if not fits or not all(
        isinstance(one, str) and 0 < len(one) <= 100 and not one.startswith("cell:") for one in users
    ):
        zh, en = f"应为 1 到 {MOST_RECIPIENTS} 个用户编号", f"1 to {MOST_RECIPIENTS} user ids"
        return [problem("recipients", "type", zh, en)]
    row["recipients"] = list(dict.fromkeys(users))
    others = set(users) - {work.role.user_id} - set(before["recipients"] if before is not None else ())
    if others:
        work.role.require(f"{work.engine.cell}.report_subscription.share")
    return []


def _is_user(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100 and not value.startswith("cell:")


async def _report(work: Any, row: Row) -> list[FieldProblem]:
    if row["parameters"] is not None and not isinstance(row["parameters"], dict):
        return [problem("parameters", "type", "应为对象", "Must be an object")]
    reports = Reports(work.engine)
    try:
        known = await Catalogue(work.engine, reports).find(row["report"], work.role, work.connection)
        bound = await reports.bound(known.definition, work.role, work.caller.tenant_id)
        read_parameters(known.definition, bound.table, row["parameters"] or {}, situation_of(work.engine, work.role))
    except (NotFound, Forbidden, FieldNotReadable):
        return [problem("report", "unknown", "没有这个报表，或无权查看", "No such report, or no right to see it")]
    except ValidationFailed as error:
        return [{**one, "field": f"parameters.{one['field']}"} for one in error.problems]
    return []
