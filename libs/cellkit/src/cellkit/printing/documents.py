"""Templates of tenants: versions of how a print of a document looks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cellkit.declare.actions import action
from cellkit.declare.document import Document, Row, Table
from cellkit.declare.fields import Choice, Image, Integer, Json, LongText, Text
from cellkit.declare.prints import PAPERS, paper_of, prints_of
from cellkit.declare.states import States
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.labels import L

MOST_PROGRAM = 60_000


@lru_cache(maxsize=64)
def documents(cell: str) -> Sequence[type[Table]]:
    """The kit documents of printing for a cell."""
    key = f"{cell}.print_template"

    class PrintTemplate(
        Document,
        key=key,
        label=L("打印模板", "Print template"),
        kit=True,
        scoped=False,
        title="name",
        indexes=(("entity", "print", "code", "state"),),
    ):
        name = Text(L("名称", "Name"), required=True, list=True, search=True)
        entity = Text(L("单据类型", "Entity"), required=True, list=True, max=100)
        print = Text(L("打印", "Print"), required=True, list=True, max=60)
        code = Text(
            L("代码", "Code"),
            default="standard",
            list=True,
            max=40,
            pattern=r"[a-z][a-z0-9-]*",
            help=L("同一打印可有多套模板", "One print may have several templates"),
        )
        revision = Integer(L("版本", "Revision"), readonly=True, list=True, default=1)
        paper = Text(L("纸张", "Paper"), required=True, list=True, max=20)
        mode = Choice(
            L("方式", "Mode"), "layout:版式:Layout", "typst:排版程序:Typesetting program", default="layout", list=True
        )
        layout = Json(L("版式", "Layout"), max_bytes=200_000)
        program = LongText(L("排版程序", "Program"), max=MOST_PROGRAM)
        logo = Image(L("标志", "Logo"), max_bytes=1024 * 1024, types=("image/png", "image/jpeg"))
        note = LongText(L("说明", "Note"), max=2000)
        states = States("draft:草稿:Draft", "published:已发布:Published", "retired:已停用:Retired")

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            """Check the template against the declaration, number its revision."""
            found = template_problems(work.engine.tables.get(row["entity"]), row)
            if found:
                raise ValidationFailed(found)
            if before is None:
                row["revision"] = await _next_revision(work, row)

        @action(L("发布", "Publish"), source="draft retired", target="published", event="published")
        async def publish(work: Any, template: Row, parameters: Row) -> None:
            """Make it the one that is printed with; publishing an older revision again rolls back to it."""
            found = template_problems(work.engine.tables.get(template["entity"]), template)
            if found:
                raise ValidationFailed(found)
            await work.begin()
            place = f"{template['entity']}|{template['print']}|{template['code']}"
            lock = (
                "SELECT pg_advisory_xact_lock(hashtextextended($2, 0)) "
                "FROM (SELECT $1::uuid AS tenant_id) t WHERE tenant_id = $1"
            )
            await work.rows(lock, f"{work.tenant_id}|{place}")
            same = {name: template[name] for name in ("entity", "print", "code")}
            for other in await work.find(key, {**same, "state": "published"}):
                if other["id"] != template["id"]:
                    other["state"] = "retired"
                    work.change(other)

        @action(L("停用", "Retire"), source="published", target="retired", event="retired")
        async def retire(work: Any, template: Row, parameters: Row) -> None:
            """Print as declared again."""

        @action(L("新版本", "New revision"), source="published retired")
        async def revise(work: Any, template: Row, parameters: Row) -> dict[str, Any]:
            """A draft like this one, to change and publish; answers its id."""
            names = ("name", "entity", "print", "code", "paper", "mode", "layout", "program", "note")
            made = await work.create(key, {name: template[name] for name in names})
            return {"id": str(made["id"]), "revision": made["revision"]}

    return (PrintTemplate,)


async def _next_revision(work: Any, row: Row) -> int:
    text = (
        "SELECT coalesce(max(revision), 0) + 1 FROM kit_print_template "
        "WHERE tenant_id = $1 AND entity = $2 AND print = $3 AND code = $4"
    )
    return int(await work.value(text, row["entity"], row["print"], row["code"]))


def template_problems(table: type[Table] | None, row: Row) -> list[FieldProblem]:
    """What is wrong with a template of a document."""
    from cellkit.printing.layout import problems_of  # noqa: PLC0415 - only templates that are written need it

    if table is None:
        return [problem("entity", "unknown", "没有此单据类型", "No such entity")]
    declared = prints_of(table).get(row["print"])
    if declared is None:
        names = ", ".join(prints_of(table))
        return [problem("print", "unknown", f"没有此打印；可用：{names}", f"No such print; there are: {names}")]
    paper = paper_of(row["paper"])
    if paper is None:
        names = ", ".join(PAPERS)
        zh, en = f"未知纸张；可用：{names}，或标签尺寸如 60x40", f"Unknown paper; use {names} or a label like 60x40"
        return [problem("paper", "unknown", zh, en)]
    if paper.label != declared.paper.label:
        zh = "标签打印只能用标签纸" if declared.paper.label else "单据打印不能用标签纸"
        return [problem("paper", "kind", zh, "A label is printed on label paper, a document is not")]
    if row["mode"] == "typst":
        if paper.label:
            return [problem("mode", "kind", "标签只能用版式", "Labels have layouts only")]
        return (
            [] if row.get("program") else [problem("program", "required", "请填写排版程序", "The program is missing")]
        )
    if row.get("layout") is None:
        return [problem("layout", "required", "请填写版式", "The layout is missing")]
    return problems_of(row["layout"], table, paper)
