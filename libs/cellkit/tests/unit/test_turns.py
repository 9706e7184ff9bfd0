"""Turns of series without gaps: one at a time, in order, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from cellkit.db.pool import Database
from cellkit.pipeline import numbers

TENANT, OTHER = UUID(int=1), UUID(int=2)


def _blocks() -> numbers.NumberBlocks:
    return numbers.NumberBlocks(Database("postgresql://nobody@127.0.0.1/none"))


def test_one_at_a_time_and_in_order() -> None:
    blocks, seen, inside = _blocks(), [], 0

    async def work(index: int) -> None:
        nonlocal inside
        # Series are held in one order, however they are named.
        names = ["invoice", "voucher"] if index % 2 else ["voucher", "invoice"]
        async with blocks.in_turn(TENANT, names):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            seen.append(index)
            inside -= 1

    async def main() -> None:
        await asyncio.gather(*(work(index) for index in range(20)))

    asyncio.run(main())
    assert seen == list(range(20))
    assert len(blocks._turns) == 0


def test_tenants_do_not_wait_for_each_other() -> None:
    blocks = _blocks()

    async def main() -> None:
        async with asyncio.timeout(1), blocks.in_turn(TENANT, ["a"]), blocks.in_turn(OTHER, ["a"]):
            pass

    asyncio.run(main())


def test_who_has_waited_long_goes_on_and_a_failure_ends_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "_TURN_SECONDS", 0.05)
    blocks = _blocks()

    async def main() -> None:
        async with asyncio.timeout(2), blocks.in_turn(TENANT, ["a"]), blocks.in_turn(TENANT, ["a"]):
            pass
        with pytest.raises(ZeroDivisionError):
            async with blocks.in_turn(TENANT, ["a"]):
                raise ZeroDivisionError
        monkeypatch.setattr(numbers, "_TURN_SECONDS", 5)
        async with asyncio.timeout(1), blocks.in_turn(TENANT, ["a"]):
            pass

    asyncio.run(main())
