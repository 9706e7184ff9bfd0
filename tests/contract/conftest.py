"""Every test here runs for every cell; ``document``, ``table`` and ``verb`` run it for each part of a cell."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import structlog

from cellkit.declare import Document, Table
from cellkit.testing.sharing import cluster_of
from tests.contract.discovery import documents_of, load, loadable, tables_of
from tests.contract.samples import Samples
from tests.contract.subject import Subject, open_subject, prepare_database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    wanted = metafunc.fixturenames
    if "verb" in wanted:
        cases = [
            pytest.param(name, document.key, verb, id=f"{document.key}-{verb}")
            for name in loadable()
            for document in documents_of(name)
            for verb in document.actions
        ]
        metafunc.parametrize(("cell_name", "document", "verb"), cases, indirect=["document"])
    elif "document" in wanted:
        cases = [pytest.param(name, item.key, id=item.key) for name in loadable() for item in documents_of(name)]
        metafunc.parametrize(("cell_name", "document"), cases, indirect=["document"])
    elif "table" in wanted:
        cases = [pytest.param(name, item.key, id=item.key) for name in loadable() for item in tables_of(name)]
        metafunc.parametrize(("cell_name", "table"), cases, indirect=["table"])
    elif "cell_name" in wanted:
        metafunc.parametrize("cell_name", loadable())


class Subjects:
    """The cells of this worker, opened when first asked for: one application and one database each."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._open: dict[str, Subject] = {}

    async def get(self, name: str) -> Subject:
        if name not in self._open:
            # Migrations run an event loop of their own.
            settings, urls = await asyncio.to_thread(prepare_database, cluster_of(self._config), load(name))
            self._open[name] = await open_subject(name, settings, urls)
        return self._open[name]

    async def close(self) -> None:
        for subject in self._open.values():
            await subject.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def subjects(pytestconfig: pytest.Config) -> AsyncIterator[Subjects]:
    made = Subjects(pytestconfig)
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def subject(subjects: Subjects, cell_name: str) -> Subject:
    return await subjects.get(cell_name)


@pytest.fixture
def document(cell_name: str, request: pytest.FixtureRequest) -> type[Document]:
    return next(item for item in documents_of(cell_name) if item.key == request.param)


@pytest.fixture
def table(cell_name: str, request: pytest.FixtureRequest) -> type[Table]:
    return next(item for item in tables_of(cell_name) if item.key == request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def samples(subject: Subject) -> Samples:
    """Rows for an administrator of a new tenant."""
    return await Samples.open(subject, subject.tenant())


@pytest.fixture(scope="module", autouse=True)
def plain_log() -> Iterator[None]:
    """Failures are printed as plain tracebacks; drawing them with every local value takes seconds."""
    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=False,
    )
    yield
    structlog.configure(**before)
