"""What the role editor is told: permissions in groups, and how two roles differ."""

from __future__ import annotations

from platform_identity.permissions.catalogue import own_permissions
from platform_identity.permissions.grouping import grouped
from platform_identity.roles.difference import difference
from platform_identity.roles.rules import RoleRights

LEAD = {"key": "crm.lead", "kind": "document", "label": {"zh": "线索", "en": "Leads"}, "path": "/api/v1/crm/leads"}


def test_permissions_are_grouped_by_entity_with_words() -> None:
    entry = {
        "cell": "crm",
        "label": {"zh": "客户", "en": "CRM"},
        "entities": [LEAD, {**LEAD, "key": "crm.unused"}],
        "permissions": ["crm.lead.read", "crm.lead.convert", "crm.audit.read", "crm.novel.read", 7],
        "menus": [],
    }
    groups = {group["key"]: group for group in grouped(entry)["groups"]}
    assert groups.keys() == {"crm.lead", "crm.audit", "crm.novel"}
    assert groups["crm.lead"]["label"] == {"zh": "线索", "en": "Leads"}
    assert [(item["verb"], item["kind"], item["label"]["zh"]) for item in groups["crm.lead"]["permissions"]] == [
        ("read", "menu", "查看"),
        ("convert", "button", "convert"),
    ]
    assert groups["crm.audit"]["label"]["zh"] == "审计"
    assert groups["crm.audit"]["permissions"][0]["kind"] == "button"
    assert groups["crm.novel"]["label"] == {"zh": "novel", "en": "novel"}


def test_a_permission_may_bring_its_own_label() -> None:
    label = {"zh": "线索：查看", "en": "Leads: read"}
    entry = {"cell": "crm", "label": {}, "entities": [LEAD], "permissions": [{"name": "crm.lead.read", "label": label}]}
    assert grouped(entry)["groups"][0]["permissions"][0]["label"] == label


def test_identitys_own_entry_has_a_label_for_every_group() -> None:
    for operator in (True, False):
        groups = grouped(own_permissions(operator=operator)[0])["groups"]
        assert all(group["label"]["zh"] != group["key"] and group["permissions"] for group in groups)
        assert ("platform.identity.package" in {group["key"] for group in groups}) is operator


def test_two_roles_differ_in_what_they_say() -> None:
    here = RoleRights(
        "a",
        ("crm.lead.read", "crm.lead.update"),
        "self",
        {"crm.lead": "team"},
        {"*": ["2", "1"]},
        {"crm.lead.m": "mask"},
    )
    there = RoleRights("b", ("crm.lead.read", "erp.*"), "all", {}, {"*": ["1", "2"]}, {"crm.lead.m": "hide"})
    assert difference(here, there) == {
        "same": False,
        "permissions": {"only_here": ["crm.lead.update"], "only_there": ["erp.*"]},
        "default_scope": [{"key": "*", "here": "self", "there": "all"}],
        "scopes": [{"key": "crm.lead", "here": "team", "there": None}],
        "custom_department_ids": [],
        "field_rules": [{"key": "crm.lead.m", "here": "mask", "there": "hide"}],
    }
    assert difference(here, here)["same"] is True
