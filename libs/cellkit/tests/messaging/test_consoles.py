"""The events console: events, deliveries and the inbox as resources, and sending a range again."""

from __future__ import annotations

from typing import Any

from cellkit.testing import Api


async def notes(api: Api, count: int, start: int = 0) -> list[dict[str, Any]]:
    return [await api.must("POST", "/notes", {"text": f"n{number}"}) for number in range(start, start + count)]


def delivered(world: Any, count: int) -> Any:
    return lambda: world.count("alpha", "kit_delivery", "state = 'delivered'") == count


async def pages(api: Api, path: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get(path, limit="2", **query, **cursor)
        assert answer.status == 200, answer.body
        found += answer.json["items"]
        if answer.json["next"] is None:
            return found
        cursor = {"cursor": answer.json["next"]}


async def test_events_and_their_deliveries(world: Any, alpha: Api, beta: Api, until: Any) -> None:
    made = await notes(alpha, 5)
    await until(delivered(world, 5))
    events = await pages(alpha, "/_outbox/events")
    assert [event["subject"] for event in events] == [note["id"] for note in reversed(made)]
    assert all(event["deliveries"] == {"delivered": 1} and event["routed_at"] for event in events)
    one = (await alpha.get(f"/_outbox/events/{events[0]['id']}")).json
    assert one["event"]["data"]["text"] == "n4"
    assert [(item["subscriber"], item["state"], item["attempts"]) for item in one["deliveries"]] == [
        ("beta", "delivered", 1)
    ]
    assert (await alpha.tenant_b.get(f"/_outbox/events/{events[0]['id']}")).status == 404
    assert (await alpha.get("/_outbox/events/nonsense")).status == 404
    deliveries = await pages(alpha, "/_outbox/deliveries", subscriber="beta", state="delivered")
    assert [item["event_id"] for item in deliveries] == [event["id"] for event in events]
    moment = events[2]["created_at"]
    assert len(await pages(alpha, "/_outbox/events", **{"from": moment})) == 3
    assert len(await pages(alpha, "/_outbox/deliveries", to=moment)) == 2
    only = (await alpha.get("/_outbox/deliveries", event_id=events[1]["id"], total="true")).json
    assert (len(only["items"]), only["total"]) == (1, 1)
    assert (await alpha.get("/_outbox/deliveries", state="lost")).json["code"] == "BAD_REQUEST"
    assert (await alpha.get("/_outbox/deliveries", event_id="x")).status == 400
    assert (await alpha.get("/_outbox/events", color="red")).status == 400
    assert (await alpha.get("/_outbox/events", cursor="x")).status == 400
    clerk = alpha.as_user(["alpha.note.*"])
    for path in ("/_outbox/events", "/_outbox/deliveries", f"/_outbox/events/{events[0]['id']}", "/_inbox"):
        assert (await clerk.get(path)).json["code"] == "FORBIDDEN"


async def test_the_inbox_tells_what_was_handled_and_what_came_again(
    world: Any, alpha: Api, beta: Api, until: Any, deliver: Any
) -> None:
    await notes(alpha, 3)
    await until(delivered(world, 3))
    handled = await pages(beta, "/_inbox")
    assert [item["duplicates"] for item in handled] == [0, 0, 0]
    event = world.platform.arrived[-1][2]
    again = await deliver(world.platform.apps["beta"], "beta", "cell:alpha", world.tenant, await event.read())
    assert again.json == {"status": "duplicate"}
    repeated = await pages(beta, "/_inbox", duplicates="true")
    assert [(item["event_id"], item["duplicates"]) for item in repeated] == [(world.platform.ids()[-1], 1)]
    assert repeated[0]["last_duplicate_at"]
    assert len(await pages(beta, "/_inbox", source="/cells/alpha", type="alpha.note.created.v1")) == 3
    assert len(await pages(beta, "/_inbox", **{"from": handled[0]["handled_at"]})) == 1
    assert (await beta.get("/_inbox", total="true")).json["total"] == 3
    assert (await beta.tenant_b.get("/_inbox")).json["items"] == []
    assert (await beta.get("/_inbox", duplicates="maybe")).status == 400


async def test_a_range_is_sent_again_and_changes_nothing_twice(world: Any, alpha: Api, beta: Api, until: Any) -> None:
    made = await notes(alpha, 4)
    await until(delivered(world, 4))
    events = await pages(alpha, "/_outbox/events")
    body = {"subscriber": "beta", "from": events[2]["created_at"], "to": "2999-01-01T00:00:00Z", "reason": "恢复备份"}
    # Another cell lost what it had: its rows and its inbox are gone for two of the events.
    lost = ", ".join(f"'{note['id']}'" for note in made[2:])
    world.query(
        "beta",
        f"DELETE FROM beta_copy WHERE note IN ({lost}); DELETE FROM kit_inbox WHERE subject IN ({lost})",  # noqa: S608 - a test
    )
    answer = await alpha.must("POST", "/_outbox/replays", body)
    assert answer == {"subscriber": "beta", "events": 3}
    await until(lambda: world.count("beta", "beta_copy") == 4)
    await until(delivered(world, 4))
    assert world.count("beta", "kit_inbox", "duplicates = 1") == 1
    entry = (await alpha.get("/_audit", action="alpha.outbox.replay")).json["items"][0]
    assert (entry["after"]["events"], entry["after"]["reason"]) == (3, "恢复备份")
    none = await alpha.must("POST", "/_outbox/replays", {**body, "types": ["alpha.note.updated.v1"]})
    assert none["events"] == 0
    dead = await alpha.must("POST", "/_outbox/replays", {**body, "states": ["dead"]})
    assert dead["events"] == 0


async def test_a_later_subscriber_gets_the_past(world: Any, alpha: Api, beta: Api, until: Any) -> None:
    world.platform.subscriptions = []
    await until(lambda: alpha.app.messaging.subscriptions.known == ())
    await notes(alpha, 2)
    await until(lambda: world.count("alpha", "kit_outbox", "routed_at IS NULL") == 0)
    world.platform.since = "2998-01-01T00:00:00Z"
    world.platform.subscriptions = [("alpha.note.created.v1", "beta")]
    await until(lambda: bool(alpha.app.messaging.subscriptions.known))
    body = {"subscriber": "beta", "from": "2020-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z", "reason": "新系统上线"}
    assert (await alpha.must("POST", "/_outbox/replays", body))["events"] == 2
    await until(lambda: world.count("beta", "beta_copy") == 2)


async def test_a_wrong_replay_says_what_is_wrong(alpha: Api) -> None:
    good = {"subscriber": "beta", "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "reason": "r"}
    for wrong, field in (
        ({"reason": ""}, "reason"), ({"from": "yesterday"}, "from"), ({"to": "2026-01-01T00:00:00"}, "to"),
        ({"to": "2025-01-01T00:00:00Z"}, "to"), ({"states": ["pending"]}, "states"), ({"types": []}, "types"),
        ({"subscriber": "../x"}, "subscriber"), ({"x": 1}, "x"),
    ):  # fmt: skip
        answer = await alpha.post("/_outbox/replays", {**good, **wrong})
        assert answer.status == 422, wrong
        assert [item["field"] for item in answer.json["details"]] == [field]
    reader = alpha.as_user(["alpha.outbox.read"])
    assert (await reader.post("/_outbox/replays", good)).status == 403
