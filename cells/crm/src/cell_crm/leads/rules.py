"""Rules of leads (pure functions)."""

from __future__ import annotations

from typing import Any

from cell_crm.common.names import company_key
from cellkit.declare import Row
from cellkit.labels import L

IDENTIFYING = ("mobile", "email", "credit_code", "company_key")
"""What makes two leads one, strongest first."""

IDENTIFYING_LABELS = {
    "mobile": L("手机", "mobile"),
    "email": L("邮箱", "e-mail"),
    "credit_code": L("统一社会信用代码", "credit code"),
    "company_key": L("公司名称", "company"),
}

MERGED_FIELDS = (
    "company",
    "credit_code",
    "mobile",
    "email",
    "phone",
    "channel",
    "industry",
    "area",
    "address",
    "need",
    "next_follow_at",
)


def derive_lead(row: Row) -> None:
    """Fill the normalised company name."""
    row["company_key"] = company_key(row["company"])


def can_be_reached(row: Row) -> bool:
    """A lead without telephone, e-mail and company is nobody."""
    return any(row[name] for name in ("mobile", "phone", "email", "company", "credit_code"))


def first_match(row: Row, other: Row) -> str | None:
    """The first identifying field in which two leads agree."""
    return next((name for name in IDENTIFYING if row.get(name) and row.get(name) == other.get(name)), None)


def merge_into(kept: Row, duplicate: Row) -> None:
    """Fill what the kept lead lacks from the duplicate; the later follow-up and the higher score count."""
    for name in MERGED_FIELDS:
        if kept[name] in (None, ""):
            kept[name] = duplicate[name]
    if duplicate["remark"]:
        kept["remark"] = "\n".join(filter(None, [kept["remark"], duplicate["remark"]]))[:4000]
    kept["score"] = max((score for score in (kept["score"], duplicate["score"]) if score is not None), default=None)
    kept["last_follow_at"] = max(
        (moment for moment in (kept["last_follow_at"], duplicate["last_follow_at"]) if moment), default=None
    )
    derive_lead(kept)


def lead_payload(row: Row) -> dict[str, Any]:
    """The data of a lead's events: no telephone, no e-mail."""
    names = (
        "id",
        "number",
        "name",
        "company",
        "state",
        "channel",
        "area",
        "industry",
        "owner_id",
        "customer_id",
        "contact_id",
        "opportunity_id",
    )
    return {name: row[name] for name in names}
