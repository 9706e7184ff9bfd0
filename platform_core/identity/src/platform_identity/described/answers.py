"""Which route answers with which shape."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from platform_identity.described import shapes

_REFERENCE = "#/components/schemas/{model}"
_ADMIN = "/api/admin"
_AUTH = "/api/v1/auth"

# By method and path; the answer is the route's own successful status.
ONE: dict[tuple[str, str], type[BaseModel]] = {
    ("post", f"{_AUTH}/login"): shapes.Tokens,
    ("post", f"{_AUTH}/refresh"): shapes.Tokens,
    ("post", f"{_AUTH}/change-password"): shapes.Tokens,
    ("post", f"{_AUTH}/service-token"): shapes.ServiceToken,
    ("get", f"{_AUTH}/me"): shapes.Me,
    ("post", f"{_AUTH}/sessions/end-others"): shapes.Ended,
    ("get", f"{_AUTH}/preferences"): shapes.Preferences,
    ("put", f"{_AUTH}/preferences"): shapes.Preferences,
    ("post", f"{_ADMIN}/tenants"): shapes.NewTenant,
    ("get", f"{_ADMIN}/tenants/{{tenant_id}}"): shapes.Tenant,
    ("patch", f"{_ADMIN}/tenants/{{tenant_id}}"): shapes.Tenant,
    ("get", f"{_ADMIN}/tenants/{{tenant_id}}/usage"): shapes.TenantUsage,
    ("post", f"{_ADMIN}/tenants/{{tenant_id}}/disable"): shapes.Tenant,
    ("post", f"{_ADMIN}/tenants/{{tenant_id}}/enable"): shapes.Tenant,
    ("post", f"{_ADMIN}/tenants/{{tenant_id}}/reset-administrator"): shapes.NewPassword,
    ("post", f"{_ADMIN}/packages"): shapes.Package,
    ("get", f"{_ADMIN}/packages/{{package_id}}"): shapes.Package,
    ("patch", f"{_ADMIN}/packages/{{package_id}}"): shapes.Package,
    ("get", f"{_ADMIN}/tenant-settings"): shapes.Settings,
    ("patch", f"{_ADMIN}/tenant-settings"): shapes.Settings,
    ("post", f"{_ADMIN}/departments"): shapes.Department,
    ("get", f"{_ADMIN}/departments/{{department_id}}"): shapes.Department,
    ("patch", f"{_ADMIN}/departments/{{department_id}}"): shapes.Department,
    ("post", f"{_ADMIN}/users"): shapes.NewUser,
    ("get", f"{_ADMIN}/users/{{user_id}}"): shapes.User,
    ("patch", f"{_ADMIN}/users/{{user_id}}"): shapes.User,
    ("post", f"{_ADMIN}/users/{{user_id}}/roles"): shapes.User,
    ("post", f"{_ADMIN}/users/{{user_id}}/disable"): shapes.User,
    ("post", f"{_ADMIN}/users/{{user_id}}/enable"): shapes.User,
    ("post", f"{_ADMIN}/users/{{user_id}}/unlock"): shapes.User,
    ("post", f"{_ADMIN}/users/{{user_id}}/reset-password"): shapes.NewPassword,
    ("post", f"{_ADMIN}/users/{{user_id}}/kick"): shapes.Ended,
    ("post", f"{_ADMIN}/users/import"): shapes.ImportReport,
    ("post", f"{_ADMIN}/roles"): shapes.Role,
    ("get", f"{_ADMIN}/roles/{{role_id}}"): shapes.Role,
    ("patch", f"{_ADMIN}/roles/{{role_id}}"): shapes.Role,
    ("post", f"{_ADMIN}/roles/{{role_id}}/copy"): shapes.Role,
    ("get", f"{_ADMIN}/roles/{{role_id}}/difference/{{other_id}}"): shapes.RoleDifference,
    ("get", f"{_ADMIN}/permissions"): shapes.PermissionCatalogue,
    ("post", f"{_ADMIN}/sessions/end-all"): shapes.Ended,
    ("post", f"{_ADMIN}/signing-keys/rotate"): shapes.Rotated,
    ("get", "/api/v1/identity/audit/verification"): shapes.AuditVerification,
}
PAGES: dict[str, type[BaseModel]] = {
    f"{_AUTH}/sessions": shapes.OwnSession,
    f"{_AUTH}/people": shapes.Colleague,
    f"{_AUTH}/departments": shapes.DepartmentName,
    f"{_ADMIN}/tenants": shapes.Tenant,
    f"{_ADMIN}/packages": shapes.Package,
    f"{_ADMIN}/departments": shapes.Department,
    f"{_ADMIN}/users": shapes.User,
    f"{_ADMIN}/roles": shapes.Role,
    f"{_ADMIN}/sessions": shapes.Session,
    f"{_ADMIN}/signing-keys": shapes.SigningKey,
    "/api/v1/identity/audit": shapes.AuditEntry,
}
# Answers without a body beside the one with it.
ALSO_EMPTY = (("post", f"{_ADMIN}/users/{{user_id}}/reset-password"),)


def add_answers(document: dict[str, Any]) -> None:
    """Write the shapes into the document's operations and components."""
    models = {*ONE.values(), *PAGES.values()}
    _, made = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda item: item.__name__)],
        ref_template=_REFERENCE,
    )
    schemas = document["components"]["schemas"]
    renamed = {name: f"{name}Answer" for name in made["$defs"] if name in schemas}
    schemas |= {renamed.get(name, name): _with_names(schema, renamed) for name, schema in made["$defs"].items()}
    for (method, path), model in ONE.items():
        _set(document, method, path, _reference(renamed.get(model.__name__, model.__name__)))
    for path, model in PAGES.items():
        name = renamed.get(model.__name__, model.__name__)
        schemas[f"{name}Page"] = _page(name)
        _set(document, "get", path, _reference(f"{name}Page"))
    for method, path in ALSO_EMPTY:
        document["paths"][path][method]["responses"]["204"] = {"description": "Done"}


def _set(document: dict[str, Any], method: str, path: str, schema: dict[str, Any]) -> None:
    responses = document["paths"][path][method]["responses"]
    status = next(status for status in responses if status.startswith("2"))
    responses[status]["content"] = {"application/json": {"schema": schema}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=name)}


def _with_names(schema: Any, renamed: dict[str, str]) -> Any:
    """The schema with references to models whose name a request's body has already."""
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            name = reference.rpartition("/")[2]
            return {**schema, **_reference(renamed.get(name, name))}
        return {key: _with_names(value, renamed) for key, value in schema.items()}
    return [_with_names(item, renamed) for item in schema] if isinstance(schema, list) else schema


def _page(name: str) -> dict[str, Any]:
    """The contract's envelope of a list."""
    return {
        "type": "object",
        "title": f"{name}Page",
        "additionalProperties": False,
        "required": ["items", "next", "total"],
        "properties": {
            "items": {"type": "array", "items": _reference(name)},
            "next": {"type": ["string", "null"]},
            "total": {"type": ["integer", "null"]},
        },
    }
