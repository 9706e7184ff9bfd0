"""The light's rule."""

from __future__ import annotations

from platform_governance.rules.breaker import Phase
from platform_governance.rules.lights import InstanceView, Light, ProbeState, after_probe, decide

READY = InstanceView("http://a:1", ProbeState(ready=True))
ALSO = InstanceView("http://b:1", ProbeState(ready=True))
DOWN = InstanceView("http://c:1", ProbeState(ready=False, failures=2, reason="database"))
NEW = InstanceView("http://d:1", ProbeState())


def light(*instances: InstanceView, enabled: bool = True, phase: Phase = Phase.CLOSED) -> tuple[str, str, str]:
    decision = decide(enabled=enabled, instances=instances, phase=phase)
    return decision.light.value, str(decision.reason), decision.traffic


def test_each_state_has_its_light_and_reason() -> None:
    assert light(READY) == ("green", "OK", "open")
    assert light() == ("red", "NOT_REGISTERED", "closed")
    assert light(NEW) == ("red", "STARTING", "closed")
    assert light(DOWN) == ("red", "NOT_READY:database", "closed")
    assert light(READY, DOWN) == ("yellow", "INSTANCE_NOT_READY:database", "open")
    assert light(READY, NEW) == ("green", "OK", "open")
    assert light(READY, enabled=False) == ("red", "DISABLED_BY_OPERATOR", "closed")
    assert light(READY, phase=Phase.OPEN) == ("red", "ERROR_RATE", "closed")
    assert light(READY, phase=Phase.HALF_OPEN) == ("yellow", "HALF_OPEN", "probe")
    assert light(DOWN, phase=Phase.OPEN) == ("red", "NOT_READY:database", "closed")


def test_an_expired_lease_alone_stops_no_traffic() -> None:
    late = InstanceView("http://a:1", ProbeState(ready=True), lease_expired=True)
    gone = InstanceView("http://a:1", ProbeState(ready=False, failures=2, reason="unreachable"), lease_expired=True)
    assert light(late) == ("yellow", "LEASE_EXPIRED", "open")
    assert light(gone) == ("red", "LEASE_EXPIRED", "closed")


def test_only_ready_instances_get_traffic() -> None:
    decision = decide(enabled=True, instances=[ALSO, READY, DOWN, NEW], phase=Phase.CLOSED)
    assert decision.urls == ("http://a:1", "http://b:1")
    assert decide(enabled=True, instances=[READY], phase=Phase.OPEN).code == "CIRCUIT_OPEN"
    assert decide(enabled=True, instances=[DOWN], phase=Phase.CLOSED).code == "RED_LIGHT"


def test_one_failed_probe_of_a_ready_instance_is_forgiven() -> None:
    state = after_probe(ProbeState(), "database")
    assert state.ready is False
    state = after_probe(state, None)
    assert state == ProbeState(ready=True)
    state = after_probe(state, "unreachable")
    assert state.ready is True
    state = after_probe(state, "unreachable")
    assert state.ready is False
    assert state.reason == "unreachable"
    assert after_probe(state, None).ready is True


def test_lights_are_plain_words() -> None:
    assert [item.value for item in Light] == ["green", "yellow", "red"]
