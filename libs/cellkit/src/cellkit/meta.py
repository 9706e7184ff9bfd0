"""What a cell tells about itself: the manifest for governance, and metadata for the web by permission and language."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from cellkit.db.shape import is_masked, shape_of
from cellkit.declare.actions import Action
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Field
from cellkit.declare.groups import declared_groups
from cellkit.declare.rows import Rows
from cellkit.features import features
from cellkit.http.messages import Reply, Request, to_json
from cellkit.labels import Label
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.filters import STANDARD_FIELDS, line_operators_of, operators_of
from cellkit.read.keyset import sortable
from cellkit.read.projection import Projection, projection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cellkit.cell import Cell

_DOCUMENT_VERBS = ("read", "create", "update", "delete", "import", "export")


def permissions_of(table: type[Table]) -> list[str]:
    """Every permission that a table's routes ask for."""
    if not issubclass(table, Document):
        return [f"{table.key}.read", f"{table.key}.export"]
    verbs = [verb for verb in _DOCUMENT_VERBS if table.creatable or verb not in ("create", "import")]
    verbs += table.actions
    if is_masked(table):
        verbs.append("reveal")
    return [f"{table.key}.{verb}" for verb in verbs]


def manifest(cell: Cell) -> dict[str, Any]:
    """Entities, permissions, menus, events and reports (wire contract §6)."""
    permissions = [name for table in cell.documents for name in permissions_of(table)]
    permissions += [f"{cell.name}.report.{item.name}" for item in cell.reports]
    permissions += [name for feature in features() for name in feature.permissions(cell)]
    permissions += [f"{cell.name}.{name}" for name in ("audit.read", "outbox.read", "outbox.replay", "inbox.read")]
    return {
        "entities": [
            {
                "key": table.key,
                "kind": table.kind,
                "label": table.label.as_json(),
                "path": f"/api/v1/{cell.name}/{table.plural}",
            }
            for table in cell.documents
        ],
        "permissions": permissions,
        "menus": [
            {
                "key": table.key,
                "label": table.label.as_json(),
                "path": f"/{cell.name}/{table.plural}",
                "group": "settings" if table.kit else "business",
            }
            for table in cell.documents
            if table.kind == "document"
        ],
        "publishes": cell.published_types(),
        "subscribes": [
            {"type": item.type, "given": list(item.given)} if item.given else {"type": item.type}
            for item in cell.handlers
        ],
        "reports": [
            {"name": item.name, "label": item.label.as_json(), "path": f"/api/v1/{cell.name}/reports/{item.name}"}
            for item in cell.reports
        ],
    }


def open_endpoint(cell: Cell) -> Callable[[Request], Awaitable[Reply]]:
    """``/_meta`` at the cell's own port: the manifest."""
    body = to_json({"name": cell.name, "version": cell.version, "label": cell.label.as_json(), **manifest(cell)})

    async def handle(_request: Request) -> Reply:
        return Reply(body)

    return handle


