"""A cell whose jobs do what the tests want."""

from __future__ import annotations

import asyncio
from typing import Any

from cellkit.cell import Cell
from cellkit.declare import Document, Row, Text, action
from cellkit.errors import BusinessRuleViolation
from cellkit.jobs import JobContext, job
from cellkit.labels import L

seen: list[str] = []
gates: dict[str, asyncio.Event] = {}


class NoMore(BusinessRuleViolation):
    code, zh, en = "NO_MORE", "不能再多了", "No more"


@job("write-note", label=L("写便条", "Write a note"))
async def write_note(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    await context.progress(1, 2, L("写", "writing"))
    async with context.work() as work:
        row = await work.create(Note, {"text": payload["text"]}, source=f"job/{context.job_id}")
    await context.progress(2, 2)
    seen.append(payload["text"])
    return {"id": str(row["id"]), "by": context.caller.user_id}


@job("stumble", label=L("跌倒", "Stumble"), attempts=2)
async def stumble(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    seen.append(f"{payload['text']} {context.attempt}")
    if context.attempt <= payload.get("times", 1):
        raise RuntimeError("the password is hunter2")
    return {"attempt": context.attempt}


@job("refuse", label=L("拒绝", "Refuse"), attempts=5)
async def refuse(context: JobContext, payload: dict[str, Any]) -> None:
    raise NoMore


@job("endless", label=L("不停", "Endless"))
async def endless(context: JobContext, payload: dict[str, Any]) -> None:
    seen.append("begun")
    while True:
        context.check()
        await asyncio.sleep(0.01)


@job("deaf", label=L("不听", "Deaf"), timeout_seconds=0.2, attempts=1)
async def deaf(context: JobContext, payload: dict[str, Any]) -> None:
    await asyncio.sleep(60)


@job("alone", label=L("独自", "Alone"), once_per_tenant=True)
async def alone(context: JobContext, payload: dict[str, Any]) -> None:
    seen.append(f"in {payload['text']}")
    await gates[payload["text"]].wait()
    seen.append(f"out {payload['text']}")


@job("gated", label=L("等待", "Gated"))
async def gated(context: JobContext, payload: dict[str, Any]) -> None:
    seen.append(f"in {payload['text']}")
    await gates[payload["text"]].wait()


@job("twice", label=L("两次", "Twice"))
async def twice(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    async def write(work: Any) -> str:
        return str((await work.create(Note, {"text": "once"}))["id"])

    return {"first": await context.step("write", write), "second": await context.step("write", write)}


@job("nightly", label=L("每晚", "Nightly"), schedule="0 3 * * *")
async def nightly(context: JobContext, payload: dict[str, Any]) -> None:
    seen.append(f"nightly {context.tenant_id} {context.caller.user_id}")


JOBS = {item.name: item for item in (write_note, stumble, refuse, endless, deaf, alone, gated, twice, nightly)}


class Note(Document, key="desk.note", label=L("便条", "Note")):
    text = Text(L("内容", "Text"), required=True)

    @action(L("安排", "Plan"), parameters={"job": Text(L("任务", "Job")), "key": Text(L("键", "Key"))})
    async def plan(work: Any, row: Row, parameters: Row) -> dict[str, Any]:
        payload = {"text": row["text"], **(row["extension"] or {})}
        identity = await work.enqueue(JOBS[parameters["job"]], payload, key=parameters["key"])
        if row["text"] == "undo":
            raise NoMore
        return {"job": str(identity)}


cell = Cell(
    "desk",
    label=L("书桌", "Desk"),
    version="0.1.0",
    port=8192,
    package="cellkit.testing",
    documents=[Note],
    jobs=list(JOBS.values()),
)
