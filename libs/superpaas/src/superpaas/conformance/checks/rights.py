"""Permissions, and the wall between tenants (§2, §8)."""

from __future__ import annotations

from superpaas.conformance.judging import accepted, check, expect, refused
from superpaas.conformance.stage import Stage

_FORBIDDEN = (403, "FORBIDDEN")


@check("§8", "没有权限的用户读写都得 403", "a user without permissions gets 403 for everything")
async def without_rights(stage: Stage) -> None:
    for entity in stage.manifest["entities"]:
        refused(await stage.stranger.call("GET", entity["path"]), _FORBIDDEN)
    for collection in await stage.writable():
        answer = await stage.stranger.call("POST", collection.path, stage.samples.body(collection))
        refused(answer, _FORBIDDEN)


@check("§8", "只读的用户能读，不能写", "a user who may read cannot write")
async def readers(stage: Stage) -> None:
    user = stage.reader
    for collection in await stage.writable():
        row = await stage.samples.make(stage.administrator, collection)
        if row is None:
            continue
        place = f"{collection.path}/{row['id']}"
        accepted(await user.call("GET", collection.path), 200)
        accepted(await user.call("GET", place), 200)
        refused(await user.call("POST", collection.path, stage.samples.body(collection)), _FORBIDDEN)
        if collection.changing is not None:
            refused(await user.call("PATCH", place, {"version": row["version"]}), _FORBIDDEN)
        if collection.deletable:
            refused(await user.call("DELETE", place), _FORBIDDEN)
        accepted(await stage.administrator.call("GET", place), 200)


@check("§2", "别的租户看不到、数不到、改不到、删不到", "another tenant cannot see, count, change or delete")
async def tenant_wall(stage: Stage) -> None:
    other = stage.neighbour
    for collection in await stage.writable():
        row = await stage.samples.make(stage.administrator, collection)
        if row is None:
            continue
        place = f"{collection.path}/{row['id']}"
        gone = (404, "NOT_FOUND")
        refused(await other.call("GET", place), gone)
        if collection.changing is not None:
            change = stage.samples.change(collection, row) or {}
            refused(await other.call("PATCH", place, change | {"version": row["version"]}), gone)
        if collection.deletable:
            refused(await other.call("DELETE", place), gone)
        page = accepted(await other.call("GET", collection.path, query={"total": "true", "limit": "200"}), 200)
        seen = row["id"] in {item["id"] for item in page["items"]}
        expect(not seen, f"{place} 出现在别的租户的列表", f"{place} is in another tenant's list")
        mine = accepted(await stage.administrator.call("GET", place), 200)
        expect(mine["version"] == row["version"], "别的租户改动了它", "another tenant changed it")


@check("§2", "租户只认签名里的，不认请求体里的", "the tenant is the signed one, not one in the body")
async def tenant_in_the_body(stage: Stage) -> None:
    collection = (await stage.writable())[0]
    body = stage.samples.body(collection) | {"tenant_id": stage.neighbour.tenant_id}
    answer = await stage.administrator.call("POST", collection.path, body)
    refused(answer, (422, "VALIDATION_FAILED"))
