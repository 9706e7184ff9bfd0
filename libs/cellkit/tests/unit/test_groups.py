"""Groups of fields: declared, told to those who see the fields, wrong ones refused."""

import pytest

from cellkit.cell import Cell
from cellkit.declare import Document, Group, Text
from cellkit.labels import L
from cellkit.meta import for_caller
from cellkit.ops.access import RoleDocument


class Letter(Document, key="grouped.letter", label=L("信函", "Letter")):
    subject = Text(L("主题", "Subject"))
    body = Text(L("正文", "Body"))
    note = Text(L("备注", "Note"))
    groups = [Group("basic:基本信息:Basics", "subject body"), Group("note:备注:Note", "note", after=True, folded=True)]


def test_metadata_tells_them_without_what_is_hidden() -> None:
    cell = Cell("grouped", label=L("甲", "A"), version="1", port=8191, package="cellkit.testing", documents=[Letter])
    role = RoleDocument(
        user_id="u", tenant_id="t", permissions=("*",), scopes={"*": "all"}, field_rules={"grouped.letter.body": "hide"}
    )
    [letter] = [item for item in for_caller(cell, role, "en")["entities"] if item["key"] == "grouped.letter"]
    assert letter["groups"] == [
        {"key": "basic", "label": "Basics", "fields": ["subject"], "after": False, "folded": False},
        {"key": "note", "label": "Note", "fields": ["note"], "after": True, "folded": True},
    ]


@pytest.mark.parametrize("names", ["subject nothing", "subject subject"])
def test_wrong_fields_are_refused(names: str) -> None:
    with pytest.raises(ValueError, match="group basic names"):
        type(
            "Wrong",
            (Document,),
            {"subject": Text(L("甲", "A")), "groups": [Group("basic:甲:A", names)]},
            key="grouped.wrong",
            label=L("乙", "B"),
        )


def test_a_field_may_be_called_like_them() -> None:
    made = type("Team", (Document,), {"groups": Text(L("组", "Groups"))}, key="grouped.team", label=L("队", "Team"))
    assert list(made.fields) == ["groups"]
