"""What is asked of the database before a definition is written or removed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cellkit.customizing import rules, stored
from cellkit.customizing.errors import CountDiffers, DictionaryOfFields, EntriesInUse, TooManyFields, ValuesExist
from cellkit.customizing.kinds import DefinitionError, field_of_definition
from cellkit.db.shape import shape_of
from cellkit.declare.dictionaries import Entries
from cellkit.declare.document import Document, Row, Table
from cellkit.errors import FieldProblem, ValidationFailed, problem

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work


async def check_field(work: Work, row: Row, before: Row | None) -> None:
    """Refuse a definition that makes no field, or that would break what documents hold."""
    table = _extensible(work, row["entity"])
    if before is not None:
        _refuse_renaming(row, before)
    else:
        await _take_place(work, row, table)
    problems = _option_problems(work, row, table)
    if problems:
        raise ValidationFailed(problems)
    if before is not None:
        await _check_values(work, row, before, table)
        if rules.is_searched(row) != rules.is_searched(before):
            from cellkit.customizing.jobs import reindex  # noqa: PLC0415 - jobs know documents, which know this

            await work.enqueue(reindex, {"entity": row["entity"]}, key=row["entity"])


async def check_field_deletion(work: Work, row: Row) -> None:
    """Refuse while documents hold values."""
    table = work.engine.tables.get(row["entity"])
    count = 0 if table is None else await stored.values_of(work, table, row["name"])
    if count:
        raise ValuesExist(name=row["name"], count=count)


async def erase_field(work: Work, row: Row, given: int) -> int:
    """Remove a field's values where the caller knows how many documents have one; answers how many had."""
    table = _extensible(work, row["entity"])
    count = await stored.values_of(work, table, row["name"])
    if count != given:
        raise CountDiffers(name=row["name"], count=count, given=given)
    erased = await stored.erase_values(work, table, row["name"])
    if erased != given:
        # Somebody wrote meanwhile; the work is undone.
        raise CountDiffers(name=row["name"], count=erased, given=given)
    work.record(f"{row['entity']}.erase-field", row["entity"], row["name"], {"field": row["name"], "erased": erased})
    return erased


async def check_dictionary(work: Work, row: Row, before: Row | None) -> None:
    """Refuse entries that are wrong by themselves, and the loss of codes that documents hold."""
    problems = rules.entry_problems(row["items"])
    if before is not None and row["code"] != before["code"]:
        problems.append(problem("code", "readonly", "字典编码不能修改", "A dictionary's code cannot be changed"))
    if problems:
        raise ValidationFailed(problems[:200])
    if before is not None:
        kept = {item["code"] for item in row["items"]}
        gone = [item["code"] for item in before.get("items") or () if item["code"] not in kept]
        await _refuse_loss(work, row["code"], gone)


async def check_dictionary_deletion(work: Work, row: Row) -> None:
    """Refuse while documents hold its codes, or fields choose from it and the cell ships none of that name."""
    await _refuse_loss(work, row["code"], [item["code"] for item in row["items"]])
    definitions = work.engine.definitions
    known = None if definitions is None else definitions.dictionary(str(work.tenant_id), row["code"])
    fields = rules.fields_with(_tables(work), row["code"])
    if fields and not (known is not None and known.shipped):
        raise DictionaryOfFields(fields="、".join(fields[:5]))


async def _refuse_loss(work: Work, code: str, gone: list[str]) -> None:
    definitions = work.engine.definitions
    shipped = definitions.shipped(code) if definitions is not None else Entries()
    lost = [one for one in gone if one not in shipped]
    used = await stored.codes_in_use(work, _tables(work), code, lost)
    if used:
        raise EntriesInUse(codes="、".join(used))


def _tables(work: Work) -> list[type[Table]]:
    return [work.variants.get(key, table) for key, table in work.engine.tables.items()]


def _extensible(work: Work, key: str) -> type[Table]:
    table = work.engine.tables.get(key)
    if table is None or not issubclass(table, Document) or table.kit:
        raise ValidationFailed(
            [problem("entity", "reference", "没有这种单据，或不能自定义", "No such entity, or it takes no fields")]
        )
    return work.variants.get(key, table)


def _refuse_renaming(row: Row, before: Row) -> None:
    problems: list[FieldProblem] = [
        problem(name, "readonly", "创建后不能修改", "Cannot be changed after it was made")
        for name in ("entity", "name")
        if row[name] != before[name]
    ]
    if problems:
        raise ValidationFailed(problems)


async def _take_place(work: Work, row: Row, table: type[Table]) -> None:
    await work.begin()
    await work.connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"custom-field:{work.tenant_id}:{row['entity']}"
    )
    count = await work.value(
        "SELECT count(*) FROM kit_custom_field WHERE tenant_id = $1 AND entity = $2", row["entity"]
    )
    if count >= rules.MOST_FIELDS:
        raise TooManyFields(entity=table.label, limit=rules.MOST_FIELDS)


def _option_problems(work: Work, row: Row, table: type[Table]) -> list[FieldProblem]:
    def entries(code: str) -> Entries | None:
        definitions = work.engine.definitions
        found = None if definitions is None else definitions.dictionary(str(work.tenant_id), code)
        return None if found is None else found.entries

    problems: list[FieldProblem] = []
    try:
        field_of_definition(row, entries)
    except DefinitionError as error:
        problems.append({"field": error.option, "rule": error.rule, "message": error.message})
    target = work.engine.tables.get(row.get("target") or "")
    if row["kind"] == "reference" and row.get("target") and (target is None or not issubclass(target, Document)):
        problems.append(problem("target", "reference", "没有这种单据", "No such entity"))
    if row.get("in_search") and "search_text" not in shape_of(table).by_name:
        problems.append(
            problem("in_search", "entity", "此单据不支持文本检索", "This entity has no text search to be found by")
        )
    problems += rules.label_problems(row, _other_fields(table.fields.values(), row["name"]))
    parent = rules.parent_problem(row, table.fields)
    return problems if parent is None else [*problems, parent]


def _other_fields(fields: Iterable[Any], name: str) -> list[Any]:
    return [item for item in fields if item.name != name]


async def _check_values(work: Work, row: Row, before: Row, table: type[Table]) -> None:
    broken = rules.changed_meaning(row, before)
    removed = rules.removed_choices(row, before)
    if broken:
        count = await stored.values_of(work, table, row["name"])
        if count:
            raise ValidationFailed(
                [
                    problem(
                        name, "values", f"已有 {count} 份单据填写，不能修改", f"{count} document(s) hold values of it"
                    )
                    for name in broken
                ]
            )
    elif removed:
        used = await stored.chosen_of(work, table, row["name"], removed)
        if used:
            raise ValidationFailed(
                [
                    problem(
                        "choices", "values", f"选项 {'、'.join(used[:10])} 已被使用，不能删除",
                        f"Choices {', '.join(used[:10])} are in use and cannot be removed",
                    )
                ]
            )  # fmt: skip
