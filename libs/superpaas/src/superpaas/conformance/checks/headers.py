"""Headers out, the one shape of errors, and languages (§3, §4)."""

from __future__ import annotations

import re

from superpaas.conformance.judging import accepted, check, expect, refused
from superpaas.conformance.stage import Stage

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@check("§3", "应答带请求号、用时与 traceparent", "answers carry request id, duration and traceparent")
async def headers_out(stage: Stage) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    target = f"/api/v1/{stage.cell}/_meta"
    headers = stage.direct.signed("GET", target, stage.administrator) | {"traceparent": trace}
    answer = await stage.direct.call("GET", target, headers)
    accepted(answer, 200)
    told = answer.headers.get("X-Request-ID")
    expect(told == headers["X-Request-ID"], f"X-Request-ID 是 {told}", f"X-Request-ID is {told}")
    spent = answer.headers.get("X-Response-Time", "")
    expect(re.fullmatch(r"\d+(\.\d+)?", spent), f"X-Response-Time 是 {spent!r}", f"X-Response-Time is {spent!r}")
    found = answer.headers.get("traceparent", "")
    expect(_TRACE.fullmatch(found), f"traceparent 是 {found!r}", f"traceparent is {found!r}")
    expect(found[3:35] == trace[3:35], "traceparent 换了追踪号", "traceparent has another trace id")


@check("§4", "未知路径、方法与行的错误是契约的形状", "unknown paths, methods and rows get the contract's error")
async def unknown_places(stage: Stage) -> None:
    user = stage.administrator
    refused(await user.call("GET", "/no-such-things"), (404, "NOT_FOUND"))
    refused(await user.call("PUT", "/_meta", {}), (405, "METHOD_NOT_ALLOWED"))
    for entity in stage.manifest["entities"][:3]:
        for key in ("00000000-0000-4000-8000-00000000dead", "no-id", "../../etc/passwd%00"):
            refused(await user.call("GET", f"{entity['path']}/{key}"), (404, "NOT_FOUND"), (400, "BAD_REQUEST"))


@check("§4", "错误文字随 Accept-Language：默认中文", "error texts follow Accept-Language; Chinese by default")
async def languages(stage: Stage) -> None:
    zh = refused(await stage.administrator.call("GET", "/no-such-things"), (404, "NOT_FOUND"))
    en = refused(await stage.administrator.speaking("en-US").call("GET", "/no-such-things"), (404, "NOT_FOUND"))
    expect(_CHINESE.search(zh["message"]), f"不是中文：{zh['message']}", f"not Chinese: {zh['message']}")
    expect(not _CHINESE.search(en["message"]), f"不是英文：{en['message']}", f"not English: {en['message']}")


@check("§4", "错误带请求号，不带堆栈", "errors carry the request id and no stack trace")
async def errors_are_for_people(stage: Stage) -> None:
    answer = await stage.administrator.call("GET", "/no-such-things", request_id="probe-errors-1")
    body = refused(answer, (404, "NOT_FOUND"))
    expect(body["requestId"] == "probe-errors-1", "requestId 不对", f"requestId is {body['requestId']}")
    clean = "Traceback" not in answer.text and "at Object." not in answer.text
    expect(clean, f"错误里有堆栈：{answer.text}", f"a stack trace is shown: {answer.text}")


@check("§4", "坏请求体：不是 JSON、不是对象、类型不对", "bad bodies: no JSON, no object, another type")
async def bad_bodies(stage: Stage) -> None:
    collection = (await stage.writable())[0]
    user = stage.administrator
    bad, invalid = (400, "BAD_REQUEST"), (422, "VALIDATION_FAILED")
    refused(await user.call("POST", collection.path, b'{"a":'), bad)
    refused(await user.call("POST", collection.path, b"[1,2]"), bad, invalid)
    refused(await user.call("POST", collection.path, b'"text"'), bad, invalid)
    refused(await user.call("POST", collection.path, b"\xff\xfe"), bad)
    answer = await user.call("POST", collection.path, b"<a/>", headers={"Content-Type": "text/xml"})
    refused(answer, (415, "UNSUPPORTED_MEDIA_TYPE"))
