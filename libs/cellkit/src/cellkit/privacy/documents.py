"""What is kept as documents: demands to erase a person's data, and consents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from cellkit.declare import Choice, Document, Json, LongText, Moment, Row, States, Table, Text, action
from cellkit.errors import ValidationFailed
from cellkit.labels import L


async def _check_documents(work: Any, row: Row, before: Row | None) -> None:
    from cellkit.privacy.routes import read_documents  # noqa: PLC0415 - the declarations come first

    if before is None or row["documents"] != before["documents"]:
        _, problems = read_documents(work.engine, row["documents"])
        if problems:
            raise ValidationFailed(problems)


async def _run(work: Any, row: Row, _parameters: Row) -> dict[str, Any]:
    from cellkit.privacy.erasing import erase_subject  # noqa: PLC0415 - the declarations come first

    identity = await work.enqueue(erase_subject, {"erasure_id": str(row["id"])}, key=str(row["id"]))
    row["run_by"] = work.caller.user_id
    return {"jobId": str(identity)}


async def _withdraw(work: Any, row: Row, _parameters: Row) -> None:
    row["withdrawn_at"] = work.now


@cache
def privacy_documents(cell: str) -> Sequence[type[Table]]:
    """The documents of one cell."""

    class Erasure(
        Document,
        key=f"{cell}.privacy_erasure",
        label=L("个人信息删除申请", "Erasure"),
        plural="privacy-erasures",
        number="GXSC{yyyy}{mm}-{seq:4}",
        kit=True,
    ):
        """A demand to erase: which documents, why, and afterwards what was done and what the law kept."""

        reference = Text(L("申请编号或说明", "Reference"), required=True, list=True, max=100)
        reason = LongText(L("原因", "Reason"), required=True, max=500)
        documents = Json(L("单据", "Documents"), required=True)
        report = Json(L("处理结果", "Report"), readonly=True, max_bytes=1_000_000)
        run_by = Text(L("执行人", "Run by"), readonly=True)
        finished_at = Moment(L("完成时间", "Finished"), readonly=True, list=True)
        states = States("requested:待执行:Requested", "running:执行中:Running", "done:已完成:Done")
        prepare = staticmethod(_check_documents)
        run = action(
            L("执行删除", "Erase"),
            source="requested",
            target="running",
            event="started",
            confirm=L("删除后不可恢复，确认执行？", "What is erased cannot be brought back. Go on?"),
            verb="run",
        )(_run)

    class Consent(
        Document,
        key=f"{cell}.privacy_consent",
        label=L("个人信息同意记录", "Consent"),
        plural="privacy-consents",
        scoped=False,
        title="purpose",
        kit=True,
    ):
        """What a person agreed to, when and how, and when he took it back."""

        subject = Text(L("姓名", "Name"), required=True, secret=True, find=True, mask="name", max=100)
        mobile = Text(L("手机", "Mobile"), secret=True, find=True, mask="mobile", max=30)
        purpose = Text(L("处理目的", "Purpose"), required=True, list=True, max=200)
        channel = Choice(
            L("取得方式", "Given by"),
            "paper:纸质:Paper",
            "web:网页:Web",
            "oral:口头:Orally",
            default="paper",
            list=True,
        )
        given_at = Moment(L("同意时间", "Given"), required=True, list=True, index=True)
        evidence = Text(L("凭证", "Evidence"), max=500)
        withdrawn_at = Moment(L("撤回时间", "Withdrawn"), readonly=True, list=True)
        states = States("given:有效:Given", "withdrawn:已撤回:Withdrawn", deletable="")
        withdraw = action(
            L("撤回", "Withdraw"), source="given", target="withdrawn", event="withdrawn", verb="withdraw"
        )(_withdraw)

    return (Erasure, Consent)
