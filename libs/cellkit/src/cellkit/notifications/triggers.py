"""From what happened to notices: the tenant's rules, their conditions and recipients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.approval.directory import Directory, Question
from cellkit.declare.document import Document, Table
from cellkit.errors import ServiceError, Unavailable
from cellkit.expression import Situation
from cellkit.http.messages import from_json, to_json
from cellkit.ids import uuid7
from cellkit.labels import L, Label
from cellkit.log import get_logger
from cellkit.notifications.checks import HAPPENINGS, STATE_PREFIX
from cellkit.notifications.conditions import holds
from cellkit.notifications.writing import COLUMNS, MOST_USERS
from cellkit.pipeline.engine import DEFAULT_TIME_ZONE, zone

if TYPE_CHECKING:
    from cellkit.pipeline.engine import Engine

AT_ONCE = 100
_AGAIN_SECONDS = 30
log = get_logger("notifications")

_DUE = f"""
SELECT * FROM kit_notification_trigger WHERE tenant_id = $1 AND next_at <= now()
ORDER BY id LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
"""
_RULES = """
SELECT id, entity, happens, condition, kind, recipients, skip_actor, channels, must_read FROM kit_notification_rule
WHERE tenant_id = $1 AND active AND entity = ANY($2)
"""
_LATER = f"""
UPDATE kit_notification_trigger SET attempts = attempts + 1, next_at = now() + interval '{_AGAIN_SECONDS} seconds'
WHERE tenant_id = $1 AND id = $2
"""
_WORDS = {
    "created": L("已新建", "created"),
    "updated": L("已修改", "changed"),
    "deleted": L("已删除", "deleted"),
}


class Triggers:
    """Makes notices of triggers, exactly one set each: the notices and the trigger's end are one transaction."""

    def __init__(self, engine: Engine, directory: Directory) -> None:
        self._engine = engine
        self.directory = directory

    async def handle(self, tenant_id: str) -> int:
        """Handle the tenant's oldest triggers; returns how many there were."""
        async with self._engine.database.transaction(tenant_id) as connection:
            tenant = UUID(tenant_id)
            due = await connection.fetch(_DUE, tenant)
            if not due:
                return 0
            rules = await connection.fetch(_RULES, tenant, list({record["entity"] for record in due}))
            rows: list[tuple[Any, ...]] = []
            done = []
            for trigger in due:
                try:
                    rows += await self._notices(tenant_id, trigger, rules)
                    done.append(trigger["id"])
                except Unavailable:
                    await connection.execute(_LATER, tenant, trigger["id"])
            if rows:
                names = ", ".join(f'"{name}"' for name, _ in COLUMNS)
                places = ", ".join(f"${index}::{kind}" for index, (_, kind) in enumerate(COLUMNS, start=2))
                await connection.executemany(
                    f"INSERT INTO kit_notification (tenant_id, {names}) VALUES ($1, {places})",
                    [(tenant, *row) for row in rows],
                )
            await connection.execute(
                "DELETE FROM kit_notification_trigger WHERE tenant_id = $1 AND id = ANY($2)", tenant, done
            )
            return len(due)

    async def _notices(self, tenant_id: str, trigger: Any, rules: Iterable[Any]) -> list[tuple[Any, ...]]:
        table = self._engine.table_for(tenant_id, self._engine.tables[trigger["entity"]])
        kept = from_json(trigger["details"])
        rows: list[tuple[Any, ...]] = []
        for rule in rules:
            if rule["entity"] != trigger["entity"] or not _waits(rule["happens"], trigger):
                continue
            try:
                if not holds(rule["condition"], table, kept, self._situation(trigger)):
                    continue
            except (ServiceError, ArithmeticError) as error:
                # A field that the condition names may be gone since; the rule is out of work, not the others.
                log.warning("rule_condition_failed", rule=str(rule["id"]), reason=type(error).__name__)
                continue
            users = await self._recipients(tenant_id, table, kept, rule["recipients"])
            if rule["skip_actor"]:
                users.pop(trigger["actor"], None)
            rows += _rows(table, trigger, rule, list(users)[:MOST_USERS])
        return rows

    def _situation(self, trigger: Any) -> Situation:
        return Situation(trigger["created_at"], zone(DEFAULT_TIME_ZONE), DEFAULT_TIME_ZONE, trigger["actor"])

    async def _recipients(
        self, tenant_id: str, table: type[Table], kept: dict[str, Any], recipients: Iterable[dict[str, str]]
    ) -> dict[str, None]:
        found: dict[str, None] = {}
        for item in recipients:
            kind, value = item["type"], item.get("value", "")
            if kind == "owner":
                found[kept.get("owner_id") or ""] = None
            elif kind == "creator":
                found[kept.get("created_by") or ""] = None
            elif kind == "user":
                found[value] = None
            elif kind == "field":
                found[(kept.get(value) if value in table.fields else None) or ""] = None
            else:
                found.update(dict.fromkeys(await self._asked(tenant_id, kind, value, kept)))
        return {user: None for user in found if user and not user.startswith("cell:")}

    async def _asked(self, tenant_id: str, kind: str, value: str, kept: dict[str, Any]) -> list[str]:
        key = value if kind == "role" else kept.get("department_id") or ""
        if not key:
            return []
        question = Question("role" if kind == "role" else "leaders", key)
        await self.directory.fetch(tenant_id, [question])
        answer = self.directory.known(tenant_id, question)
        if answer is None:
            return []
        if kind == "role":
            return [person.id for person in answer.people]
        return [item.leader_id for item in answer.departments if item.leader_id][:1]


def _waits(happens: str, trigger: Any) -> bool:
    if happens.startswith(STATE_PREFIX):
        return bool(trigger["state"] == happens.removeprefix(STATE_PREFIX))
    return bool(trigger["happened"] == happens)


def _rows(table: type[Table], trigger: Any, rule: Any, users: list[str]) -> list[tuple[Any, ...]]:
    title, text = _texts(table, trigger, rule)
    batch = uuid7()
    details = to_json({"given": {}, "row": from_json(trigger["details"])}).decode()
    channels = None if rule["channels"] is None else to_json(rule["channels"]).decode()
    # A notice for nobody still goes to the groups and systems that listen.
    return [
        (
            uuid7(), user, batch, rule["kind"], title.zh, title.en, text.zh, text.en, details, None, trigger["entity"],
            trigger["entity_id"], bool(rule["must_read"] and user), trigger["actor"], channels, trigger["created_at"],
        )
        for user in (users or [""])
    ]  # fmt: skip


def _texts(table: type[Table], trigger: Any, rule: Any) -> tuple[Label, Label]:
    """What is said where no template says more."""
    name = "{" + (table.title or "id") + "}"
    happens = rule["happens"]
    if happens in HAPPENINGS:
        word = _WORDS[happens]
    elif issubclass(table, Document) and happens.startswith(STATE_PREFIX) and table.states is not None:
        label = table.states.items[trigger["state"]].label
        word = L(f"状态变为{label.zh}", f"is now {label.en}")
    else:
        label = table.actions[happens].label if issubclass(table, Document) else L(happens, happens)
        word = L(f"已{label.zh}", f"{label.en}: done")
    title = L(f"{table.label.zh} {name} {word.zh}", f"{table.label.en} {name} {word.en}")
    return title, L("", "")
