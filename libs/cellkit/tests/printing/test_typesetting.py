"""The typesetting process: what it makes, what it withstands."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prints_cell import Order
from reading import codes_of, ink_beyond_margins, pages_of, pictures_of, text_of

from cellkit.declare.prints import PAPERS, Print, prints_of
from cellkit.labels import L
from cellkit.printing import program
from cellkit.printing.composing import Chosen, Marks, composed
from cellkit.printing.errors import PrintFailed, PrintTooLong
from cellkit.printing.layout import made_layout
from cellkit.printing.texts import Texts
from cellkit.printing.worker import PrintWorker

_SOURCE = (Path(program.__file__).parent / "typst" / "document.typ").read_text(encoding="utf-8")
_TRICK = '#eval("1") *粗* $x$ [a] @ref #read("/etc/passwd") \\ `code` <b> {number}'


def order(lines: int, note: str = "") -> dict[str, Any]:
    return {
        "id": "1", "number": "SO2026-0001", "state": "draft", "partner": "上海某某机电设备（集团）有限公司",
        "order_date": date(2026, 3, 5), "mobile": "138****0000", "kind": "far", "urgent": False,
        "address": "上海市浦东新区世纪大道 1 号" * 12, "amount": Decimal("1680.32"),
        "lines": [
            {
                "id": place, "item_id": "x", "unit": "台",
                "item_label": f"不锈钢离心泵（耐腐蚀，法兰连接，含电机）{place}",
                "spec": "X" * 60 if place % 7 == 0 else "IS80", "quantity": Decimal(place), "price": Decimal("12.5"),
                "discount": Decimal(0), "amount": Decimal("12.50") * place, "note": note,
            }
            for place in range(1, lines + 1)
        ],
    }  # fmt: skip


def data_of(declared: Print, *rows: dict[str, Any], language: str = "zh-CN", **marks: Any) -> dict[str, Any]:
    texts = Texts(ZoneInfo("Asia/Shanghai"), language, datetime(2026, 3, 5, 1, 2, tzinfo=UTC), "李四")
    chosen = Chosen(declared, declared.paper, "layout", made_layout(Order, declared, language))
    return composed(chosen, Order, rows, texts, Marks(**marks))


async def pdf_of(worker: PrintWorker, data: dict[str, Any], source: str = _SOURCE) -> bytes:
    made = await worker.run("typeset", source=source, data=data, format="pdf")
    assert isinstance(made, bytes)
    return made


async def test_a_chinese_order(worker: PrintWorker) -> None:
    pdf = await pdf_of(worker, data_of(prints_of(Order)["order"], order(60), order(2), earlier=[2, 0]))
    pages = pages_of(pdf)
    text = text_of(pdf).replace("\n", "")
    assert "上海某某机电设备（集团）有限公司" in text
    assert "壹仟陆佰捌拾元叁角贰分" in text
    assert "长途" in text
    assert "补打 第 2 次" in pages[0]
    assert "补打" not in pages[-1]
    first = next(place for place, page in enumerate(pages) if f"共 {place + 1} 页" in page)
    assert first >= 1
    assert all("物料" in page and "规格型号" in page for page in pages[: first + 1] if "不锈钢" in page)
    assert "第 1 页 / 共 1 页" in pages[-1]
    assert "打印：李四 2026-03-05 09:02" in pages[0]
    [[code, *_], *_] = [codes_of(picture) for picture in pictures_of(pdf)]
    assert code == ("QR Code", "SO2026-0001")


@pytest.mark.parametrize("paper", [name for name, paper in PAPERS.items() if not paper.label])
async def test_nothing_leaves_any_paper(worker: PrintWorker, paper: str) -> None:
    row = order(12, note="很长的备注" * 40)
    row["partner"] = "Y" * 200
    pdf = await pdf_of(worker, data_of(Print("x", L("单据", "Document"), paper=paper), row))
    margin = min(PAPERS[paper].margin) - 4
    assert ink_beyond_margins(pdf, margin) == 0
    assert text_of(pdf).replace("\n", "").count("很长的备注") == 480


async def test_values_are_never_read_as_markup(worker: PrintWorker) -> None:
    row = order(1, note=_TRICK) | {"partner": _TRICK}
    text = text_of(await pdf_of(worker, data_of(prints_of(Order)["slip"], row))).replace("\n", "")
    assert _TRICK.replace(" ", "") in text.replace(" ", "")
    assert "root:" not in text


async def test_english(worker: PrintWorker) -> None:
    text = text_of(await pdf_of(worker, data_of(prints_of(Order)["order"], order(2), language="en-US")))
    for words in ("Sales order", "Customer", "Long distance", "Page 1 of 1", "Prepared by", "Printed by 李四"):
        assert words in text


async def test_watermark_and_trace(worker: PrintWorker) -> None:
    data = data_of(prints_of(Order)["order"], order(1), watermark="内部资料")
    text = text_of(await pdf_of(worker, data))
    assert "内部资料" in text
    assert "李四 2026-03-05T01:02:00+00:00" in text


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")', '#read("../../../../etc/passwd")', '#image("/proc/self/environ")',
        '#import "@preview/cetz:0.3.4": *', '#import ("@pre" + "view/cetz:0.3.4")', "#unknown", "#let x = (",
        "#let f(n) = f(n + 1)\n#f(0)", '#panic("stop")',
    ],
)  # fmt: skip
async def test_templates_reach_nothing(worker: PrintWorker, source: str) -> None:
    with pytest.raises(PrintFailed) as refusal:
        await pdf_of(worker, {"codes": []}, source)
    assert "/tmp" not in str(  # noqa: S108 - what must not be told
        refusal.value.label().en
    )
    assert await pdf_of(worker, {"codes": []}, "fine")


async def test_the_process_has_no_network_and_no_other_programs(worker: PrintWorker) -> None:
    assert await worker.run("confined") is True
    code = (
        "import socket, subprocess, sys; from cellkit.printing.program import confine; assert confine()\n"
        "for attempt in (lambda: socket.socket(), lambda: subprocess.run(['/bin/true'])):\n"
        "    try: attempt()\n"
        "    except PermissionError: continue\n"
        "    sys.exit(3)\n"
    )
    import sys

    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0


@pytest.mark.parametrize(
    "source", ["#while true {}", "#for i in range(100000000) { [x] }", '#let a = "x"\n#while true { a = a + a }']
)
async def test_a_template_that_runs_away_is_stopped(source: str) -> None:
    worker = PrintWorker(job_seconds=3)
    try:
        with pytest.raises((PrintTooLong, PrintFailed)):
            await pdf_of(worker, {"codes": []}, source)
        assert await pdf_of(worker, {"codes": []}, "fine")
    finally:
        await worker.stop()
    assert not worker.running


async def test_a_job_that_nobody_waits_for_any_more_gives_its_answer_to_no_other(worker: PrintWorker) -> None:
    await pdf_of(worker, {"codes": []}, "warm")
    waiting = asyncio.create_task(pdf_of(worker, {"codes": []}, "#for i in range(300000) { [x] }"))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert "second" in text_of(await pdf_of(worker, {"codes": []}, "second"))


async def test_the_service_goes_on_while_it_is_typeset(worker: PrintWorker) -> None:
    longest, last, typesetting = 0.0, asyncio.get_running_loop().time(), True

    async def watch() -> None:
        nonlocal longest, last
        while typesetting:
            await asyncio.sleep(0.005)
            now = asyncio.get_running_loop().time()
            longest, last = max(longest, now - last), now

    data = data_of(prints_of(Order)["order"], *[order(40) for _ in range(30)])
    watcher = asyncio.create_task(watch())
    await pdf_of(worker, data)
    typesetting = False
    await watcher
    assert longest < 0.25
