"""Fields that a tenant makes: in writes, reads, lists, search, events, audit, metadata."""

from __future__ import annotations

import pytest
from helpers import custom, problems, stop

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


class TestWriting:
    async def test_a_new_field_is_there_at_once(self, api: Api) -> None:
        assert problems(await api.post("/stops", {"place": "a", "x_size": "3"})) == [("x_size", "unknown")]
        await custom(api, "x_size", "decimal", scale=3, min_value="0", default_value="1.5")
        made = await stop(api, x_size="12.25")
        assert made["x_size"] == "12.250"
        read = await api.must("GET", f"/stops/{made['id']}")
        assert read["x_size"] == "12.250"
        assert read["extension"] is None
        assert (await stop(api))["x_size"] == "1.500"
        assert problems(await api.post("/stops", {"place": "a", "x_size": "-1"})) == [("x_size", "min")]
        changed = await api.must("PATCH", f"/stops/{made['id']}", {"version": 1, "x_size": "7"})
        assert changed["x_size"] == "7.000"
        assert (await api.must("GET", f"/stops/{made['id']}"))["x_size"] == "7.000"

    async def test_other_tenants_know_nothing_of_it(self, api: Api) -> None:
        await custom(api, "x_mine", "text")
        answer = await api.tenant_b.post("/stops", {"place": "a", "x_mine": "b"})
        assert problems(answer) == [("x_mine", "unknown")]

    async def test_required_holds_for_people(self, api: Api) -> None:
        await custom(api, "x_must", "text", required=True)
        assert problems(await api.post("/stops", {"place": "a"})) == [("x_must", "required")]
        assert (await stop(api, x_must="是"))["x_must"] == "是"

    async def test_every_kind_comes_back_as_it_went(self, api: Api) -> None:
        choices = [{"value": "a", "zh": "甲", "en": "A"}, {"value": "b", "zh": "乙"}]
        kinds = {
            "text": (" 文字 ", "文字", {}),
            "long_text": ("一\n二", "一\n二", {}),
            "integer": (-9_007_199_254_740_993, -9_007_199_254_740_993, {}),
            "decimal": ("123456789012345.67", "123456789012345.67", {}),
            "money": ("9.99", "9.99", {"currency": "CNY"}),
            "quantity": ("1.5", "1.500000", {"unit": "kg"}),
            "percent": ("0.15", "0.15000000", {}),
            "date": ("2026-02-28", "2026-02-28", {}),
            "time": ("07:30", "07:30:00", {}),
            "moment": ("2026-02-28T08:00:00+08:00", "2026-02-28T00:00:00Z", {}),
            "flag": (True, True, {}),
            "choice": ("b", "b", {"choices": choices}),
            "multi_choice": (["b", "a"], ["b", "a"], {"choices": choices}),
            "tags": (["红", "大"], ["红", "大"], {}),
            "dictionary": ("short", "short", {"dictionary": "yard.trip_kind"}),
            "user": ("u-1", "u-1", {}),
            "department": ("d-1", "d-1", {}),
            "json": ({"a": [1, "0.1"]}, {"a": [1, "0.1"]}, {}),
        }
        for kind, (_, _, options) in kinds.items():
            await custom(api, f"x_{kind}", kind, **options)
        made = await stop(api, **{f"x_{kind}": given for kind, (given, _, _) in kinds.items()})
        read = await api.must("GET", f"/stops/{made['id']}")
        [listed] = (await api.must("GET", "/stops"))["items"]
        for shown in (made, read, listed):
            assert {kind: shown[f"x_{kind}"] for kind in kinds} == {kind: want for kind, (_, want, _) in kinds.items()}
            assert shown["x_dictionary_label"] == "短途"
        changed = await api.must("PATCH", f"/stops/{made['id']}", {"version": 1, "place": "b"})
        assert {kind: changed[f"x_{kind}"] for kind in kinds} == {kind: want for kind, (_, want, _) in kinds.items()}
