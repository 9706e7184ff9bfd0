"""What the wizard's resources answer."""

from __future__ import annotations

from typing import Any

from cellkit.declare.document import Document
from cellkit.exchange import store
from cellkit.exchange.annotated import Hider
from cellkit.exchange.columns import Words, recognise
from cellkit.http.messages import from_json
from cellkit.jobs.routes import STATE_LABELS as JOB_STATE_LABELS
from cellkit.labels import L, Label
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection

STATE_LABELS = {
    "uploaded": L("已上传", "Uploaded"),
    "checked": L("已预检", "Checked"),
    "committing": L("部分导入", "Partly imported"),
    "committed": L("已导入", "Imported"),
    "undone": L("已撤销", "Undone"),
}
_FILE_BACK = L("错误标注", "errors")
# The job that was started last tells what goes on.
LINES = """
SELECT i.*, j.name AS job_name, j.state AS job_state, j.done AS job_done, j.total AS job_total, j.error AS job_error
FROM kit_import i LEFT JOIN kit_job j ON j.tenant_id = i.tenant_id AND j.id = i.job_id
"""
_PLAIN = (
    "id", "document", "file_name", "size", "rows", "mode", "existing", "state", "documents", "created", "updated",
    "unchanged", "failed", "error_count", "undone", "kept", "created_at", "created_by", "committed_at", "committed_by",
    "undone_at", "undone_by", "has_file",
)  # fmt: skip


def column_texts(language: str) -> str:
    """What is added to the name of an annotated file."""
    return _FILE_BACK.text(language)


def line_shown(engine: Engine, record: Any, language: str) -> dict[str, Any]:
    """An import in lists."""
    shown = {name: record[name] for name in _PLAIN}
    table = engine.tables.get(record["document"])
    shown["document_label"] = record["document"] if table is None else table.label.text(language)
    shown["state_label"] = STATE_LABELS[record["state"]].text(language)
    shown["job"] = None
    if record["job_state"] is not None:
        error = record["job_error"]
        shown["job"] = {
            "id": record["job_id"],
            "name": record["job_name"],
            "state": record["job_state"],
            "state_label": JOB_STATE_LABELS[record["job_state"]].text(language),
            "done": record["job_done"],
            "total": record["job_total"],
            "error": None if error is None else Label(error["zh"], error["en"]).text(language),
        }
    return shown


def fields_shown(
    engine: Engine, document: type[Document], role: RoleDocument, record: Any, language: str
) -> dict[str, Any]:
    """The columns of the file with what they fill, the fields there are, and what is wrong with the choice."""
    seen = projection(document, role)
    headings = list(record["headings"])
    columns, problems = recognise(document, headings, record["mapping"], seen)
    # His own file he knows; another's is shown as the documents would be.
    hider = Hider(columns, None if record["created_by"] == role.user_id else seen)
    samples = [hider.row(cells) for cells in from_json(store.unseal(engine, role.tenant_id, record["samples"]))]
    places = {target.place: target for target in columns.taken.values()}
    return {
        "columns": [
            {
                "column": heading,
                "samples": [cells[index] for cells in samples if index < len(cells)],
                "field": record["mapping"].get(heading),
                "reason": record["reasons"].get(heading, "none"),
            }
            for index, heading in enumerate(headings)
            if heading
        ],
        "fields": [
            {
                "field": target.place,
                "label": target.label.text(language),
                "kind": target.use if target.field is None else target.field.kind,
                "required": target.field is not None and target.field.required,
                "mapped": target.place in places,
            }
            for target in Words(document).targets
            if target.use != "shown" and not _locked(target, seen)
        ],
        "problems": [
            {"column": item.column, "field": item.field, "rule": item.rule, "message": item.message.text(language)}
            for item in problems
            if not (record["existing"] == "update" and item.rule == "required")
        ],
    }


def _locked(target: Any, seen: Any) -> bool:
    if target.grid is None:
        return target.name in seen.locked
    return target.grid in seen.locked or target.name in seen.lines[target.grid].locked
