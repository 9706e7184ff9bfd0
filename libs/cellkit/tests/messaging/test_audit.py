"""The audit trail: sealed within a second, verifiable, and no tampering unnoticed."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

import cellkit.audit.routes
from cellkit.testing import Api


async def notes(api: Api, count: int) -> list[dict[str, Any]]:
    return [await api.must("POST", "/notes", {"text": f"n{number}"}) for number in range(count)]


async def sealed(world: Any) -> bool:
    return world.query("alpha", "SELECT count(*) FROM kit_audit WHERE sequence IS NULL") == ["0"]


def tamper(world: Any, statement: str) -> None:
    """What only somebody with the whole database in his hands can do."""
    world.query(
        "alpha",
        f"ALTER TABLE kit_audit DISABLE TRIGGER kit_audit_protect; {statement}; "
        "ALTER TABLE kit_audit ENABLE TRIGGER kit_audit_protect",
    )


TAMPERING = (
    (["UPDATE kit_audit SET after = replace(after, 'n2', 'n9') WHERE sequence = 3"], 3, "changed"),
    (["UPDATE kit_audit SET user_id = 'someone else' WHERE sequence = 1"], 1, "changed"),
    (["UPDATE kit_audit SET before = '' WHERE sequence = 2"], 2, "changed"),
    (["UPDATE kit_audit SET row_hash = decode(repeat('00', 32), 'hex') WHERE sequence = 4"], 4, "changed"),
    (["DELETE FROM kit_audit WHERE sequence = 2"], 2, "missing"),
    (["DELETE FROM kit_audit WHERE sequence = 1"], 1, "missing"),
    (["DELETE FROM kit_audit WHERE sequence >= 5"], 5, "missing"),
    (["DELETE FROM kit_audit"], 1, "missing"),
    (
        [
            "UPDATE kit_audit SET sequence = 99 WHERE sequence = 2",
            "UPDATE kit_audit SET sequence = 2 WHERE sequence = 3",
            "UPDATE kit_audit SET sequence = 3 WHERE sequence = 99",
        ],
        2,
        "order",
    ),
    (["UPDATE kit_audit SET chain_hash = decode(repeat('ab', 32), 'hex') WHERE sequence = 6"], 6, "order"),
)


class TestSealing:
    async def test_within_a_second_and_each_tenant_from_one(self, world: Any, alpha: Api, until: Any) -> None:
        await notes(alpha, 5)
        await notes(alpha.tenant_b, 3)
        await until(lambda: sealed(world), 1.5)
        found = world.query("alpha", "SELECT max(sequence), count(*) FROM kit_audit GROUP BY tenant_id ORDER BY 1")
        assert found == ["3|3", "5|5"]
        answer = (await alpha.get("/_audit/verify")).json
        assert (answer["holds"], answer["checked"], answer["complete"], answer["unsealed"]) == (True, 5, True, 0)
        assert answer["head"]["sequence"] == 5

    async def test_two_sealers_make_one_chain(self, world: Any, alpha: Api, until: Any) -> None:
        other = world.app("alpha")
        await other.start()
        try:
            api = world.api(other)
            for _ in range(4):
                await asyncio.gather(notes(alpha, 5), notes(api, 5))
            await until(lambda: sealed(world))
        finally:
            await other.stop()
        answer = (await alpha.get("/_audit/verify")).json
        assert (answer["holds"], answer["checked"]) == (True, 40)

    async def test_entries_cannot_be_changed_by_the_service(self, world: Any, alpha: Api, until: Any) -> None:
        await notes(alpha, 1)
        await until(lambda: sealed(world))
        async with alpha.app.engine.database.session(alpha.tenant_id) as connection:
            for statement in (
                "UPDATE kit_audit SET user_id = 'x'",
                "DELETE FROM kit_audit",
                "UPDATE kit_audit SET sequence = 9",
            ):
                with pytest.raises(Exception, match="audit entries cannot be"):
                    await connection.execute(statement)


class TestVerifying:
    async def test_tampering_is_found(self, world: Any, alpha: Api, until: Any) -> None:
        victims = []
        for _ in TAMPERING:
            world.tenant = str(uuid.uuid4())
            victims.append(world.api(alpha.app))
            await notes(victims[-1], 6)
        await until(lambda: sealed(world))
        for api, (statements, sequence, damage) in zip(victims, TAMPERING, strict=True):
            assert (await api.get("/_audit/verify")).json["holds"] is True
            for statement in statements:
                verb, _, rest = statement.partition(" WHERE ")
                tamper(world, f"{verb} WHERE tenant_id = '{api.tenant_id}' AND {rest or 'true'}")
            answer = (await api.get("/_audit/verify")).json
            assert answer["holds"] is False, statements
            assert (answer["broken"]["sequence"], answer["broken"]["damage"]) == (sequence, damage), statements
        assert (await alpha.get("/_audit/verify")).json["holds"] is True

    async def test_sealing_goes_on_after_tampering_and_the_gap_stays_visible(
        self, world: Any, alpha: Api, until: Any
    ) -> None:
        await notes(alpha, 3)
        await until(lambda: sealed(world))
        tamper(world, "DELETE FROM kit_audit WHERE sequence = 3")
        await notes(alpha, 2)
        await until(lambda: sealed(world))
        answer = (await alpha.get("/_audit/verify")).json
        assert (answer["broken"]["sequence"], answer["broken"]["damage"]) == (3, "missing")
        world.query("alpha", "DELETE FROM kit_audit_head")
        await notes(alpha, 1)
        await until(lambda: sealed(world))
        assert world.query("alpha", "SELECT max(sequence) FROM kit_audit") == ["6"]

    async def test_long_chains_are_checked_in_slices(
        self, world: Any, alpha: Api, until: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await notes(alpha, 7)
        await until(lambda: sealed(world))
        monkeypatch.setattr(cellkit.audit.routes, "MOST_SECONDS", -1.0)
        first = (await alpha.get("/_audit/verify")).json
        assert (first["checked"], first["complete"], first["holds"]) == (0, False, True)
        monkeypatch.setattr(cellkit.audit.routes, "MOST_SECONDS", 3.0)
        rest = (await alpha.get("/_audit/verify", cursor=first["next"])).json
        assert (rest["checked"], rest["complete"], rest["next"]) == (7, True, None)


class TestReading:
    async def test_filters_and_pages(self, world: Any, alpha: Api) -> None:
        made = await notes(alpha, 5)
        clerk = alpha.as_user()
        changed = await clerk.must("PATCH", f"/notes/{made[2]['id']}", {"version": 1, "text": "new"})
        entries = (await alpha.get("/_audit", entity="alpha.note", entity_id=made[2]["id"])).json["items"]
        assert [entry["action"] for entry in entries] == ["alpha.note.update", "alpha.note.create"]
        assert (entries[0]["before"], entries[0]["after"]) == ({"text": "n2"}, {"text": "new"})
        assert [entry["user_id"] for entry in (await alpha.get("/_audit", user_id=clerk.user_id)).json["items"]] == [
            clerk.user_id
        ]
        seen, cursor = [], None
        while True:
            page = (await alpha.get("/_audit", limit="2", total="true", **({"cursor": cursor} if cursor else {}))).json
            assert page["total"] == 6
            seen += [entry["id"] for entry in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 6
        assert seen == sorted(seen, reverse=True)
        moment = changed["updated_at"]
        assert len((await alpha.get("/_audit", **{"from": moment})).json["items"]) == 1
        assert len((await alpha.get("/_audit", to=moment)).json["items"]) == 5
