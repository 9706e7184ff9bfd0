"""Create, read, change, delete; versions; refusals that name the field (§1, §4)."""

from __future__ import annotations

from superpaas.conformance.doors import Answer
from superpaas.conformance.judging import NotApplicableError, accepted, check, expect, refused
from superpaas.conformance.stage import Stage


@check("§1", "新建得 201 与 Location，读回相同", "a create answers 201 and Location, and reads back the same")
async def creating(stage: Stage) -> None:
    for collection in await stage.writable():
        answer = await stage.administrator.call("POST", collection.path, stage.samples.body(collection))
        row = accepted(answer, 201)
        place = answer.headers.get("Location", "")
        wanted = f"/api/v1/{stage.cell}{collection.path}/{row['id']}"
        expect(place == wanted, f"Location 是 {place!r}", f"Location is {place!r}, not {wanted}")
        read = accepted(await stage.administrator.call("GET", place), 200)
        same = read.get("id") == row["id"] and read.get("version") == row.get("version")
        expect(same, f"读回不同：{read}", f"it reads back as {read}")


@check("§4", "未知字段与错误类型被指名拒绝，什么也不写", "unknown fields and wrong types are refused by name")
async def invalid_fields(stage: Stage) -> None:
    for collection in (await stage.writable())[:5]:
        before = await _count(stage, collection.path)
        body = stage.samples.body(collection)
        _names(await stage.administrator.call("POST", collection.path, body | {"no_such_field": 1}), "no_such_field")
        for name, value in body.items():
            if isinstance(value, str):
                answer = await stage.administrator.call("POST", collection.path, body | {name: {"not": "a text"}})
                _names(answer, name)
                break
        expect(await _count(stage, collection.path) == before, "被拒绝的请求写了数据", "a refused request wrote")


@check("§1", "修改要带版本：缺少得 422，过期得 409", "a change names its version: missing 422, stale 409")
async def versions(stage: Stage) -> None:
    user = stage.administrator
    for collection in await stage.writable():
        row = await stage.samples.make(user, collection)
        change = None if row is None else stage.samples.change(collection, row)
        if row is None or change is None:
            continue
        place = f"{collection.path}/{row['id']}"
        refused(await user.call("PATCH", place, change), (422, "VALIDATION_FAILED"), (400, "BAD_REQUEST"))
        changed = accepted(await user.call("PATCH", place, change | {"version": row["version"]}), 200)
        expect(changed["version"] > row["version"], "版本没有增加", "the version did not grow")
        read = accepted(await user.call("GET", place), 200)
        expect(all(read[name] == value for name, value in change.items()), "修改没有写入", "the change was not kept")
        refused(await user.call("PATCH", place, change | {"version": row["version"]}), (409, "CONFLICT"))
        return
    raise NotApplicableError("没有可以修改的文本字段", "There is no text field to change")


@check("§1", "删除得 204，再读得 404", "a delete answers 204, and reading then 404")
async def deleting(stage: Stage) -> None:
    user = stage.administrator
    for collection in await stage.writable():
        row = await stage.samples.make(user, collection) if collection.deletable else None
        if row is None:
            continue
        place = f"{collection.path}/{row['id']}"
        refused(await user.call("DELETE", place, query={"version": str(row["version"] + 7)}), (409, "CONFLICT"))
        answer = await user.call("DELETE", place, query={"version": str(row["version"])})
        if answer.status == 409:
            continue
        accepted(answer, 204)
        refused(await user.call("GET", place), (404, "NOT_FOUND"))
        return
    raise NotApplicableError("没有可以删除的实体", "Nothing can be deleted")


async def _count(stage: Stage, path: str) -> int:
    return int(accepted(await stage.administrator.call("GET", path, query={"total": "true"}), 200)["total"])


def _names(answer: Answer, field: str) -> None:
    body = refused(answer, (422, "VALIDATION_FAILED"))
    details = body["details"]
    shaped = isinstance(details, list) and all({"field", "rule", "message"} <= item.keys() for item in details)
    expect(shaped, f"details 的形状不对：{details}", f"details have another shape: {details}")
    named = [item["field"] for item in details]
    expect(field in named, f"没有指出字段 {field}：{named}", f"{field} is not named: {named}")
