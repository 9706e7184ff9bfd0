"""A platform with both web apps and a real browser, for the journeys.

``apps`` says where everything is. ``new_page`` opens pages in a browser context of their own and fails the test when
the page has written an error to its console, has thrown, or was refused something by its policy; what a test provokes
on purpose it names with ``expected``. Playwright is used through its synchronous interface, and only while a module of
this folder runs: its loop would be in the way of the asynchronous tests of others.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from superpaas.browsers import require
from superpaas.messages import TroubleError
from superpaas.ports import Ports
from tests.running import ROOT, Platform
from tests.web.people import Company, Person, found_company

# Below the range that the system gives to outgoing connections, between the ports of the end-to-end tests.
FIRST_PORT_BASE = 30_600
PORTS_OF_A_PLATFORM = 700
# A page that has not answered by then is one that a person has given up.
PATIENCE_MS = 15_000
SERIOUS = {"serious", "critical"}
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True, slots=True)
class Apps:
    """Where the running platform's doors are, and who may log in first."""

    platform: Platform
    client: str
    admin: str
    api: str

    @property
    def login(self) -> dict[str, str]:
        """``tenant``, ``username`` and ``password`` of the platform's administrator, whose password is settled."""
        return self.platform.first_login


@dataclass(slots=True)
class Watched:
    """What a page complained of."""

    expected: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Remember a complaint, unless the test provokes it."""
        if not any(re.search(pattern, text) for pattern in self.expected):
            self.problems.append(text)


NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def apps() -> Iterator[Apps]:
    """One platform for all web tests of a worker, started as a user starts it."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    base = FIRST_PORT_BASE + PORTS_OF_A_PLATFORM * worker
    # The database runs as another user when we are root, so the folder must be one that others may enter.
    folder = Path(tempfile.mkdtemp(prefix="superpaas-web-"))
    folder.chmod(0o755)
    running = Platform.start(folder / "data", base, web=True)
    ports = Ports(base)
    try:
        yield Apps(running, ports.client_url, ports.admin_url, f"http://127.0.0.1:{ports.gateway}")
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def operator(apps: Apps) -> Person:
    """The platform's administrator, at the gateway."""
    login = apps.login
    return Person(apps.api, login["tenant"], login["username"], login["password"])


@pytest.fixture
def company(operator: Person) -> Company:
    """A tenant of the test's own."""
    return found_company(operator)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a machine without it fails these tests, because nobody reads what was skipped."""
    try:
        program = require()
    except TroubleError as trouble:
        pytest.fail(str(trouble), pytrace=False)
    with sync_playwright() as playwright:
        # Chromium's own sandbox cannot be made by root.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=program, args=flags)
        yield running
        running.close()


@pytest.fixture
def watched() -> Watched:
    """What all pages of this test complain of."""
    return Watched()


@pytest.fixture
def new_page(browser: Browser, watched: Watched, tmp_path: Path) -> Iterator[NewPage]:
    """``new_page(url, expected=[…], **context)`` opens a page as a person who has never been there.

    ``context`` is what Playwright's contexts take: ``locale`` (zh-CN by default), ``color_scheme``, ``viewport``,
    ``storage_state`` and so on. Two pages of one test share nothing.
    """
    opened: list[Page] = []

    def open_page(url: str = "", *, expected: list[str] | None = None, **context: Any) -> Page:
        watched.expected.extend(expected or [])
        made = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1366, "height": 800}, **context})
        made.set_default_timeout(PATIENCE_MS)
        page = made.new_page()
        page.on("console", lambda message: _console(message, watched))
        page.on("pageerror", lambda error: watched.note(f"thrown: {error}"))
        opened.append(page)
        if url:
            page.goto(url)
        return page

    yield open_page
    for place, page in enumerate(opened):
        # Of every page, because whether the test has failed is not known here; most are small.
        page.screenshot(path=tmp_path / f"page{place}.png")
        page.context.close()
    assert not watched.problems, f"{watched.problems} (screenshots: {tmp_path})"


def _console(message: ConsoleMessage, watched: Watched) -> None:
    if message.type in {"error", "warning"}:
        watched.note(f"{message.type}: {message.text} ({message.location.get('url', '')})")


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], list[str]]:
    """axe-core's serious findings on a page, a line each; none is wanted."""
    source = AXE.read_text(encoding="utf-8")

    def look(page: Page) -> list[str]:
        # Evaluated by the debugger, since the page's policy lets no script in.
        page.evaluate(source)
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{item['id']}: {item['help']} ({', '.join(str(node['target'][0]) for node in item['nodes'][:3])})"
            for item in found["violations"]
            if item["impact"] in SERIOUS
        ]

    return look
