"""Jobs in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import (
    FLAG,
    NULLABLE,
    NUMBER,
    PAGE_PARAMETERS,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    body,
    operation,
    page,
    path_id,
    queries,
    query,
    shape,
)
from cellkit.jobs.rules import STATES
from cellkit.labels import L

_COUNT: Schema = {"type": ["integer", "null"]}
_OBJECT: Schema = {"type": ["object", "null"]}
_JOB = shape(
    {
        "id": TEXT,
        "name": TEXT,
        "label": TEXT,
        "state": {**TEXT, "enum": list(STATES)},
        "state_label": TEXT,
        "progress": shape({"done": _COUNT, "total": _COUNT, "note": NULLABLE}),
        "attempts": NUMBER,
        "failures": NUMBER,
        "asked_by": TEXT,
        "created_at": TEXT,
        "run_at": TEXT,
    },
    optional={
        "schedule": FLAG,
        "result": _OBJECT,
        "error": {**_OBJECT, "properties": {"code": TEXT, "message": TEXT}},
        **dict.fromkeys(("started_at", "finished_at", "cancel_asked_at", "cancel_asked_by"), NULLABLE),
    },
)
_SCHEDULE = shape(
    {"name": TEXT, "label": TEXT, "enabled": FLAG, "cron": TEXT, "time_zone": TEXT, "changed": FLAG},
    optional=dict.fromkeys(("next_at", "last_at", "last_job_id", "updated_at", "updated_by"), NULLABLE),
)
_EMPTY: Schema = {"type": "object", "additionalProperties": False}
_CHANGE: Schema = {
    "type": "object",
    "minProperties": 1,
    "properties": {"enabled": FLAG, "cron": {**NULLABLE, "maxLength": 100}, "time_zone": {**NULLABLE, "maxLength": 60}},
    "additionalProperties": False,
}


def job_paths(cell: str) -> Schema:
    """The paths of jobs and schedules."""
    base = f"/api/v1/{cell}/_jobs"
    schedules = f"{base}/schedules"
    name = {"name": "name", "in": "path", "required": True, "schema": TEXT}
    return {
        base: {
            "get": operation("jobs", L("任务", "jobs"), page(_JOB), (*READ_ERRORS,))
            | {
                "parameters": [
                    query("state", {**TEXT, "enum": list(STATES)}),
                    query("name"),
                    query("mine", {**TEXT, "enum": ["true", "false"]}, "只看自己发起的，无需权限 / one's own"),
                    *queries(*PAGE_PARAMETERS),
                ]
            }
        },
        f"{base}/{{id}}": {
            "parameters": [path_id()],
            "get": operation("job", L("任务详情", "one job"), _JOB, (*READ_ERRORS, 404)),
        },
        f"{base}/{{id}}/cancel": {
            "parameters": [path_id()],
            "post": operation("cancel_job", L("取消任务", "cancel a job"), _JOB, WRITE_ERRORS)
            | body(_EMPTY)
            | {"parameters": [REQUEST_ID]},
        },
        f"{base}/{{id}}/retry": {
            "parameters": [path_id()],
            "post": operation("retry_job", L("重试任务", "run a job again"), _JOB, WRITE_ERRORS)
            | body(_EMPTY)
            | {"parameters": [REQUEST_ID]},
        },
        schedules: {"get": operation("schedules", L("定时任务", "schedules"), page(_SCHEDULE), READ_ERRORS)},
        f"{schedules}/{{name}}": {
            "parameters": [name],
            "patch": operation("change_schedule", L("修改定时任务", "change a schedule"), _SCHEDULE, WRITE_ERRORS)
            | body(_CHANGE, required=True)
            | {"parameters": [REQUEST_ID]},
        },
        f"{schedules}/{{name}}/run": {
            "parameters": [name],
            "post": operation(
                "run_schedule", L("立即执行", "run a schedule now"), shape({"job_id": TEXT}), WRITE_ERRORS, status=202
            )
            | body(_EMPTY)
            | {"parameters": [REQUEST_ID]},
        },
    }
