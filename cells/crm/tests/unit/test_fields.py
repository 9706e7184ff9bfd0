"""Values are brought to one form when they arrive."""

from __future__ import annotations

import pytest
from cell_crm.common.fields import CreditCode, Email, Mobile

from cellkit.declare.fields import Field, FieldError
from cellkit.labels import L


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        (Mobile(L("手机", "Mobile")), "+86 138-0013-8000", "13800138000"),
        (Mobile(L("手机", "Mobile")), "0086 13800138000", "13800138000"),
        (Mobile(L("手机", "Mobile")), "+1 (415) 555-2671", "+14155552671"),
        (Mobile(L("手机", "Mobile")), "  ", None),
        (Email(L("邮箱", "E-mail")), " Sales@Example.COM ", "sales@example.com"),
        (CreditCode(L("信用代码", "Credit code")), "9111 0000 6000 3734 1l", "91110000600037341L"),
        (CreditCode(L("信用代码", "Credit code")), "", None),
    ],
)
def test_one_form(field: Field, given: str, stored: str | None) -> None:
    assert field.accept(given) == stored


@pytest.mark.parametrize(
    ("field", "given", "rule"),
    [
        (Mobile(L("手机", "Mobile")), "12345", "mobile"),
        (Mobile(L("手机", "Mobile")), 13800138000, "type"),
        (Email(L("邮箱", "E-mail")), "a@b", "email"),
        (Email(L("邮箱", "E-mail")), "a b@example.com", "email"),
        (CreditCode(L("信用代码", "Credit code")), "911100006000373411", "credit_code"),
    ],
)
def test_wrong_ones_are_refused(field: Field, given: object, rule: str) -> None:
    with pytest.raises(FieldError) as refused:
        field.accept(given)
    assert refused.value.rule == rule
