"""Collections: the envelope, pages, and what may be asked (§1)."""

from __future__ import annotations

import re

from superpaas.conformance.judging import NotApplicableError, accepted, check, expect, refused
from superpaas.conformance.stage import Stage

_FEW = 3
_FLOAT = re.compile(rb"[:\[,]\s*-?\d+\.\d+([eE][+-]?\d+)?\s*[,\]}]")


@check("§1", "每个集合应答 items、next、total", "every collection answers items, next, total")
async def envelopes(stage: Stage) -> None:
    if not stage.manifest["entities"]:
        raise NotApplicableError("没有实体", "There is no entity")
    for entity in stage.manifest["entities"]:
        page = accepted(await stage.administrator.call("GET", entity["path"]), 200)
        good = {"items", "next", "total"} <= page.keys() and isinstance(page["items"], list)
        expect(good, f"{entity['path']} 的形状不对：{page.keys()}", f"{entity['path']} has {page.keys()}")


@check("§1", "键集分页：不重不漏", "keyset pages: nothing twice, nothing missing")
async def pages(stage: Stage) -> None:
    collection = (await stage.writable())[0]
    made = set()
    for _ in range(_FEW):
        row = await stage.samples.make(stage.administrator, collection)
        if row is None:
            raise NotApplicableError("样例只能新建一次", "The sample can be created only once")
        made.add(row["id"])
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = accepted(await stage.administrator.call("GET", collection.path, query=query), 200)
        expect(len(page["items"]) <= 1, "limit 没有起作用", "limit has no effect")
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None or len(seen) > 1000:
            break
        # A row that comes while somebody turns the pages must not shift them.
        if len(seen) == 1:
            await stage.samples.make(stage.administrator, collection)
    expect(len(seen) == len(set(seen)), "同一行出现在两页", "a row came twice")
    expect(made <= set(seen), "翻页漏了行", "paging missed rows")


@check("§1", "total 只在要求时给出，且正确", "total comes when asked, and is right")
async def totals(stage: Stage) -> None:
    collection, _ = await stage.first()
    page = accepted(await stage.administrator.call("GET", collection.path, query={"limit": "1"}), 200)
    expect(page["total"] is None, "没有要求却给了 total", "total was not asked for")
    page = accepted(await stage.administrator.call("GET", collection.path, query={"total": "true"}), 200)
    expect(isinstance(page["total"], int) and page["total"] >= len(page["items"]) > 0, "total 不对", "total is wrong")


@check("§1", "不认识的、越界的查询参数被拒绝", "unknown and impossible query parameters are refused")
async def bad_queries(stage: Stage) -> None:
    collection = (await stage.writable())[0]
    wrong = ({"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"cursor": "not-one-of-mine"})
    for query in wrong:
        answer = await stage.administrator.call("GET", collection.path, query=query)
        refused(answer, (400, "BAD_REQUEST"), (422, "VALIDATION_FAILED"))


@check("§1", "JSON 里没有浮点数：金额与数量是字符串", "no floating numbers in JSON: money and quantities are texts")
async def no_floats(stage: Stage) -> None:
    collection, row = await stage.first()
    for target in (collection.path, f"{collection.path}/{row['id']}"):
        answer = await stage.administrator.call("GET", target)
        accepted(answer, 200)
        without_texts = re.sub(rb'"(\\.|[^"\\])*"', b'""', answer.body)
        found = _FLOAT.search(without_texts)
        expect(found is None, f"{target} 有浮点数", f"{target} has a floating number")
