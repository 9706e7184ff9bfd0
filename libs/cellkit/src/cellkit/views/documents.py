"""The views that users keep."""

from __future__ import annotations

from typing import Any

from cellkit.customizing import table_of
from cellkit.declare import Choice, Document, Flag, Json, Row, Table, Text
from cellkit.declare.views import KIND_LABELS
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.labels import L
from cellkit.views.settings import read_settings
from cellkit.views.sharing import check_sharing, roles_field, sharing_field

VIEW = "view"
MOST_OWN = 100
"""Views that one user may keep for one entity."""


def documents(cell: str) -> list[type[Table]]:
    """The kit document of views for a cell."""

    class SavedView(
        Document,
        key=f"{cell}.{VIEW}",
        label=L("视图", "View"),
        title="name",
        indexes=(("entity", "owner_id"),),
        kit=True,
    ):
        entity = Text(L("单据", "Entity"), required=True, max=100, list=True)
        name = Text(L("名称", "Name"), required=True, max=100, list=True, search=True)
        kind = Choice(
            L("类型", "Kind"),
            *(f"{kind}:{label.zh}:{label.en}" for kind, label in KIND_LABELS.items()),
            default="list",
            required=True,
            list=True,
        )
        settings = Json(L("设置", "Settings"), required=True, max_bytes=65_536)
        sharing = sharing_field()
        roles = roles_field()
        role_default = Flag(L("角色默认", "Default of the roles"), default=False, list=True)

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            """The settings fit the entity and what their author may see."""
            problems = check_sharing(row, before, work.role, f"{cell}.{VIEW}.share")
            if row["role_default"] and row["sharing"] == "private":
                zh, en = "仅共享的视图可设为角色默认", "Only a shared view can be a default of roles"
                problems.append(problem("role_default", "sharing", zh, en))
            problems += await _problems(work, row, before)
            if problems:
                raise ValidationFailed(problems)

    return [SavedView]


async def _problems(work: Any, row: Row, before: Row | None) -> list[FieldProblem]:
    entity = row["entity"]
    if entity not in work.engine.tables:
        return [problem("entity", "unknown", "没有这种单据", "No such entity")]
    work.role.require(f"{entity}.read")
    if before is None:
        count = await work.value(
            f"SELECT count(*) FROM kit_{VIEW} WHERE tenant_id = $1 AND entity = $2 AND owner_id = $3",
            entity,
            work.caller.user_id,
        )
        if count >= MOST_OWN:
            return [problem("entity", "max_items", f"每种单据最多 {MOST_OWN} 个视图", f"At most {MOST_OWN} views each")]
    if before is not None and all(row[name] == before[name] for name in ("entity", "kind", "settings")):
        return []
    table = await table_of(work.engine, work.caller.tenant_id, entity)
    return read_settings(row["kind"], row["settings"], table, work.role).problems
