"""The breaker's rule, against the clock of a test."""

from __future__ import annotations

from platform_governance.rules.breaker import Breaker, Phase, Sample, observe


def fed(breaker: Breaker, *samples: tuple[float, int, int]) -> Breaker:
    for at, total, failed in samples:
        breaker = observe(breaker, Sample(at, total, failed))
    return breaker


def test_opens_at_half_of_twenty_within_the_window() -> None:
    assert fed(Breaker(), (0, 100, 0), (1, 119, 19)).phase is Phase.CLOSED
    assert fed(Breaker(), (0, 100, 0), (1, 120, 9)).phase is Phase.CLOSED
    assert fed(Breaker(), (0, 100, 0), (1, 120, 10)).phase is Phase.OPEN


def test_old_failures_are_forgotten() -> None:
    quiet = fed(Breaker(), (0, 0, 0), (1, 15, 15), *((float(n), 15, 15) for n in range(2, 13)), (13.0, 35, 17))
    assert quiet.phase is Phase.CLOSED
    assert quiet.counted == (20, 2)


def test_the_whole_window_is_covered() -> None:
    spread = fed(Breaker(), *((float(n), n * 2, n) for n in range(11)))
    assert spread.phase is Phase.OPEN


def test_half_open_after_ten_seconds_then_by_what_the_probes_show() -> None:
    opened = fed(Breaker(), (0, 0, 0), (1, 40, 40))
    assert fed(opened, (10.9, 40, 40)).phase is Phase.OPEN
    probing = fed(opened, (11, 40, 40))
    assert probing.phase is Phase.HALF_OPEN
    assert fed(probing, (12, 42, 42)).phase is Phase.HALF_OPEN
    assert fed(probing, (12, 43, 42)).phase is Phase.OPEN
    assert fed(probing, (12, 45, 42)).phase is Phase.CLOSED
    assert fed(probing, (20.9, 40, 40)).phase is Phase.HALF_OPEN
    assert fed(probing, (21, 40, 40)).phase is Phase.CLOSED


def test_a_restarted_gateway_counts_from_zero() -> None:
    breaker = fed(Breaker(), (0, 1000, 10), (1, 1010, 10), (2, 5, 0))
    assert breaker.phase is Phase.CLOSED
    assert breaker.counted == (5, 0)
    assert fed(breaker, (3, 30, 25)).phase is Phase.OPEN
