"""The service's OpenAPI document: FastAPI's, with the contract's errors and the kit's plain routes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.exchange.tables import ENCODINGS
from cellkit.http.application import Application
from cellkit.http.messages import Reply, Request, to_json
from platform_identity.described.answers import add_answers


class ErrorProblem(BaseModel):
    """One problem of ``VALIDATION_FAILED``."""

    field: str
    rule: str
    message: str


class ErrorBody(BaseModel):
    """Every error (wire contract §4)."""

    model_config = ConfigDict(extra="forbid")

    code: str
    message: str
    details: dict[str, Any] | list[ErrorProblem]
    requestId: str  # noqa: N815 - the contract's name


RESPONSES: dict[int | str, dict[str, Any]] = {
    422: {"model": ErrorBody, "description": "Validation failed, or a rule forbids it"},
    "4XX": {"model": ErrorBody, "description": "Refused"},
    "5XX": {"model": ErrorBody, "description": "Failed"},
}

_LIST_PARAMETERS = (
    ("ids", {"type": "string"}),
    ("q", {"type": "string"}),
    ("filter", {"type": "string"}),
    ("sort", {"type": "string"}),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
    ("cursor", {"type": "string"}),
    ("total", {"type": "boolean"}),
)
_FORMAT = {"name": "format", "in": "query", "schema": {"enum": ["csv", "xlsx"]}}


def add_document(application: Application) -> None:
    """``GET /openapi.json`` on the service's own port."""
    routes_alone, texts, documents = application.api.openapi, list[bytes](), list[dict[str, Any]]()

    def whole() -> dict[str, Any]:
        # Made when it is first asked for: most processes never are.
        if not documents:
            documents.append(_completed(routes_alone()))
        return documents[0]

    async def document(_request: Request) -> Reply:
        if not texts:
            texts.append(to_json(whole()))
        return Reply(texts[0])

    # FastAPI's own way to extend it; whoever asks the application for its document gets all of it.
    application.api.openapi = whole  # type: ignore[method-assign]
    application.router.add("GET", "/openapi.json", document)


def document_of(application: Application) -> dict[str, Any]:
    """The whole document of an application that :func:`add_document` was called for."""
    return application.api.openapi()


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    user_id = {"name": "user_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    offline = {"name": "offline", "in": "query", "schema": {"type": "boolean"}}
    listing = [{"name": name, "in": "query", "schema": schema} for name, schema in _LIST_PARAMETERS]
    document["paths"] |= {
        "/api/v1/auth/jwks": _get("The public key set", "auth", [], cached=True),
        "/api/v1/identity/role-documents/{user_id}": _get(
            "What a user may do", "identity", [user_id, offline], cached=True
        ),
        "/api/v1/identity/role-documents/{user_id}/provenance": _get(
            "Which roles a user has and what each of them gives", "identity", [user_id]
        ),
        "/api/v1/identity/users": _get("Look users up", "identity", listing),
        "/api/v1/identity/departments": _get("Look departments up", "identity", listing),
        "/api/v1/identity/directory/users": _get("Active users by id (cells)", "identity", listing[:1]),
        "/api/v1/identity/directory/roles/{code}/users": _get(
            "The active users of a role (cells)",
            "identity",
            [{"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}],
        ),
        "/api/v1/identity/directory/departments/{department_id}/leaders": _get(
            "The leaders of a department and those above, nearest first (cells)",
            "identity",
            [{**user_id, "name": "department_id"}],
        ),
        "/api/admin/users/import": {"post": _import()},
        "/api/admin/users/import-template": _file("The columns of an import", [_FORMAT]),
        "/api/admin/users/export": _file(
            "The list as a file", [_FORMAT, *(item for item in listing if item["name"] in {"q", "filter", "sort"})]
        ),
    }
    add_answers(document)
    return document


def _import() -> dict[str, Any]:
    parameters = [
        {"name": "dry_run", "in": "query", "schema": {"type": "boolean"}},
        {"name": "passwords", "in": "query", "schema": {"enum": ["generate", "reset"]}},
        {"name": "encoding", "in": "query", "schema": {"enum": list(ENCODINGS)}},
    ]
    described = _get("Users from a file: all rows or none", "users", parameters)["get"]
    file = {"schema": {"type": "string", "format": "binary"}}
    form = {"schema": {"type": "object", "properties": {"file": file["schema"]}, "required": ["file"]}}
    content = {CSV_TYPE: file, XLSX_TYPE: file, "multipart/form-data": form}
    return {**described, "requestBody": {"required": True, "content": content}}


def _file(summary: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    described = _get(summary, "users", parameters)
    file = {"schema": {"type": "string", "format": "binary"}}
    described["get"]["responses"]["200"]["content"] = {CSV_TYPE: file, XLSX_TYPE: file}
    return described


def _get(summary: str, tag: str, parameters: list[dict[str, Any]], *, cached: bool = False) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
    responses: dict[str, Any] = {
        "200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}},
        "4XX": {"description": "Refused", "content": error},
        "5XX": {"description": "Failed", "content": error},
    }
    if cached:
        responses["304"] = {"description": "Unchanged"}
    return {"get": {"summary": summary, "tags": [tag], "parameters": parameters, "responses": responses}}
