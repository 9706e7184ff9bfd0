"""Both apps in a real browser, as far as everybody sees them: the way in."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from http import HTTPStatus

import pytest
from playwright.sync_api import Page, expect

from superpaas.ports import Ports
from superpaas.probes import ask
from tests.web.conftest import Apps, NewPage

PASSWORD = "input[type=password]"


def address(apps: Apps, app: str) -> str:
    return apps.client if app == "client" else apps.admin


@pytest.mark.parametrize("app", ["client", "admin"])
def test_a_stranger_finds_the_login_and_nothing_complains(apps: Apps, new_page: NewPage, app: str) -> None:
    page = new_page()
    answer = page.goto(address(apps, app))
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "'unsafe-eval'" not in policy
    expect(page.locator(PASSWORD)).to_be_visible()
    assert page.title()


@pytest.mark.parametrize("app", ["client", "admin"])
def test_a_deep_link_leads_a_stranger_to_the_login(apps: Apps, new_page: NewPage, app: str) -> None:
    page = new_page(f"{address(apps, app)}/c/crm/leads?q=1")
    expect(page.locator(PASSWORD)).to_be_visible()


@pytest.mark.parametrize("app", ["client", "admin"])
def test_the_login_has_no_serious_barrier(
    apps: Apps, new_page: NewPage, accessible: Callable[[Page], list[str]], app: str
) -> None:
    for scheme in ("light", "dark"):
        page = new_page(address(apps, app), color_scheme=scheme)
        expect(page.locator(PASSWORD)).to_be_visible()
        assert accessible(page) == []


def test_no_foreign_or_inline_script_runs(apps: Apps, new_page: NewPage) -> None:
    page = new_page(apps.client, expected=["Content Security Policy"])
    expect(page.locator(PASSWORD)).to_be_visible()
    ran = page.evaluate(
        """() => {
            const inline = document.createElement("script");
            inline.textContent = "window.inlineRan = true";
            document.head.append(inline);
            const box = document.createElement("div");
            box.innerHTML = '<img src="data:," onerror="window.handlerRan = true">';
            document.body.append(box);
            let evaluated = false;
            // Later, because the debugger's own evaluation may do what the page may not.
            setTimeout(() => { try { evaluated = (0, window["eval"])("true"); } catch { /* as it should be */ } }, 50);
            return new Promise((done) => setTimeout(() => done([window.inlineRan, window.handlerRan, evaluated]), 300));
        }"""
    )
    assert ran == [None, None, False]


def test_nobody_can_put_the_app_into_a_frame(apps: Apps, new_page: NewPage) -> None:
    page = new_page(apps.admin, expected=["frame", "ERR_BLOCKED_BY_RESPONSE", "Content Security Policy", "404"])
    page.set_content(f'<iframe src="{apps.client}" width="400" height="300"></iframe>')
    page.wait_for_timeout(500)
    frame = page.frames[-1]
    assert frame.locator(PASSWORD).count() == 0


def test_the_static_server_comes_back_by_itself(apps: Apps, new_page: NewPage) -> None:
    pid = next(row["pid"] for row in apps.platform.status()["processes"] if row["name"] == "web")
    os.kill(pid, signal.SIGKILL)
    port, deadline = Ports(apps.platform.port_base).client, time.monotonic() + 15
    while ask(port, "/", headers={"Accept": "text/html"})[0] != HTTPStatus.OK:
        assert time.monotonic() < deadline, "the web apps did not come back"
        time.sleep(0.1)
    page = new_page(apps.client)
    expect(page.locator(PASSWORD)).to_be_visible()
    again = next(row["pid"] for row in apps.platform.status()["processes"] if row["name"] == "web")
    assert again not in {None, pid}


def test_the_platform_says_where_the_apps_are(apps: Apps) -> None:
    assert (apps.login["client"], apps.login["admin"]) == (apps.client, apps.admin)
    status = apps.platform.status()
    assert (status["client"], status["admin"]) == (apps.client, apps.admin)
    assert status["pssMb"] < 500, json.dumps(status["processes"])
