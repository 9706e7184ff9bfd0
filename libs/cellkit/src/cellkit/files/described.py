"""Files in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.declare.document import Document
from cellkit.described import (
    NULLABLE,
    NUMBER,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    answered,
    body,
    operation,
    page,
    path_id,
    query,
    shape,
)
from cellkit.labels import L
from cellkit.pipeline.engine import Engine

_BINARY: Schema = {"type": "string", "format": "binary"}
_ID: Schema = {"type": "string", "format": "uuid"}
_UPLOADED = shape(
    {"id": _ID, **dict.fromkeys(("name", "media_type", "sha256", "state", "scan"), TEXT), "size": NUMBER},
)
_FILE = shape(
    {"id": _ID, **dict.fromkeys(("name", "media_type", "sha256", "state", "scan"), TEXT), "size": NUMBER},
    optional={"entity": NULLABLE, "entity_id": NULLABLE, "field": NULLABLE, "version": NUMBER}
    | dict.fromkeys(("created_at", "created_by"), TEXT),
)
_FLAG: Schema = {"type": "string", "enum": ["true", "false"]}


def file_paths(engine: Engine) -> Schema:
    """The paths of files, and of the files of every document."""
    base = f"/api/v1/{engine.cell}/_files"
    form = {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
    uploading = operation(
        "upload_file", L("上传文件", "upload a file"), _UPLOADED, (*WRITE_ERRORS, 507), status=201
    ) | {
        "parameters": [
            query("name", {"type": "string", "maxLength": 500}, "文件名 / file name"),
            query("field", TEXT, "erp.order.photos"),
            REQUEST_ID,
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": _BINARY}, "multipart/form-data": {"schema": form}},
        },
    }
    listing = operation("files", L("文件信息", "what is known of files"), page(_FILE), READ_ERRORS) | {
        "parameters": [query("ids", TEXT, "id,id,…")]
    }
    content = {"application/octet-stream": {"schema": _BINARY}}
    reading = answered("read_file", L("下载文件", "download a file"), content, (*READ_ERRORS, 404, 409, 416, 422)) | {
        "parameters": [query("download", _FLAG)]
    }
    reading["responses"]["206"] = {"description": "一段 / a range", "content": content}
    deleting = answered("delete_file", L("删除文件", "delete a file"), {}, WRITE_ERRORS, status=204)
    picture = {"image/webp": {"schema": _BINARY}}
    showing = answered("preview_file", L("文件预览", "preview of a file"), picture, (*READ_ERRORS, 404, 409, 422)) | {
        "parameters": [query("size", {"type": "string", "enum": ["small", "medium", "large"], "default": "medium"})]
    }
    used = shape({"bytes": NUMBER, "quotaBytes": {"type": ["integer", "null"]}})
    paths: Schema = {
        base: {"post": uploading, "get": listing},
        f"{base}/_usage": {"get": operation("file_usage", L("文件用量", "storage used"), used, READ_ERRORS)},
        f"{base}/{{id}}": {
            "parameters": [path_id()],
            "get": reading,
            "delete": deleting | {"parameters": [REQUEST_ID]},
        },
        f"{base}/{{id}}/preview": {"parameters": [path_id()], "get": showing},
    }
    for table in engine.tables.values():
        name, both = table.key.replace(".", "_"), L(f"{table.label.zh}的文件", f"files of {table.label.en}")
        listed = operation(f"files_of_{name}", both, page(_FILE), (*READ_ERRORS, 404))
        methods: Schema = {"get": listed | {"parameters": [query("versions", _FLAG)]}}
        if issubclass(table, Document):
            given = {"type": "array", "items": _ID, "minItems": 1, "maxItems": 50}
            schema = {**shape({"files": given}), "additionalProperties": False}
            attached = operation(f"attach_to_{name}", both, page(_FILE), WRITE_ERRORS)
            methods["post"] = attached | body(schema, required=True) | {"parameters": [REQUEST_ID]}
        paths[f"/api/v1/{engine.cell}/{table.plural}/{{id}}/_files"] = {"parameters": [path_id()], **methods}
    return paths
