"""The history of owners."""

from __future__ import annotations

from cellkit.declare import Choice, ExternalRef, Ledger, Text, UserRef
from cellkit.labels import L


class OwnerChange(Ledger, key="crm.owner_change", label=L("负责人变更", "Owner change"), indexes=(("subject_id",),)):
    """One change of owner; the row's own time and author say when and by whom."""

    subject_type = Choice(
        L("对象", "Subject"),
        "lead:线索:Lead",
        "customer:客户:Customer",
        "opportunity:商机:Opportunity",
        "contract:合同:Contract",
        required=True,
        list=True,
    )
    subject_id = ExternalRef(L("对象编号", "Subject id"), to="crm.subject", required=True, index=False)
    from_owner_id = UserRef(L("原负责人", "Former owner"), list=True, index=False)
    to_owner_id = UserRef(L("新负责人", "New owner"), list=True)
    reason = Text(L("原因", "Reason"), list=True, max=500)