def caller_endpoint(cell: Cell, engine: Engine) -> Callable[[Request], Awaitable[Reply]]:
    """``/api/v1/<cell>/_meta``: what the caller may see and do, in his language, with an ETag."""

    async def handle(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        variants = engine.variants(request.caller.tenant_id)
        body = to_json(for_caller(cell, role, request.caller.language, variants))
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = [(b"etag", tag.encode()), (b"cache-control", b"private, no-cache")]
        if request.has_seen(tag):
            return Reply(b"", status=304, content_type=None, headers=headers)
        return Reply(body, headers=headers)

    return handle


def for_caller(
    cell: Cell, role: RoleDocument, language: str, variants: Mapping[str, type[Table]] | None = None
) -> dict[str, Any]:
    """The metadata of everything a role may read; ``variants``: the tables that the tenant has extended."""
    tables = [(variants or {}).get(table.key, table) for table in cell.documents]
    entities = [_entity(cell, table, role, language) for table in tables if role.allows(f"{table.key}.read")]
    reports = [
        {
            "name": item.name,
            "label": item.label.text(language),
            "path": f"/api/v1/{cell.name}/reports/{item.name}",
            "parameters": [_field(parameter, language) for parameter in item.parameters.values()],
            "columns": [_field(column, language) for column in item.columns.values()],
            "figures": [_field(figure, language) for figure in item.figures.values()],
            "links": {name: {"to": key, "id": value} for name, (key, value) in item.links.items()},
            "chart": None
            if item.chart is None
            else {"kind": item.chart[0], "by": item.chart[1], "measures": list(item.chart[2])},
        }
        for item in cell.reports
        if role.allows(f"{cell.name}.report.{item.name}")
    ]
    return {
        "cell": cell.name,
        "version": cell.version,
        "label": cell.label.text(language),
        "entities": entities,
        "reports": reports,
        **{feature.name: found for feature in features() if (found := feature.metadata(cell, role, language))},
    }


def _entity(cell: Cell, table: type[Table], role: RoleDocument, language: str) -> dict[str, Any]:
    seen = projection(table, role)
    described: dict[str, Any] = {
        "key": table.key,
        "kind": table.kind,
        "kit": table.kit,
        "label": table.label.text(language),
        "path": f"/api/v1/{cell.name}/{table.plural}",
        "title": table.title,
        "permissions": [name.rsplit(".", 1)[1] for name in permissions_of(table) if role.allows(name)],
        "fields": _fields(table.fields, seen, language),
        "lines": [
            {
                "name": name,
                "label": grid.label.text(language),
                "min": grid.min,
                "max": grid.max,
                "readonly": name in seen.locked,
                "fields": [
                    {**one, "operators": line_operators_of(grid.fields[one["name"]])}
                    for one in _fields(grid.fields, seen.lines[name], language)
                ],
            }
            for name, grid in table.lines.items()
            if name not in seen.hidden
        ],
        "sortable": [name for name in sortable(table) if seen.readable(name)],
        "standard_fields": {
            name: item.label.text(language) for name, item in STANDARD_FIELDS.items() if name in shape_of(table).by_name
        },
    }
    groups = declared_groups(table)
    if groups:
        described["groups"] = [
            {
                "key": group.key,
                "label": group.label.text(language),
                "fields": [name for name in group.fields if name not in seen.hidden],
                "after": group.after,
                "folded": group.folded,
            }
            for group in groups
        ]
    if issubclass(table, Document):
        described["states"] = [
            {
                "key": state.key,
                "label": state.label.text(language),
                "editable": state.key in states.editable,
                "deletable": state.key in states.deletable,
            }
            for states in ([table.states] if table.states else [])
            for state in states.items.values()
        ]
        described["actions"] = [
            _action(item, language) for item in table.actions.values() if role.allows(f"{table.key}.{item.verb}")
        ]
    return described


def _action(item: Action, language: str) -> dict[str, Any]:
    return {
        "verb": item.verb,
        "label": item.label.text(language),
        "source": sorted(item.source) if item.source is not None else None,
        "target": item.target,
        "confirm": item.confirm.text(language) if item.confirm else None,
        "parameters": [_field(parameter, language) for parameter in item.parameters.values()],
        "preset": item.preset is not None,
    }


def _fields(fields: dict[str, Field], seen: Projection, language: str) -> list[dict[str, Any]]:
    described = []
    for name, item in fields.items():
        if name in seen.hidden:
            continue
        one = _field(item, language)
        one["readonly"] = item.readonly or name in seen.locked
        one["masked"] = name in seen.masked
        one["revealable"] = name in seen.revealable
        described.append(one)
    return described


def _field(item: Field, language: str) -> dict[str, Any]:
    extra = _in_language(item.describe(), language)
    if isinstance(item, Rows):
        extra["fields"] = [_field(one, language) for one in item.fields.values()]
    return {
        "name": item.name,
        "kind": item.kind,
        "label": item.label.text(language),
        "required": item.required,
        "readonly": item.readonly,
        "list": item.list,
        "search": item.search,
        "index": item.index,
        "unique": item.unique,
        "help": item.help.text(language) if item.help else None,
        "always_editable": item.always_editable,
        "custom": item.custom,
        "computed": item.computed is not None,
        "operators": operators_of(item),
        "default": None if callable(item.default) or item.computed is not None else item.default,
        **extra,
    }


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, Label):
        return value.text(language)
    if isinstance(value, dict):
        return {name: _in_language(one, language) for name, one in value.items()}
    return [_in_language(one, language) for one in value] if isinstance(value, list) else value
