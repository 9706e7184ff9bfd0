"""How roles add up."""

from __future__ import annotations

import pytest
from platform_identity.passwords import policy
from platform_identity.roles import rules
from platform_identity.roles.rules import RoleRights
from platform_identity.tenant_settings.rules import TenantSettings

from cellkit.ops.access import RoleDocument


def test_a_wide_scope_in_one_cell_does_not_widen_another() -> None:
    sales = RoleRights("sales", ("crm.*",), "self")
    personnel = RoleRights("personnel", ("hrm.*",), "all")
    scopes = rules.joined_scopes([sales, personnel])
    assert scopes == {"*": "self", "crm.*": "self", "hrm.*": "all"}


def test_the_widest_of_the_roles_that_touch_an_entity_wins() -> None:
    one = RoleRights("one", ("crm.lead.read",), "team")
    two = RoleRights("two", ("crm.*",), "self", {"crm.lead": "department"})
    three = RoleRights("three", ("crm.quote.read",), "all")
    scopes = rules.joined_scopes([one, two, three])
    assert scopes["crm.lead"] == "department"
    assert scopes["crm.quote"] == "all"
    assert scopes["crm.*"] == "self"


def test_custom_departments_join_with_the_departments_of_narrower_roles() -> None:
    one = RoleRights("one", ("crm.lead.read",), "custom", {}, {"*": ["d1"]})
    two = RoleRights("two", ("crm.lead.read",), "department")
    scopes = rules.joined_scopes([one, two])
    assert rules.joined_departments([one, two], scopes, ["own", "below"]) == {"crm.lead": ["d1", "own", "below"]}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"crm.lead.mobile": "hide"}, {"crm.lead.mobile": "mask"}, {"crm.lead.mobile": "mask"}),
        ({"crm.lead.mobile": "hide"}, {}, {}),
        ({}, {}, {}),
    ],
)
def test_the_most_generous_field_rule_wins(first: dict, second: dict, expected: dict) -> None:  # type: ignore[type-arg]
    roles = [RoleRights("a", ("crm.lead.read",), field_rules=first), RoleRights("b", ("crm.*",), field_rules=second)]
    assert rules.joined_field_rules(roles) == expected


def test_a_role_without_rights_on_the_entity_does_not_lift_a_restriction() -> None:
    roles = [
        RoleRights("a", ("crm.lead.read",), field_rules={"crm.lead.mobile": "hide"}),
        RoleRights("b", ("erp.*",)),
    ]
    assert rules.joined_field_rules(roles) == {"crm.lead.mobile": "hide"}


def test_the_operators_permissions_count_only_in_his_tenant() -> None:
    roles = [RoleRights("a", ("*", "platform.identity.*"))]
    assert rules.joined_permissions(roles, operator=False) == ["*"]
    assert rules.joined_permissions(roles, operator=True) == ["*", "platform.identity.*"]


def holder(*permissions: str, **more: object) -> RoleDocument:
    return RoleDocument(user_id="u", tenant_id="t", permissions=permissions, **more)  # type: ignore[arg-type]


def test_an_administrator_may_grant_everything_but_the_operators() -> None:
    admin = holder("*", scopes={"*": "all"})
    assert rules.grant_problem(RoleRights("r", ("crm.*", "erp.item.read"), "all"), admin) is None
    assert rules.grant_problem(RoleRights("r", ("platform.identity.*",)), admin) == "platform.identity.*"


def test_a_scope_is_granted_up_to_ones_own() -> None:
    clerk = holder("crm.*", scopes={"*": "self", "crm.*": "team", "crm.quote": "self"})
    assert rules.grant_problem(RoleRights("r", ("crm.lead.read",), "team"), clerk) is None
    assert rules.grant_problem(RoleRights("r", ("crm.lead.read",), "all"), clerk) == "crm.lead:all"
    assert rules.grant_problem(RoleRights("r", ("crm.quote.read",), "team"), clerk) == "crm.quote:team"


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Aa1!aaaa", set()), ("Aa1aaaaa", set()), ("Aa1!aaa", {"length"}), ("aaaaaaa1", {"classes"}),
        ("密码密码密码密码A1", set()), ("A1a" * 50, {"length"}), ("Xx1-bob-xx", {"username"}),
    ],
)  # fmt: skip
def test_the_password_policy(password: str, broken: set[str]) -> None:
    assert {item["rule"] for item in policy.problems("password", password, "Bob", TenantSettings())} == broken
