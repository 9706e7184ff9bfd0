"""The pure rules: whatever random people do in random flows, the log alone tells the state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellkit.approval import rules
from cellkit.approval.course import result, seats
from cellkit.approval.definition import Flow, read_flow
from cellkit.approval.illegal import Illegal
from cellkit.approval.state import ADMINISTRATORS, DISTINCT_STEP, ENDED, RUNNING, SYSTEM, Entry, Instance
from cellkit.http.messages import from_json, to_json

PEOPLE = tuple("abcdef")
STARTER = "a"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
KINDS = (
    "approve", "approve", "approve", "reject", "return", "resubmit", "withdraw", "add_sign", "transfer", "delegate",
    "hand", "cc", "urge", "comment", "recall", "due", "cancel",
)  # fmt: skip


@st.composite
def flows(draw: Any) -> Flow:
    steps = []
    for place in range(draw(st.integers(1, 4))):
        mode = draw(st.sampled_from(["any", "all", "sequential", "ratio"]))
        due = draw(st.sampled_from([None, "remind", "pass", "reject", "hand"]))
        step: dict[str, Any] = {
            "key": f"s{place}",
            "name": "x",
            "who": {"kind": "starter"},
            "mode": mode,
            "starter": draw(st.sampled_from(["keep", "refuse"])),
        }
        step |= {"ratio": draw(st.sampled_from(["0.3", "0.5", "0.6", "1"]))} if mode == "ratio" else {}
        step |= {"due_hours": 1, "on_due": due} if due else {}
        step |= {"hand_to": {"kind": "starter"}} if due == "hand" else {}
        steps.append(step)
    return read_flow(
        {
            "steps": steps,
            "distinct": draw(st.integers(0, 2)),
            "again": draw(st.sampled_from(["ask", "skip"])),
            "withdraw": draw(st.sampled_from([True, False, "untouched"])),
            "urge_minutes": 30,
        }
    )


@st.composite
def plans(draw: Any, flow: Flow) -> dict[str, Any]:
    made = {}
    for step in flow.steps:
        outcome = draw(st.sampled_from(["ask", "ask", "ask", "ask", "skip", "pass", "reject"]))
        if outcome != "ask":
            made[step.key] = {"outcome": outcome, "reason": "condition"}
            continue
        allowed = PEOPLE if step.starter == "keep" else PEOPLE[1:]
        people = draw(st.lists(st.sampled_from(allowed), min_size=0, max_size=3, unique=True))
        listed: list[dict[str, Any]] = [{"user": person} for person in people]
        listed += [{"pool": "p"}] * draw(st.integers(0 if people else 1, 1))
        made[step.key] = {"seats": listed}
    return made


@st.composite
def attempts(draw: Any, flow: Flow) -> Entry:
    """Something that somebody tries, legal or not."""
    kind, person = draw(st.sampled_from(KINDS)), draw(st.sampled_from(PEOPLE))
    other = draw(st.sampled_from(PEOPLE))
    data: dict[str, Any] = {"pools": draw(st.sampled_from([[], ["p"], ["p", ADMINISTRATORS]]))}
    if draw(st.integers(0, 3)) == 0:
        data["task"] = draw(st.integers(1, 12))
    if kind == "return":
        data |= {
            "to": draw(st.sampled_from(["start", "s0", "s1", "s2"])),
            "back": draw(st.sampled_from(["here", "through"])),
        }
    if kind in ("transfer", "delegate", "hand"):
        data |= {"user": other, "task": draw(st.integers(1, 12))} if kind == "hand" else {"user": other}
    if kind == "hand":
        data["admin"] = draw(st.booleans())
    if kind == "add_sign":
        data |= {
            "where": draw(st.sampled_from(["before", "after", "parallel"])),
            "users": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2)),
        }
    if kind == "due":
        person, data["hand_to"] = SYSTEM, [other]
    if kind == "cancel":
        person = draw(st.sampled_from([person, SYSTEM]))
    if kind in ("approve", "resubmit", "return") and draw(st.integers(0, 4)) == 0:
        data["plans"] = draw(plans(flow))
    return Entry(kind, NOW, person, data)


def kept(log: list[Entry]) -> list[Entry]:
    """The log as the database gives it back."""
    return [msgspec.convert(from_json(to_json(msgspec.to_builtins(entry))), Entry) for entry in log]


def check(flow: Flow, instance: Instance) -> None:
    assert instance.status == RUNNING or instance.status in ENDED
    still_open = [visit for visit in instance.visits if visit.state == "open"]
    waiting = [task for task in instance.tasks if task.state in ("open", "waiting")]
    assert len({task.number for task in instance.tasks}) == len(instance.tasks)
    if instance.status != RUNNING:
        assert not still_open
        assert not waiting
    else:
        assert len(still_open) == (0 if instance.returned else 1)
        # It can always go on: somebody has an open task, or the starter has it.
        assert instance.returned or any(task.state == "open" for task in waiting)
        assert all(still_open and task.visit == still_open[0].number for task in waiting)
    for visit in instance.visits:
        tasks = [task for task in instance.of_visit(visit) if task.state != "closed" and task.user is not None]
        if visit.state == "open":
            assert len({task.user for task in tasks}) == len(tasks), "nobody has two tasks in a visit"
    if instance.status == "approved":
        check_approved(flow, instance)


def check_approved(flow: Flow, instance: Instance) -> None:
    assert len(instance.approvers) >= flow.distinct
    counted = [visit for visit in instance.visits if not visit.void]
    assert [visit for visit in counted if visit.state not in ("passed", "skipped")] == []
    reached = [visit.step for visit in counted]
    for step in flow.steps:
        assert step.key in reached, "no step is left out without a word"
    for visit in counted:
        if visit.state == "skipped" or visit.reason == "condition":
            continue
        results = [result(instance, task) for task in seats(instance, visit)]
        if visit.step == DISTINCT_STEP:
            assert set(results) == {"approved"}
            continue
        step = flow.step(visit.step)
        if step.mode in ("all", "sequential"):
            assert set(results) == {"approved"}
        elif step.mode == "any":
            assert "approved" in results
        else:
            assert step.ratio is not None
            assert results.count("approved") >= step.ratio * len(results)
        for task in instance.of_visit(visit):
            if task.state == "approved" and task.user == STARTER and not task.reason:
                assert step.starter == "keep"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_replay_tells_the_state_and_illegal_actions_change_nothing(data: st.DataObject) -> None:
    flow = data.draw(flows())
    log = [Entry("start", NOW, STARTER, {"plans": data.draw(plans(flow))})]
    instance = rules.replay(flow, log)
    check(flow, instance)
    moment, ends = NOW, int(instance.status in ENDED)
    for attempt in data.draw(st.lists(attempts(flow), max_size=25)):
        moment += timedelta(minutes=data.draw(st.sampled_from([1, 40, 90])))
        attempt.at = moment
        before = msgspec.json.encode(instance)
        try:
            following = rules.act(flow, instance, attempt)
        except Illegal:
            assert msgspec.json.encode(instance) == before
            continue
        assert msgspec.json.encode(instance) == before, "the state before is not touched"
        ends += int(instance.status == RUNNING and following.status in ENDED)
        assert ends <= 1
        assert instance.status in (RUNNING, following.status), "what is decided stays decided"
        instance = following
        log.append(attempt)
        check(flow, instance)
        for allowed in rules.allowed(flow, instance, attempt.actor, ["p"], admin=False):
            assert allowed["action"] not in ("approve", "reject") or instance.status == RUNNING
    again = rules.replay(flow, kept(log))
    assert msgspec.to_builtins(again) == msgspec.to_builtins(instance)


def run(flow: dict[str, Any], seats_of: dict[str, list[str]], *entries: tuple[Any, ...]) -> Instance:
    read = read_flow(
        {
            **flow,
            "steps": [
                {"key": key, "name": "x", "who": {"kind": "starter"}, **flow.get("each", {})} for key in seats_of
            ],
        }
        if "steps" not in flow
        else flow
    )
    made = {key: {"seats": [{"user": person} for person in people]} for key, people in seats_of.items()}
    log = [Entry("start", NOW, STARTER, {"plans": made})]
    for place, (kind, person, *more) in enumerate(entries, 1):
        log.append(Entry(kind, NOW + timedelta(minutes=place), person, more[0] if more else {}))
    return rules.replay(read, log)


def step(key: str, **values: Any) -> dict[str, Any]:
    return {"key": key, "name": "x", "who": {"kind": "starter"}, **values}


def test_a_step_added_before_must_agree_first() -> None:
    flow = {"steps": [step("one")]}
    asked = ("add_sign", "b", {"where": "before", "users": ["c", "d"]})
    state = run(flow, {"one": ["b"]}, asked, ("approve", "c"))
    assert [task.state for task in state.tasks] == ["waiting", "approved", "open"]
    with pytest.raises(Illegal):
        run(flow, {"one": ["b"]}, asked, ("approve", "b"))
    assert run(flow, {"one": ["b"]}, asked, ("approve", "c"), ("approve", "d"), ("approve", "b")).status == "approved"
    assert run(flow, {"one": ["b"]}, asked, ("reject", "c")).status == "rejected"


def test_a_step_added_after_ends_with_the_last_of_them() -> None:
    flow = {"steps": [step("one")]}
    asked = ("add_sign", "b", {"where": "after", "users": ["c"]})
    assert run(flow, {"one": ["b"]}, asked).status == RUNNING
    assert run(flow, {"one": ["b"]}, asked, ("approve", "c")).status == "approved"


def test_a_parallel_signer_counts_like_the_others() -> None:
    flow = {"steps": [step("one", mode="all")]}
    asked = ("add_sign", "b", {"where": "parallel", "users": ["c"]})
    assert run(flow, {"one": ["b"]}, asked, ("approve", "b")).status == RUNNING
    assert run(flow, {"one": ["b"]}, asked, ("approve", "b"), ("approve", "c")).status == "approved"


def test_a_delegated_task_comes_back_even_when_the_opinion_is_no() -> None:
    flow = {"steps": [step("one")]}
    asked = ("delegate", "b", {"user": "c"})
    state = run(flow, {"one": ["b"]}, asked, ("reject", "c", {"comment": "不建议"}))
    assert state.status == RUNNING
    assert [(task.user, task.state) for task in state.tasks] == [("b", "open"), ("c", "rejected")]
    assert run(flow, {"one": ["b"]}, asked, ("reject", "c"), ("approve", "b")).status == "approved"


def test_returns_go_back_and_forth() -> None:
    flow = {"steps": [step("one"), step("two"), step("three")]}
    people = {"one": ["b"], "two": ["c"], "three": ["d"]}
    to_one = (("approve", "b"), ("approve", "c"))
    here = run(flow, people, *to_one, ("return", "d", {"to": "one", "back": "here"}), ("approve", "b"))
    assert here.open_visit is not None
    assert here.open_visit.step == "three"
    through = run(flow, people, *to_one, ("return", "d", {"to": "one", "back": "through"}), ("approve", "b"))
    assert through.open_visit is not None
    assert through.open_visit.step == "two"
    start = run(flow, people, *to_one, ("return", "d", {"to": "start", "back": "here"}))
    assert start.open_visit is None
    assert start.returned is not None
    again = run(flow, people, *to_one, ("return", "d", {"to": "start", "back": "here"}), ("resubmit", "a"))
    assert again.open_visit is not None
    assert again.open_visit.step == "three"
    with pytest.raises(Illegal):
        run(flow, people, ("return", "b", {"to": "two", "back": "here"}))


def test_the_last_approval_is_recalled_until_the_next_has_acted() -> None:
    flow = {"steps": [step("one"), step("two")]}
    people = {"one": ["b"], "two": ["c"]}
    state = run(flow, people, ("approve", "b"), ("comment", "c", {"comment": "?"}), ("recall", "b"))
    assert state.open_visit is not None
    assert state.open_visit.step == "one"
    with pytest.raises(Illegal):
        run(flow, people, ("approve", "b"), ("recall", "c"))
    with pytest.raises(Illegal):
        run(flow, people, ("approve", "b"), ("transfer", "c", {"user": "d"}), ("recall", "b"))
    with pytest.raises(Illegal):
        run(flow, people, ("approve", "b"), ("recall", "b"), ("recall", "b"))


def test_more_different_users_are_asked_for_where_the_flow_wants_them() -> None:
    flow = {"steps": [step("one"), step("two")], "distinct": 2}
    state = run(flow, {"one": ["b"], "two": ["b"]}, ("approve", "b"), ("approve", "b"))
    assert state.open_visit is not None
    assert state.open_visit.step == DISTINCT_STEP
    held = {"pools": [ADMINISTRATORS]}
    for person in ("a", "b"):
        with pytest.raises(Illegal):
            run(flow, {"one": ["b"], "two": ["b"]}, ("approve", "b"), ("approve", "b"), ("approve", person, held))
    done = run(flow, {"one": ["b"], "two": ["b"]}, ("approve", "b"), ("approve", "b"), ("approve", "c", held))
    assert done.status == "approved"


def test_nobody_is_asked_twice_where_the_flow_says_so() -> None:
    flow = {"steps": [step("one"), step("two", mode="all")], "again": "skip"}
    state = run(flow, {"one": ["b"], "two": ["b", "c"]}, ("approve", "b"))
    assert [(task.user, task.state, task.reason) for task in state.tasks[1:]] == [
        ("b", "approved", "again"),
        ("c", "open", ""),
    ]
    assert run(flow, {"one": ["b"], "two": ["b"]}, ("approve", "b")).status == "approved"


def test_a_log_that_could_not_have_happened_is_refused() -> None:
    flow = {"steps": [step("one")]}
    with pytest.raises(Illegal):
        run(flow, {"one": ["b"]}, ("approve", "c"))
    with pytest.raises(Illegal):
        run(flow, {"one": ["b"]}, ("approve", "b"), ("approve", "b"))
    with pytest.raises(Illegal):
        rules.replay(read_flow(flow), [Entry("approve", NOW, "b")])
