"""Fixtures of the cell that notifies, and of the peers that it tells."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from peers import MailServer, Receiver

from cellkit.approval.directory import StaticDirectory
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.http.application import Application
from cellkit.notifications.channels.addresses import Networks
from cellkit.notifications.dispatcher import Dispatcher
from cellkit.notifications.sending import Sender
from cellkit.testing import cell_fixtures

__all__ = ["directory", "dispatcher", "mail_server", "receiver", "until"]

Until = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


@pytest_asyncio.fixture
async def dispatcher(cell_app: Application) -> Dispatcher:
    """The cell's dispatcher; tenants may call loopback, where the tests' peers are. Other tests left nothing to do."""
    found: Dispatcher = cell_app.notifications
    async with cell_app.engine.database.session(SYSTEM_TENANT) as connection:
        for table in ("kit_notification", "kit_notification_trigger", "kit_notification_delivery"):
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above
    found.sender = Sender(cell_app.engine, Networks((ipaddress.ip_network("127.0.0.0/8"),)))
    return found


@pytest.fixture
def directory(dispatcher: Dispatcher) -> StaticDirectory:
    """Who has which role and leads which department."""
    source = StaticDirectory()
    dispatcher.triggers.directory.source = source
    return source


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = await Receiver().start()
    yield made
    await made.stop()


@pytest_asyncio.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    made = await MailServer().start()
    yield made
    await made.stop()


@pytest.fixture
def until() -> Until:
    """Wait until a question is answered with something true; gives the answer."""

    async def wait(question: Callable[[], Awaitable[Any]]) -> Any:
        for _ in range(200):
            found = await question()
            if found:
                return found
            await asyncio.sleep(0.03)
        raise AssertionError("it did not happen")

    return wait


_cell = cell_fixtures("notifying_cell:cell")
globals().update(_cell)
__all__ += list(_cell)
