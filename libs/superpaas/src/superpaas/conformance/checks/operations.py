"""What a cell serves at its own address, and what it tells governance (§1, §6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from superpaas.conformance.judging import NotApplicableError, accepted, check, expect
from superpaas.conformance.stage import Stage

_EVENT_TYPE = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_]*)+\.v\d{1,4}")
_PERMISSION = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_*-]+)+")
_LISTS = ("entities", "permissions", "menus", "publishes", "subscribes", "reports")


@check("§1", "/health 与 /ready 不需要身份", "/health and /ready need no identity")
async def health_and_readiness(stage: Stage) -> None:
    for path in ("/health", "/ready"):
        accepted(await stage.direct.plain(path), 200)


@check("§1", "/metrics 是 Prometheus 文本", "/metrics is Prometheus text")
async def metrics(stage: Stage) -> None:
    answer = await stage.direct.plain("/metrics")
    accepted(answer, 200)
    kind = answer.headers.get("Content-Type", "")
    expect(kind.startswith("text/plain"), f"/metrics 的类型是 {kind}", f"/metrics has type {kind}")
    samples = [line for line in answer.body.decode().splitlines() if line and not line.startswith("#")]
    good = all(re.fullmatch(r"[a-zA-Z_:][\w:]*(\{.*\})? \S+( \d+)?", line) for line in samples)
    expect(samples and good, "/metrics 有无法解析的行", "/metrics has lines that are no samples")


@check("§1", "/openapi.json 是 OpenAPI 3.1，且写全了清单中的实体", "/openapi.json is 3.1 and covers the manifest")
async def openapi(stage: Stage) -> None:
    document = accepted(await stage.direct.plain("/openapi.json"), 200)
    version = str(document.get("openapi", ""))
    expect(version.startswith("3.1"), f"openapi 版本是 {version!r}，应为 3.1", f"openapi is {version!r}, not 3.1")
    prefix = f"/api/v1/{stage.cell}"
    strange = [path for path in document.get("paths", {}) if not path.startswith(prefix)]
    expect(not strange, f"有路径不在 {prefix} 之下：{strange[:3]}", f"paths outside {prefix}: {strange[:3]}")
    missing = [item["path"] for item in stage.manifest["entities"] if item["path"] not in document["paths"]]
    expect(not missing, f"OpenAPI 没有写 {missing[:3]}", f"not described: {missing[:3]}")


@check("§1", "/docs 给人看", "/docs is for people")
async def docs(stage: Stage) -> None:
    answer = await stage.direct.plain("/docs")
    accepted(answer, 200)
    kind = answer.headers.get("Content-Type", "")
    expect(kind.startswith("text/html"), f"/docs 的类型是 {kind}", f"/docs has type {kind}")


@check("§6", "/_meta 的清单完整", "/_meta tells the whole manifest")
async def manifest(stage: Stage) -> None:
    found: Mapping[str, Any] = accepted(await stage.direct.plain("/_meta"), 200)
    expect(found.get("name") == stage.cell, "清单的 name 不对", "the manifest has another name")
    expect(isinstance(found.get("version"), str), "清单缺 version", "the manifest has no version")
    label = found.get("label", {})
    expect(label.get("zh") and label.get("en"), "label 缺 zh 或 en", "label lacks zh or en")
    for name in _LISTS:
        expect(isinstance(found.get(name), list), f"清单缺 {name}", f"the manifest lacks {name}")
    for entity in found["entities"]:
        good = str(entity.get("key", "")).startswith(f"{stage.cell}.") and entity.get("label", {}).get("zh")
        expect(good, f"实体不完整：{entity}", f"an entity is not whole: {entity}")
    for permission in found["permissions"]:
        good = _PERMISSION.fullmatch(str(permission)) and str(permission).startswith(f"{stage.cell}.")
        expect(good, f"权限名不合格：{permission}", f"not a permission: {permission}")
    types = [*found["publishes"], *(item.get("type") for item in found["subscribes"])]
    for kind in types:
        expect(_EVENT_TYPE.fullmatch(str(kind)), f"事件类型不合格：{kind}", f"not an event type: {kind}")
    foreign = [kind for kind in found["publishes"] if not kind.startswith(f"{stage.cell}.")]
    expect(not foreign, f"发布了别人的事件：{foreign}", f"publishes what is not its own: {foreign}")


@check(
    "§6", "治理中心登记着这个细胞，清单一致，灯是绿的", "governance knows the cell, the same manifest, a green light"
)
async def registration(stage: Stage) -> None:
    found = accepted(await stage.operator.call("GET", f"/api/admin/cells/{stage.cell}"), 200)
    light = str(found.get("light") or found.get("status"))
    expect(light == "green", f"灯是 {light}：{found.get('reason')}", f"the light is {light}: {found.get('reason')}")
    told = found.get("manifest")
    if told is None:
        raise NotApplicableError("管理接口没有给出清单", "the admin interface tells no manifest")
    same = all(sorted(map(str, told.get(name, []))) == sorted(map(str, stage.manifest[name])) for name in _LISTS[1:2])
    expect(same, "登记的清单与 /_meta 不同", "what was registered differs from /_meta")


@check("§1", "登录用户的 /_meta 只有他能用的，带 ETag", "a caller's /_meta has only what he may use, with an ETag")
async def meta_of_a_caller(stage: Stage) -> None:
    answer = await stage.administrator.call("GET", "/_meta")
    entities = accepted(answer, 200).get("entities", [])
    expect(entities or not stage.manifest["entities"], "管理员看不到任何实体", "an administrator sees no entity")
    tag = answer.headers.get("ETag", "")
    expect(tag, "没有 ETag", "no ETag")
    again = await stage.administrator.call("GET", "/_meta", headers={"If-None-Match": tag})
    expect(again.status == 304, f"带 If-None-Match 应得 304，得到 {again}", f"304 expected, got {again}")
    stranger = accepted(await stage.stranger.call("GET", "/_meta"), 200)
    expect(not stranger.get("entities"), "无权限的用户看到了实体", "a user without rights is shown entities")
