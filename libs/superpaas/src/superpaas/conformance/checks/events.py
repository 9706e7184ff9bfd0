"""Events out and in, with a subscriber and a sender made for the occasion (§6, §7)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from superpaas.conformance.judging import NotApplicableError, check, expect, refused
from superpaas.conformance.peer import Peer
from superpaas.conformance.stage import Stage

_PATIENCE_SECONDS = 20.0
_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time", "tenantid", "partitionkey", "data")


@asynccontextmanager
async def _peer(stage: Stage, wanted: list[str]) -> AsyncIterator[Peer]:
    async with Peer(stage.target, stage.operator).running(wanted) as peer:
        yield peer


@check("§7", "已提交的新建会作为 CloudEvent 送到订阅者", "a committed create reaches a subscriber as a CloudEvent")
async def events_out(stage: Stage) -> None:
    published = set(stage.manifest["publishes"])
    told = [item for item in await stage.writable() if f"{item.entity}.created.v1" in published]
    if not told:
        raise NotApplicableError("细胞不发布新建事件", "The cell publishes no create")
    kind = f"{told[0].entity}.created.v1"
    async with _peer(stage, [kind]) as peer:
        row = await stage.samples.make(stage.administrator, told[0])
        key = "" if row is None else row["id"]
        event = await _arrived(peer, key)
        missing = [name for name in _ATTRIBUTES if name not in event]
        expect(not missing, f"事件缺 {missing}", f"the event lacks {missing}")
        facts = {
            "specversion": "1.0",
            "type": kind,
            "source": f"/cells/{stage.cell}",
            "subject": key,
            "tenantid": stage.administrator.tenant_id,
        }
        wrong = {name: event[name] for name, value in facts.items() if event[name] != value}
        expect(not wrong, f"事件的属性不对：{wrong}", f"wrong attributes: {wrong}")
        expect(event.get("actor") == stage.administrator.user_id, "actor 不是操作人", "actor is not who did it")
        datetime.fromisoformat(event["time"])


@check("§7", "送不到的事件会再送，订阅者恢复后收到，且只有一份内容", "a failed delivery comes again, the same event")
async def events_again(stage: Stage) -> None:
    published = set(stage.manifest["publishes"])
    told = [item for item in await stage.writable() if f"{item.entity}.created.v1" in published]
    if not told:
        raise NotApplicableError("细胞不发布新建事件", "The cell publishes no create")
    async with _peer(stage, [f"{told[0].entity}.created.v1"]) as peer:
        peer.refusals_of_each = 2
        row = await stage.samples.make(stage.administrator, told[0])
        key = "" if row is None else row["id"]
        event = await _arrived(peer, key)
        tries = [item for item in peer.tried if item.get("subject") == key]
        expect(len(tries) >= 3, f"只送了 {len(tries)} 次", f"tried {len(tries)} times")
        expect(all(item == event for item in tries), "重送的内容不同", "a later try differs from the first")


@check("§7", "没有投递权限的用户进不了收件箱", "a user cannot deliver to the inbox")
async def inbox_of_a_user(stage: Stage) -> None:
    event = _event(stage, "crm")
    answer = await stage.administrator.call("POST", "/_inbox", event)
    refused(answer, (403, "FORBIDDEN"))


@check("§7", "收件箱拒绝不认识的类型与冒名的事件", "the inbox refuses unknown types and events of others")
async def inbox_of_a_cell(stage: Stage) -> None:
    peer = Peer(stage.target, stage.operator)
    async with peer.session():
        tenant = stage.administrator.tenant_id
        event = _event(stage, peer.name)
        refused(await peer.deliver(stage.cell, tenant, event), (422, "EVENT_TYPE_UNKNOWN"))
        forged = _event(stage, "someone")
        refused(await peer.deliver(stage.cell, tenant, forged), (403, "FORBIDDEN"))
        elsewhere = _event(stage, peer.name) | {"tenantid": stage.neighbour.tenant_id}
        refused(await peer.deliver(stage.cell, tenant, elsewhere), (403, "FORBIDDEN"))
        broken = {"specversion": "1.0", "type": event["type"]}
        refused(await peer.deliver(stage.cell, tenant, broken), (422, "VALIDATION_FAILED"), (400, "BAD_REQUEST"))


def _event(stage: Stage, sender: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": f"/cells/{sender}",
        "type": f"{sender}.nothing.happened.v1",
        "subject": str(uuid.uuid4()),
        "time": datetime.now(UTC).isoformat(),
        "tenantid": stage.administrator.tenant_id,
        "partitionkey": "1",
        "data": {},
    }


async def _arrived(peer: Peer, subject: str) -> dict[str, Any]:
    deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while True:
        for event in peer.taken:
            if event.get("subject") == subject:
                return event
        waited = asyncio.get_running_loop().time() > deadline
        expect(not waited, f"{_PATIENCE_SECONDS:.0f} 秒内没有收到事件", f"no event within {_PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(0.1)
