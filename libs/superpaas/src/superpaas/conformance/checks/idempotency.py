"""The same request twice does its work once (§5)."""

from __future__ import annotations

import asyncio
import uuid

from superpaas.conformance.judging import accepted, check, expect, refused
from superpaas.conformance.stage import Stage

_CROWD = 5


@check("§5", "重复的请求得到第一次的应答", "a repeat gets the first answer")
async def repeats(stage: Stage) -> None:
    collection, identity = (await stage.writable())[0], str(uuid.uuid4())
    body = stage.samples.body(collection)
    first = await stage.administrator.call("POST", collection.path, body, request_id=identity)
    again = await stage.administrator.call("POST", collection.path, body, request_id=identity)
    accepted(first, 201)
    accepted(again, 201)
    expect(first.json == again.json, "重复请求得到了另一个应答", "a repeat got another answer")
    marked = again.headers.get("Idempotent-Replay") == "true"
    expect(marked, "重放没有 Idempotent-Replay: true", "a replay lacks Idempotent-Replay: true")


@check("§5", "同一请求号、另一内容得 409", "the same id with another body gets 409")
async def another_body(stage: Stage) -> None:
    collection, identity = (await stage.writable())[0], str(uuid.uuid4())
    first = stage.samples.body(collection)
    accepted(await stage.administrator.call("POST", collection.path, first, request_id=identity), 201)
    other = stage.samples.body(collection)
    if other == first:
        other = first | {"no_such_field": 1}
    answer = await stage.administrator.call("POST", collection.path, other, request_id=identity)
    refused(answer, (409, "IDEMPOTENT_CONFLICT"))


@check("§5", "同时到达的重复只做一次", "repeats at the same moment do the work once")
async def crowds(stage: Stage) -> None:
    collection, identity = (await stage.writable())[0], str(uuid.uuid4())
    body = stage.samples.body(collection)
    calls = (stage.administrator.call("POST", collection.path, body, request_id=identity) for _ in range(_CROWD))
    answers = await asyncio.gather(*calls)
    made = {answer.json["id"] for answer in answers if answer.status == 201}
    rest = [answer for answer in answers if answer.status not in (201, 409)]
    expect(len(made) == 1, f"建出了 {len(made)} 行", f"{len(made)} rows were made")
    expect(
        not rest, f"有不该有的应答：{[str(item) for item in rest]}", f"strange answers: {[str(item) for item in rest]}"
    )


@check("§5", "请求号属于用户：别人用同一个号是另一个请求", "a request id belongs to its user")
async def other_people(stage: Stage) -> None:
    collection, identity = (await stage.writable())[0], str(uuid.uuid4())
    body = stage.samples.body(collection)
    mine = accepted(await stage.administrator.call("POST", collection.path, body, request_id=identity), 201)
    theirs = accepted(await stage.neighbour.call("POST", collection.path, body, request_id=identity), 201)
    expect(mine["id"] != theirs["id"], "别的租户得到了我的应答", "another tenant got my answer")


@check("§5", "被拒绝的请求可以改好再发", "a refused request may be mended and sent again")
async def refused_requests(stage: Stage) -> None:
    collection, identity = (await stage.writable())[0], str(uuid.uuid4())
    body = stage.samples.body(collection)
    wrong = body | {"no_such_field": 1}
    refused(
        await stage.administrator.call("POST", collection.path, wrong, request_id=identity), (422, "VALIDATION_FAILED")
    )
    accepted(await stage.administrator.call("POST", collection.path, body, request_id=identity), 201)
