"""Every folder of ``cells/`` holds a cell that loads, and samples exist for all that it declares."""

from __future__ import annotations

import pytest

from cellkit.declare import Document
from tests.contract.discovery import found_cells, load, load_examples
from tests.contract.samples import Samples
from tests.contract.subject import Subject

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("folder", [item.name for item in found_cells()])
async def test_cell_loads(folder: str) -> None:
    assert load(folder).name == folder
    load_examples(folder)


async def test_document_can_be_made_and_read(samples: Samples, document: type[Document]) -> None:
    row = await samples.make(document)
    read = await samples.api.must("GET", samples.path(document, row["id"]))
    assert read["id"] == row["id"]


async def test_action_can_be_done(samples: Samples, document: type[Document], verb: str) -> None:
    row, answer = await samples.done(document, verb)
    action = document.actions[verb]
    assert answer["id"] == row["id"]
    if action.target is not None:
        assert answer["state"] == action.target


async def test_samples_reach_every_table(subject: Subject, samples: Samples) -> None:
    """Otherwise the tenant wall would be tested on empty tables."""
    await samples.populate()
    empty = [
        table
        for table in subject.tables
        if not table.startswith(("kit_", "cell_version")) and not await subject.rows_of(table, samples.api.tenant_id)
    ]
    assert empty == []
