"""Writing follow-ups, doing tasks."""

from __future__ import annotations

from typing import Any

from cellkit.declare import Choice, LongText, Moment, Row
from cellkit.declare.fields import Field
from cellkit.labels import L
from cellkit.pipeline.work import Work

CHANNELS = (
    "phone:电话:Phone",
    "visit:拜访:Visit",
    "wechat:微信:WeChat",
    "email:邮件:E-mail",
    "meeting:会议:Meeting",
    "other:其他:Other",
)


def follow_parameters() -> dict[str, Field]:
    """The parameters of every ``follow`` action."""
    return {
        "content": LongText(L("内容", "Content"), required=True, max=4000),
        "channel": Choice(L("方式", "Channel"), *CHANNELS, default="phone"),
        "next_at": Moment(L("下次跟进", "Next follow-up")),
    }


async def write_follow_up(work: Work, row: Row, parameters: Row, **subject: Any) -> None:
    """A follow-up of ``row``; its ``last_follow_at`` and ``next_follow_at`` are kept up. ``subject`` names the refs."""
    await work.create(
        "crm.follow_up",
        {
            **subject,
            "content": parameters["content"],
            "channel": parameters["channel"],
            "followed_at": work.now,
            "next_at": parameters["next_at"],
            "owner_id": row["owner_id"],
            "department_id": row["department_id"],
        },
    )
    row["last_follow_at"] = work.now
    row["next_follow_at"] = parameters["next_at"]


async def finish(work: Work, task: Row, parameters: Row) -> None:
    """Done, with what came of it."""
    task["result"] = parameters["result"]
    task["done_at"] = work.now


async def cancel(work: Work, task: Row, parameters: Row) -> None:
    """Not needed any more."""
