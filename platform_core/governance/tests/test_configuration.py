"""Settings that operators change: what is allowed, what takes effect, what is different."""

from __future__ import annotations

from typing import Any

import pytest
from platform_gateway.policies import Policies
from platform_governance.configuration.catalogue import (
    BY_NAME,
    CATALOGUE,
    CONFIGURED,
    differences,
    fixed,
    joined,
    policies_with,
    problems_of,
)

NONE: frozenset[str] = frozenset()


def test_names_are_unique_and_defaults_are_valid() -> None:
    assert len(BY_NAME) == len(CATALOGUE)
    for setting in CATALOGUE:
        assert setting.default is None or setting.problem(setting.default) is None, setting.name
        assert setting.label.zh
        assert setting.label.en
        assert not setting.policy or hasattr(Policies(), setting.policy)


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("GATEWAY_TIMEOUT", 0, "range"),
        ("GATEWAY_TIMEOUT", 601, "range"),
        ("GATEWAY_TIMEOUT", "30", "range"),
        ("GATEWAY_TIMEOUT", True, "range"),
        ("LOG_LEVEL", "LOUD", "choice"),
        ("LOG_LEVEL", 1, "choice"),
        ("SUPERPAAS_BACKUP_AT", "24:00", "format"),
        ("SUPERPAAS_BACKUP_AT", "02:30\n", "format"),
        ("GATEWAY_SIGNING_SECRET", "x", "unknown"),
        ("AUDIT_KEEP_DAYS", 30, "range"),
    ],
)
def test_wrong_values_are_refused(name: str, value: Any, rule: str) -> None:
    assert [item["rule"] for item in problems_of({name: value}, NONE)] == [rule]


def test_what_the_environment_fixes_stays() -> None:
    names = fixed({"LOG_LEVEL": "DEBUG", "GATEWAY_TIMEOUT": "5", CONFIGURED: "GATEWAY_TIMEOUT,OTHER"})
    assert names == {"LOG_LEVEL"}
    assert [item["rule"] for item in problems_of({"LOG_LEVEL": "INFO", "GATEWAY_TIMEOUT": 9}, names)] == ["fixed"]
    policies = policies_with(Policies(timeout_seconds=5), {"GATEWAY_TIMEOUT": 9}, frozenset({"GATEWAY_TIMEOUT"}))
    assert policies.timeout_seconds == 5


def test_only_what_is_live_changes_a_running_gateway() -> None:
    base = Policies(rate_limit_per_tenant=77, max_connections=500)
    now = policies_with(base, {"GATEWAY_RATE_LIMIT_PER_TENANT": 5, "GATEWAY_MAX_CONNECTIONS": 900}, NONE)
    assert (now.rate_limit_per_tenant, now.max_connections) == (5, 500)
    # Without a value it is the default again, not what the gateway happened to be started with.
    assert policies_with(base, {}, NONE).rate_limit_per_tenant == Policies().rate_limit_per_tenant


def test_differences_and_defaults() -> None:
    before = joined({}, {"LOG_LEVEL": "DEBUG", "GATEWAY_TIMEOUT": 9})
    after = joined(before, {"LOG_LEVEL": None, "GATEWAY_TIMEOUT": 10})
    assert after == {"GATEWAY_TIMEOUT": 10}
    assert differences(before, after) == [
        {"path": "GATEWAY_TIMEOUT", "before": 9, "after": 10},
        {"path": "LOG_LEVEL", "before": "DEBUG", "after": None},
    ]
