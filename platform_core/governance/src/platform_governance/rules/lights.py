"""The traffic light of a cell: what is known of its instances, its error rate and the operator's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from platform_gateway.routing import Traffic

from platform_governance.rules.breaker import Phase

FAILURES_UNTIL_NOT_READY = 2


class Light(StrEnum):
    """Green: serves. Yellow: serves, but not as it should. Red: requests are refused."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Reason(StrEnum):
    """Why a light is not green; ``NOT_READY`` and ``INSTANCE_NOT_READY`` are followed by the failed check."""

    OK = "OK"
    NOT_REGISTERED = "NOT_REGISTERED"
    STARTING = "STARTING"
    LEASE_EXPIRED = "LEASE_EXPIRED"
    NOT_READY = "NOT_READY"
    INSTANCE_NOT_READY = "INSTANCE_NOT_READY"
    ERROR_RATE = "ERROR_RATE"
    HALF_OPEN = "HALF_OPEN"
    DISABLED_BY_OPERATOR = "DISABLED_BY_OPERATOR"


@dataclass(frozen=True, slots=True)
class ProbeState:
    """What the probes of one instance have shown; ``ready`` is None before the first one."""

    ready: bool | None = None
    failures: int = 0
    reason: str = ""


def after_probe(state: ProbeState, problem: str | None) -> ProbeState:
    """The state after one more probe; ``problem`` is None for a success, else the failed check's name.

    One success makes an instance ready; a ready one is given up only after two failures in a row, so that a single
    slow answer does not switch traffic off and on.
    """
    if problem is None:
        return ProbeState(ready=True)
    failures = state.failures + 1
    still_ready = state.ready is True and failures < FAILURES_UNTIL_NOT_READY
    return replace(state, ready=still_ready, failures=failures, reason=problem)


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One instance as the light sees it."""

    url: str
    probe: ProbeState
    lease_expired: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The light with its reason, and what the gateway does: which instances get traffic, or the code of refusal."""

    light: Light
    reason: str
    traffic: Traffic
    code: Literal["RED_LIGHT", "CIRCUIT_OPEN"] = "RED_LIGHT"
    urls: tuple[str, ...] = ()


def decide(*, enabled: bool, instances: Sequence[InstanceView], phase: Phase) -> Decision:
    """The light of a cell.

    An instance whose lease has run out but that answers its probe keeps its traffic: a cell that works is not to be
    cut off because its bookkeeping stopped.
    """
    usable = [item for item in instances if item.probe.ready]
    if not enabled:
        return Decision(Light.RED, Reason.DISABLED_BY_OPERATOR, "closed")
    if not usable:
        return Decision(Light.RED, _why_none(instances), "closed")
    return _serving(usable, [item for item in instances if item.probe.ready is False], phase)


def _serving(usable: Sequence[InstanceView], failing: Sequence[InstanceView], phase: Phase) -> Decision:
    urls = tuple(sorted({item.url for item in usable}))
    if phase is Phase.OPEN:
        return Decision(Light.RED, Reason.ERROR_RATE, "closed", "CIRCUIT_OPEN", urls)
    if phase is Phase.HALF_OPEN:
        return Decision(Light.YELLOW, Reason.HALF_OPEN, "probe", "CIRCUIT_OPEN", urls)
    if any(item.lease_expired for item in usable):
        return Decision(Light.YELLOW, Reason.LEASE_EXPIRED, "open", urls=urls)
    if failing:
        return Decision(Light.YELLOW, f"{Reason.INSTANCE_NOT_READY}:{failing[0].probe.reason}", "open", urls=urls)
    return Decision(Light.GREEN, Reason.OK, "open", urls=urls)


def _why_none(instances: Sequence[InstanceView]) -> str:
    if not instances:
        return Reason.NOT_REGISTERED
    if all(item.lease_expired for item in instances):
        return Reason.LEASE_EXPIRED
    failed = [item for item in instances if item.probe.ready is False]
    return f"{Reason.NOT_READY}:{failed[0].probe.reason}" if failed else Reason.STARTING
