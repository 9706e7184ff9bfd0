"""Events from one cell's outbox to another's inbox: once, in order, through failures."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

from cellkit.testing import Api


async def copies(beta: Api) -> list[dict[str, Any]]:
    return (await beta.get("/copies", limit="200", sort="id")).json["items"]


async def note(api: Api, text: str) -> dict[str, Any]:
    return await api.must("POST", "/notes", {"text": text})


async def change(api: Api, made: dict[str, Any], text: str) -> None:
    made.update(await api.must("PATCH", f"/notes/{made['id']}", {"version": made["version"], "text": text}))


async def delivered(world: Any, count: int) -> bool:
    found = world.query("alpha", "SELECT count(*) FROM kit_delivery WHERE state = 'delivered'")
    return found == [str(count)]


class TestDelivery:
    async def test_an_event_arrives_once_and_soon(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        await until(lambda: alpha.app.messaging.subscriptions.known)
        waits = []
        for number in range(6):
            began = time.monotonic()
            made = await note(alpha, f"hello {number}")
            await until(lambda seen=number: len(world.platform.arrived) > seen)
            waits.append(time.monotonic() - began)
        # Woken by the commit, not found by the next poll.
        assert min(waits) < 0.1
        assert sorted(waits)[3] < 0.5
        await until(lambda: delivered(world, 6))
        assert [row["text"] for row in await copies(beta)] == [f"hello {number}" for number in range(6)]
        cell, event, request = world.platform.arrived[5]
        assert (cell, event["subject"], event["source"]) == ("beta", made["id"], "/cells/alpha")
        assert request.headers["X-Request-ID"] == event["id"]
        assert request.headers["traceparent"][3:35] == event["traceparent"][3:35]
        assert event["data"]["text"] == "hello 5"

    async def test_unwanted_events_are_only_marked(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        made = await note(alpha, "x")
        await alpha.must("POST", f"/notes/{made['id']}/send", {})
        await until(lambda: world.query("alpha", "SELECT count(*) FROM kit_outbox WHERE routed_at IS NULL") == ["0"])
        assert world.query("alpha", "SELECT count(*) FROM kit_outbox") == ["2"]
        assert world.query("alpha", "SELECT count(*) FROM kit_delivery") == ["1"]

    async def test_order_holds_within_a_key_and_one_poison_holds_back_only_its_own(
        self, world: Any, alpha: Api, beta: Api, until: Any
    ) -> None:
        good, bad = await note(alpha, "g0"), await note(alpha, "poison")
        for step in range(1, 4):
            await change(alpha, bad, f"b{step}")
            await change(alpha, good, f"g{step}")
        await until(lambda: world.query("alpha", "SELECT count(*) FROM kit_delivery WHERE state = 'dead'") == ["1"])
        await until(lambda: delivered(world, 4))
        found = await copies(beta)
        assert [row["text"] for row in found if row["note"] == good["id"]] == ["g0", "g1", "g2", "g3"]
        assert [row for row in found if row["note"] == bad["id"]] == []
        letters = (await alpha.get("/_outbox/dead-letters", total="true")).json
        assert letters["total"] == 1
        letter = letters["items"][0]
        assert (letter["subscriber"], letter["attempts"], letter["event"]["data"]["text"]) == ("beta", 4, "poison")
        assert letter["last_error"].startswith("422 POISONOUS")
        counts = (await alpha.get("/_outbox")).json
        assert (counts["dead"], counts["pending"], counts["unrouted"]) == (1, 3, 0)

        answer = await alpha.post(f"/_outbox/dead-letters/{letter['event_id']}/beta/replay", {})
        assert (answer.status, answer.json["state"]) == (200, "pending")
        again = await alpha.post(f"/_outbox/dead-letters/{letter['event_id']}/beta/replay", {})
        assert (again.status, again.json["code"]) == (409, "CONFLICT")
        import two_cells

        two_cells.antidote.add("poison")
        await until(lambda: delivered(world, 8))
        texts = [row["text"] for row in await copies(beta) if row["note"] == bad["id"]]
        assert texts == ["poison", "b1", "b2", "b3"]
        recorded = (await alpha.get("/_audit", entity="kit.delivery")).json["items"]
        assert [entry["action"] for entry in recorded] == ["alpha.outbox.replay"]

    async def test_a_discarded_letter_lets_the_next_go(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        made = await note(alpha, "poison")
        await change(alpha, made, "after")
        letter = (await until(lambda: _letters(alpha)))[0]
        path = f"/_outbox/dead-letters/{letter['event_id']}/beta/discard"
        assert (await alpha.post(path, {})).status == 422
        assert (await alpha.post(path, {"reason": "录入错误"})).status == 200
        await until(lambda: delivered(world, 1))
        assert [row["text"] for row in await copies(beta)] == ["after"]

    async def test_a_defect_of_the_consumer_writes_nothing(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        alpha.app.messaging.relay.retry_seconds = ()
        await note(alpha, "crash")
        letter = (await until(lambda: _letters(alpha)))[0]
        assert letter["last_error"].startswith("500 INTERNAL")
        assert await copies(beta) == []
        assert world.query("beta", "SELECT count(*) FROM kit_inbox") == ["0"]
        assert world.query("beta", "SELECT count(*) FROM kit_audit") == ["0"]

    async def test_consumer_down_and_up_again(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        alpha.app.messaging.relay.retry_seconds = (0.1, 60.0, 60.0)
        world.platform.subscriptions.append(("alpha.note.created.v1", "gamma"))
        await alpha.app.messaging.subscriptions.refresh()
        world.platform.down.add("beta")
        first = await note(alpha, "first")
        await change(alpha, first, "changed")
        await until(lambda: world.platform.ids().count(_event_of(world, first, "created")) == 2, 5)
        # The others go on meanwhile, and the one that is down is not flooded.
        await asyncio.gather(*(note(alpha, f"n{number}") for number in range(10)))
        await until(lambda: len(world.platform.ids("gamma")) == 11)
        assert len(world.platform.ids()) <= 4
        world.platform.down.clear()
        # The first waits for a minute by its schedule; the first sign of life brings it back at once.
        await until(lambda: delivered(world, 23), 12)
        texts = [row["text"] for row in await copies(beta)]
        assert sorted(texts) == sorted(["first", "changed", *(f"n{number}" for number in range(10))])
        assert texts.index("first") < texts.index("changed")

    async def test_several_keys_go_at_once_but_not_without_bound(
        self, world: Any, alpha: Api, beta: Api, until: Any
    ) -> None:
        now, most = 0, 0

        async def slow(cell: str, event: dict[str, Any]) -> None:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.05)
            now -= 1

        world.platform.before = slow
        await until(lambda: alpha.app.messaging.subscriptions.known)
        for number in range(30):
            await note(alpha, f"n{number}")
        await until(lambda: delivered(world, 30))
        assert 4 <= most <= 8


async def _letters(api: Api) -> list[dict[str, Any]]:
    return (await api.get("/_outbox/dead-letters")).json["items"]


def _event_of(world: Any, made: dict[str, Any], past: str) -> str:
    events = [event for _, event, _ in world.platform.arrived if event["subject"] == made["id"]]
    return next((event["id"] for event in events if event["type"] == f"alpha.note.{past}.v1"), "")


class TestProcesses:
    async def test_what_was_committed_before_a_crash_is_delivered_by_the_next(
        self, world: Any, beta: Api, until: Any
    ) -> None:
        app = world.app("alpha")
        # Committed, and nobody there to carry it: the relay of this process never ran.
        async with app.engine.database.lifespan():
            await note(world.api(app), "survivor")
        assert world.query("alpha", "SELECT count(*) FROM kit_outbox WHERE routed_at IS NULL") == ["1"]
        async with world.running("alpha"):
            await until(lambda: delivered(world, 1))
        assert [row["text"] for row in await copies(beta)] == ["survivor"]

    async def test_a_try_that_was_cut_off_is_given_back(self, world: Any, beta: Api, until: Any) -> None:
        stuck = asyncio.Event()

        async def hang(cell: str, event: dict[str, Any]) -> None:
            stuck.set()
            await asyncio.sleep(30)

        world.platform.before = hang
        async with world.running("alpha") as api:
            await note(api, "hung")
            await asyncio.wait_for(stuck.wait(), 5)
        world.platform.before = None
        began = time.monotonic()
        async with world.running("alpha"):
            await until(lambda: delivered(world, 1))
        assert time.monotonic() - began < 4
        assert [row["text"] for row in await copies(beta)] == ["hung"]

    async def test_a_lease_of_a_dead_process_runs_out(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        await until(lambda: alpha.app.messaging.subscriptions.known)
        world.platform.down.add("beta")
        made = await note(alpha, "leased")
        await change(alpha, made, "next")
        await until(lambda: world.query("alpha", "SELECT count(*) FROM kit_delivery") == ["2"])
        # As a process leaves it that was killed during a try, its lease now over.
        world.query(
            "alpha",
            "UPDATE kit_delivery SET attempts = 1, next_at = now() - interval '1 second' "
            "WHERE position = (SELECT min(position) FROM kit_delivery)",
        )
        world.platform.down.clear()
        await until(lambda: delivered(world, 2))
        assert [row["text"] for row in await copies(beta)] == ["leased", "next"]

    async def test_two_relays_share_the_work_and_keep_the_order(self, world: Any, beta: Api, until: Any) -> None:
        async with world.running("alpha") as one:
            other_app = world.app("alpha")
            await other_app.start()
            other = world.api(other_app)
            try:
                notes = [await note(one if number % 2 else other, f"n{number} 0") for number in range(6)]
                for step in range(1, 5):
                    await asyncio.gather(
                        *(
                            change(one if (number + step) % 2 else other, made, f"n{number} {step}")
                            for number, made in enumerate(notes)
                        )
                    )
                await until(lambda: delivered(world, 30))
            finally:
                await other_app.stop()
        found = await copies(beta)
        assert len(found) == 30
        for number, made in enumerate(notes):
            texts = [row["text"] for row in found if row["note"] == made["id"]]
            assert texts == [f"n{number} {step}" for step in range(5)]
        assert len(set(world.platform.ids())) == len(world.platform.ids()) == 30


class TestSubscriptions:
    async def test_rows_wait_until_governance_has_answered_and_its_word_outlives_it(
        self, world: Any, beta: Api, until: Any
    ) -> None:
        world.platform.governance_up = False
        async with world.running("alpha") as api:
            await note(api, "early")
            await until(lambda: world.platform.asked >= 1)
            await asyncio.sleep(0.3)
            assert world.query("alpha", "SELECT count(*) FROM kit_outbox WHERE routed_at IS NULL") == ["1"]
            world.platform.governance_up = True
            await until(lambda: delivered(world, 1))
            await api.app.messaging.subscriptions.refresh()
            assert world.platform.not_modified == 1
            world.platform.governance_up = False
            await note(api, "late")
            await until(lambda: delivered(world, 2))

    async def test_what_was_routed_before_a_subscription_was_known_is_delivered_too(
        self, world: Any, alpha: Api, beta: Api, until: Any
    ) -> None:
        subscriptions = alpha.app.messaging.subscriptions
        await until(lambda: subscriptions.known)
        await note(alpha, "too early")
        await until(lambda: world.query("alpha", "SELECT count(*) FROM kit_outbox WHERE routed_at IS NULL") == ["0"])
        world.platform.since = world.query("alpha", "SELECT to_json(clock_timestamp())")[0].strip('"')
        made = [await note(alpha, f"n{number}") for number in range(3)]
        await until(lambda: delivered(world, 4))
        # Governance took the subscription before these three were written, and the producer hears of it only now.
        world.platform.subscriptions.append(("alpha.note.created.v1", "gamma"))
        await subscriptions.refresh()
        await until(lambda: len(world.platform.ids("gamma")) == 3)
        assert world.platform.ids("gamma") == [_event_of(world, item, "created") for item in made]
        # Those who had them already get nothing twice.
        assert len(world.platform.ids("beta")) == 4
        await note(alpha, "later")
        await until(lambda: len(world.platform.ids("gamma")) == 4)

    async def test_what_is_of_no_concern_to_a_subscriber_stays_here(
        self, world: Any, alpha: Api, beta: Api, until: Any
    ) -> None:
        await note(alpha, "without a topic, before")
        with_topic = await alpha.must("POST", "/notes", {"text": "with one, before", "topic": "t"})
        await until(lambda: delivered(world, 2))
        # The second field is none that notes know: that is no reason to keep an event back.
        world.platform.given["gamma"] = ["topic", "unknown"]
        world.platform.subscriptions.append(("alpha.note.created.v1", "gamma"))
        await alpha.app.messaging.subscriptions.refresh()
        await note(alpha, "without a topic")
        another = await alpha.must("POST", "/notes", {"text": "with one", "topic": "t"})
        await until(lambda: len(world.platform.ids("beta")) == 4)
        await until(lambda: len(world.platform.ids("gamma")) == 2)
        assert world.platform.ids("gamma") == [_event_of(world, item, "created") for item in (with_topic, another)]
        await until(lambda: world.query("alpha", "SELECT count(*) FROM kit_delivery") == ["6"])


class TestWalls:
    async def test_consoles_show_only_the_own_tenant(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        await note(alpha, "poison")
        letter = (await until(lambda: _letters(alpha)))[0]
        other = alpha.tenant_b
        assert (await other.get("/_outbox/dead-letters", total="true")).json == {"items": [], "next": None, "total": 0}
        assert (await other.get("/_outbox")).json["dead"] == 0
        assert (await other.get("/_audit")).json["items"] == []
        assert (await other.get("/_audit/verify")).json["checked"] == 0
        path = f"/_outbox/dead-letters/{letter['event_id']}/beta"
        for verb, body in (("replay", {}), ("discard", {"reason": "x"})):
            assert (await other.post(f"{path}/{verb}", body)).status == 404
        assert [item["event_id"] for item in await _letters(alpha)] == [letter["event_id"]]

    async def test_permissions(self, alpha: Api) -> None:
        nobody = alpha.as_user(["alpha.note.*"])
        for path in ("/_outbox", "/_outbox/dead-letters", "/_audit", "/_audit/verify"):
            assert (await nobody.get(path)).status == 403, path
        reader = alpha.as_user(["alpha.outbox.read", "alpha.audit.read"])
        for path in ("/_outbox", "/_outbox/dead-letters", "/_audit", "/_audit/verify"):
            assert (await reader.get(path)).status == 200, path
        assert (await reader.post(f"/_outbox/dead-letters/{uuid.uuid4()}/beta/replay", {})).status == 403

    async def test_wrong_queries(self, alpha: Api) -> None:
        for wrong in (
            "/_outbox/dead-letters?limit=0", "/_outbox/dead-letters?x=1", "/_outbox/dead-letters?cursor=AAAA",
            "/_audit?from=soon", "/_audit?limit=500", "/_audit?cursor=W10", "/_audit/verify?cursor=zz", "/_outbox?q=1",
        ):  # fmt: skip
            path, _, query = wrong.partition("?")
            answer = await alpha.get(path, **dict([query.split("=")]))
            assert (answer.status, answer.json["code"]) == (400, "BAD_REQUEST"), wrong
        for path in ("nonsense/beta", f"{uuid.uuid4()}/beta", f"{uuid.uuid4()}/B%20"):
            assert (await alpha.post(f"/_outbox/dead-letters/{path}/replay", {})).status == 404


class TestHousekeeping:
    async def test_figures_and_purge(self, world: Any, alpha: Api, beta: Api, until: Any) -> None:
        made = await note(alpha, "fine")
        await note(alpha, "poison")
        await until(lambda: _letters(alpha))
        await until(lambda: delivered(world, 1))
        keeper = alpha.app.messaging.housekeeping
        await keeper.refresh()
        text = alpha.app.metrics.text().decode()
        assert "outbox_dead_letters 1.0" in text
        assert "outbox_pending 0.0" in text
        assert 'outbox_tries_total{outcome="delivered",subscriber="beta"} 1.0' in text
        assert await keeper.purge() == 0
        world.query("alpha", "UPDATE kit_outbox SET created_at = now() - interval '8 days'")
        world.query("alpha", "UPDATE kit_request SET created_at = now() - interval '8 days'")
        assert await keeper.purge() == 1 + 2
        # What nobody has received yet stays, however old.
        assert world.query("alpha", "SELECT state FROM kit_delivery") == ["dead"]
        assert world.count("alpha", "kit_outbox", f"subject = '{made['id']}'") == 0
        assert len(await _letters(alpha)) == 1
