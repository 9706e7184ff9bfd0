"""Fixtures of the cell with prints, and one typesetting process for the tests of templates."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from cellkit.printing.worker import PrintWorker
from cellkit.testing import cell_fixtures

sys.path.insert(0, str(Path(__file__).parent))
globals().update(cell_fixtures("prints_cell:cell"))


@pytest_asyncio.fixture
async def worker() -> AsyncIterator[PrintWorker]:
    """A typesetting process."""
    made = PrintWorker(job_seconds=10)
    yield made
    await made.stop()
