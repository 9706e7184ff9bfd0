"""Company names compare as people would compare them."""

from __future__ import annotations

import pytest
from cell_crm.common.names import SIMILAR_SCORE, company_key, most_similar, similarity
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("北京超级科技有限公司", "北京超级科技"),
        ("北京超级（科技）股份有限公司", "北京超级科技"),
        (" 北京 超级科技　有限责任公司 ", "北京超级科技"),
        ("海尔集团有限公司", "海尔"),
        ("有限公司", "有限公司"),
        ("ACME Trading Co., Ltd.", "acmetrading"),
        ("ＡＣＭＥ Trading", "acmetrading"),
        ("Co", "co"),
        ("", None),
        (None, None),
        ("（）", None),
    ],
)
def test_the_key_leaves_out_form_blanks_and_case(name: str | None, key: str | None) -> None:
    assert company_key(name) == key


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself_or_shorter(name: str) -> None:
    key = company_key(name)
    assert key is None or (company_key(key) or "") in key


def test_similar_names_come_best_first_and_only_from_ninety_on() -> None:
    found = most_similar(
        "上海远洋国际物流供应链",
        [(1, "上海远洋国际物流供应链管理"), (2, "上海远洋国际物流供应琏"), (3, "上海远洋渔业")],
    )
    assert [identity for identity, _ in found] == [1, 2]
    assert all(score >= SIMILAR_SCORE for _, score in found)
    assert similarity("上海远洋国际物流", "上海远洋渔业") < SIMILAR_SCORE
