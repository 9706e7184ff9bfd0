"""What people wait for, in a real browser on the built client: the first list cold and warm, a grid of 10,000 rows.

Measured in the page, from the navigation's beginning or the press to the frame that shows the rows, and only if they
are there: a list that stays empty fails.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

GRID_ROWS = 10_000
COLD_RUNS, WARM_RUNS = 7, 12
TARGETS_MS = {"web_first_list_cold": 1_500, "web_first_list_warm": 300, "web_grid_10k": 1_200}
FIRST, OTHER = "/c/erp/orders", "/c/erp/items"
PATIENCE_MS = 20_000
_SIZE = {"width": 1440, "height": 900}

# A frame later the rows are on the screen, not only in the document.
_FIRST_ROWS = """
(() => {
  const look = () => {
    if (document.querySelector(".sp-grid .vxe-body--row td span") === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => document.documentElement.dataset.firstRows = performance.now()));
  };
  requestAnimationFrame(look);
})();
"""
_PRESS_MENU = """
(path) => new Promise((done, fail) => {
  const before = document.querySelector(".sp-grid .vxe-body--row");
  const began = performance.now();
  const look = () => {
    const row = document.querySelector(".sp-grid .vxe-body--row");
    if (performance.now() - began > 20000) fail(new Error(`no rows at ${path}`));
    else if (location.pathname !== path || row === null || row === before || row.querySelector("td span") === null)
      requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  };
  document.querySelector(`nav a[href="${path}"], aside a[href="${path}"]`).click();
  look();
})
"""
# How many rows the grid has and whether its last ones are drawn: the height of what is scrolled, by the rows' height.
_TO_THE_END = """
() => new Promise((done, fail) => {
  const body = document.querySelector(".sp-grid .vxe-table--main-wrapper .vxe-table--body-inner-wrapper");
  const shown = () => [...document.querySelectorAll(".sp-grid .vxe-table--main-wrapper .vxe-body--row")];
  const rows = () => Math.round(body.querySelector(".vxe-body--y-space").clientHeight / shown()[0].clientHeight);
  const before = rows();
  const began = performance.now();
  body.dispatchEvent(new KeyboardEvent("keydown", { key: "End", ctrlKey: true, bubbles: true }));
  const look = () => {
    const box = body.getBoundingClientRect();
    const visible = shown().filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > box.top && top < box.bottom;
    });
    if (performance.now() - began > 20000) fail(new Error(`still ${rows()} rows`));
    else if (rows() === before || visible.length < 5) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => done({ ms: performance.now() - began, rows: rows() })));
  };
  look();
})
"""
# Back to the first row, which is drawn anew: the large grid can be scrolled, not only held.
_TO_THE_TOP = """
() => new Promise((done, fail) => {
  const body = document.querySelector(".sp-grid .vxe-table--main-wrapper .vxe-table--body-inner-wrapper");
  const began = performance.now();
  if (body.scrollTop < 100000) fail(new Error(`only ${body.scrollTop} px below the top`));
  body.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", ctrlKey: true, bubbles: true }));
  const look = () => {
    const box = body.getBoundingClientRect();
    const there = [...document.querySelectorAll(".sp-grid .vxe-table--main-wrapper .vxe-body--row")].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > box.top && top < box.bottom;
    });
    if (performance.now() - began > 20000) fail(new Error("the first rows are not drawn"));
    else if (body.scrollTop > 0 || there.length < 5) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  };
  look();
})
"""


@dataclass(slots=True)
class Measured:
    """Seconds by name of the row, and what the pages complained of."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    requests: int = 0


async def measure(
    program: str, client: str, login: dict[str, str], add_rows: Callable[[], Awaitable[None]]
) -> Measured:
    """Measure the client at ``client`` with Chromium at ``program``; ``add_rows`` fills the list for the grid."""
    found = Measured()
    async with _chromium(program) as browser:
        first = await _context(browser, found)
        state = await _sign_in(first, client, login)
        await first.close()
        cold = found.seconds["web_first_list_cold"] = []
        for _ in range(COLD_RUNS):
            context = await _context(browser, found, storage_state=state)
            page = await context.new_page()
            cold.append(await _open(page, client + FIRST))
            found.requests = await page.evaluate("performance.getEntriesByType('resource').length + 1")
            state = await context.storage_state()
            await context.close()
        context = await _context(browser, found, storage_state=state)
        page = await context.new_page()
        await _open(page, client + FIRST)
        found.seconds["web_first_list_warm"] = await _warm(page)
        await add_rows()
        await _open(page, client + FIRST)
        found.seconds["web_grid_10k"] = await _large_grid(page)
        await context.close()
    return found


@asynccontextmanager
async def _chromium(program: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        # Chromium's own sandbox cannot be made by root.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        await browser.close()


async def _context(browser: Browser, found: Measured, **more: Any) -> BrowserContext:
    context = await browser.new_context(locale="zh-CN", viewport=_SIZE, **more)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda thrown: found.complaints.append(str(thrown.error)))
    return context


async def _sign_in(context: BrowserContext, client: str, login: dict[str, str]) -> Any:
    page = await context.new_page()
    await page.goto(client)
    await page.get_by_role("textbox", name="租户代码").fill(login["tenant"])
    await page.get_by_role("textbox", name="用户名").fill(login["username"])
    await page.get_by_label("密码", exact=True).first.fill(login["password"])
    await page.keyboard.press("Enter")
    await page.get_by_text("快捷入口").first.wait_for()
    return await context.storage_state()


async def _open(page: Page, address: str) -> float:
    """Seconds from the navigation to the frame with the first rows."""
    await page.add_init_script(_FIRST_ROWS)
    await page.goto(address, wait_until="commit")
    await page.locator("html[data-first-rows]").wait_for()
    return float(await page.evaluate("Number(document.documentElement.dataset.firstRows)")) / 1000


async def _warm(page: Page) -> list[float]:
    for path in (OTHER, FIRST):
        await page.evaluate(_PRESS_MENU, path)
    seconds = []
    for turn in range(WARM_RUNS):
        # As a person would: what the last page still does is not what this one costs.
        await page.wait_for_timeout(700)
        seconds.append(float(await page.evaluate(_PRESS_MENU, (OTHER, FIRST)[turn % 2])) / 1000)
    return seconds


async def _large_grid(page: Page) -> list[float]:
    """Go on to the end until all rows are there: seconds of the step that brings the last, and back to the top."""
    # The keyboard begins at the first cell.
    await page.locator(".sp-grid .vxe-body--row td").nth(1).click()
    while True:
        step = await page.evaluate(_TO_THE_END)
        if step["rows"] >= GRID_ROWS:
            return [(step["ms"] + float(await page.evaluate(_TO_THE_TOP))) / 1000]
        await page.wait_for_timeout(30)
