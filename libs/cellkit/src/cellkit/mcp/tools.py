"""The tools of a cell for one caller: what he may do, with the schemas of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from cellkit.declare.actions import Action
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Field
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.http.messages import to_json
from cellkit.labels import Label
from cellkit.openapi import nullable, write_schema
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import Projection, projection
from cellkit.reports import Report

if TYPE_CHECKING:
    from cellkit.cell import Cell

DEFAULT_ROWS = 20
MOST_ROWS = 50
_ID = {"type": "string", "format": "uuid"}
_VERSION = {"type": "integer", "minimum": 1, "description": "the version last read"}
_WRITE_OPTIONS = {
    "dry_run": {
        "type": "boolean",
        "default": False,
        "description": "prepare and check only; tells what would change, writes nothing",
    },
    "request_id": {
        "type": "string",
        "pattern": "^[A-Za-z0-9._:-]{1,128}$",
        "description": "the same id again gets the first answer again instead of a second effect",
    },
}


@dataclass(frozen=True, slots=True)
class HttpCall:
    """The request that a tool makes of the cell itself."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``call`` makes the request from checked arguments; None: answered from the metadata (``describe``)."""

    name: str
    title: Label
    text: Label
    schema: dict[str, Any]
    call: Callable[[Mapping[str, Any]], HttpCall] | None
    writes: bool = False
    destructive: bool = False

    def shown(self, language: str) -> dict[str, Any]:
        """The tool as ``tools/list`` tells it."""
        return {
            "name": self.name,
            "title": self.title.text(language),
            "description": self.text.text(language),
            "inputSchema": self.schema,
            "annotations": {
                "title": self.title.text(language),
                "readOnlyHint": not self.writes,
                "destructiveHint": self.destructive,
                "idempotentHint": not self.writes,
                "openWorldHint": False,
            },
        }


def tools_of(cell: Cell, engine: Engine, role: RoleDocument) -> dict[str, Tool]:
    """The tools that a role may use, by name; settings (the kit's own documents) are none of an agent's business."""
    found: dict[str, Tool] = {}
    for tool in _all(cell, engine, role):
        if found.setdefault(tool.name, tool) is not tool:
            message = f"two tools are called {tool.name}"
            raise ValueError(message)
    return found


def _all(cell: Cell, engine: Engine, role: RoleDocument) -> Iterator[Tool]:
    yield _describe()
    for declared in cell.documents:
        if not declared.kit:
            yield from _of_table(cell.name, engine.table_for(role.tenant_id, declared), role)
    for report in cell.reports:
        if role.allows(f"{cell.name}.report.{report.name}"):
            yield _report(cell.name, report)


def _describe() -> Tool:
    text = Label(
        "说明可用的单据、字段、状态、操作与筛选运算符；entity 为空时列出全部单据",
        "Tells the documents, fields, states, actions and filter operators; without entity the list of documents",
    )
    schema = _object({"entity": {"type": "string"}}, ())
    return Tool("describe", Label("说明", "Describe"), text, schema, None)


def _of_table(cell: str, table: type[Table], role: RoleDocument) -> Iterator[Tool]:
    base, name, label = f"/api/v1/{cell}/{table.plural}", table.key.split(".")[1], table.label
    seen = projection(table, role)
    if role.allows(f"{table.key}.read"):
        yield _list(base, name, label)
        yield Tool(
            f"read_{name}",
            _titled("查看", "Read", label),
            Label(f"按编号查看一份{label.zh}，含明细", f"One {label.en} with its lines, by id"),
            _object({"id": _ID}, ("id",)),
            lambda given: HttpCall("GET", f"{base}/{given['id']}"),
        )
    if not issubclass(table, Document):
        return
    if table.creatable and role.allows(f"{table.key}.create"):
        yield Tool(
            f"create_{name}",
            _titled("新建", "Create", label),
            Label(f"新建一份{label.zh}", f"A new {label.en}"),
            _object({"values": _allowed(write_schema(table, create=True), seen), **_WRITE_OPTIONS}, ("values",)),
            lambda given: HttpCall("POST", base, body=to_json(given["values"])),
            writes=True,
        )
    if role.allows(f"{table.key}.update"):
        values = _allowed(write_schema(table, create=False), seen)
        values["properties"].pop("version", None)
        values["required"] = [one for one in values["required"] if one != "version"]
        yield Tool(
            f"update_{name}",
            _titled("修改", "Update", label),
            Label(f"修改一份{label.zh}；只填要改的字段", f"Change a {label.en}; only the fields to be changed"),
            _object({"id": _ID, "version": _VERSION, "values": values, **_WRITE_OPTIONS}, ("id", "version", "values")),
            lambda given: HttpCall(
                "PATCH", f"{base}/{given['id']}", body=to_json({**given["values"], "version": given["version"]})
            ),
            writes=True,
            destructive=True,
        )
    for verb, action in table.actions.items():
        if role.allows(f"{table.key}.{verb}"):
            yield _act(base, name, label, verb, action)


def _list(base: str, name: str, label: Label) -> Tool:
    schema = _object(
        {
            "q": {"type": "string", "maxLength": 100, "description": "text search"},
            "filter": {"type": "object", "description": '{"field": value | [values] | {"gte": value}}; see describe'},
            "sort": {"type": "string", "description": "-created_at,number"},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS},
            "cursor": {"type": "string", "description": "next of the page before"},
            "total": {"type": "boolean"},
        },
        (),
    )

    def call(given: Mapping[str, Any]) -> HttpCall:
        query = {"limit": str(DEFAULT_ROWS)}
        query |= {key: value if isinstance(value, str) else to_json(value).decode() for key, value in given.items()}
        return HttpCall("GET", base, urlencode(query))

    text = Label(f"列出{label.zh}，一次最多 {MOST_ROWS} 行", f"A page of {label.en}, at most {MOST_ROWS} rows")
    return Tool(f"list_{name}", _titled("列出", "List", label), text, schema, call)


def _act(base: str, name: str, label: Label, verb: str, action: Action) -> Tool:
    parameters = _parameters(action.parameters)
    schema = _object(
        {"id": _ID, "version": _VERSION, "parameters": parameters, **_WRITE_OPTIONS},
        ("id", "parameters") if parameters["required"] else ("id",),
    )

    def call(given: Mapping[str, Any]) -> HttpCall:
        body = dict(given.get("parameters", {}))
        if "version" in given:
            body["version"] = given["version"]
        return HttpCall("POST", f"{base}/{given['id']}/{verb}", body=to_json(body))

    states = "" if action.source is None else f" [{', '.join(sorted(action.source))}]"
    text = Label(f"对{label.zh}执行“{action.label.zh}”{states}", f"{action.label.en} a {label.en}{states}")
    title = Label(f"{action.label.zh}{label.zh}", f"{action.label.en} {label.en}")
    return Tool(f"act_{name}_{verb.replace('-', '_')}", title, text, schema, call, writes=True, destructive=True)


def _report(cell: str, report: Report) -> Tool:
    schema = _parameters(report.parameters)

    def call(given: Mapping[str, Any]) -> HttpCall:
        texts = {key: value if isinstance(value, str) else to_json(value).decode() for key, value in given.items()}
        return HttpCall("GET", f"/api/v1/{cell}/reports/{report.name}", urlencode(texts))

    text = Label(f"报表：{report.label.zh}", f"Report: {report.label.en}")
    return Tool(f"run_report_{report.name.replace('-', '_')}", report.label, text, schema, call)


def _titled(zh: str, en: str, label: Label) -> Label:
    return Label(f"{zh}{label.zh}", f"{en} {label.en}")


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _parameters(fields: Mapping[str, Field]) -> dict[str, Any]:
    properties = {name: nullable(item, item.schema()) for name, item in fields.items()}
    return _object(properties, tuple(name for name, item in fields.items() if item.required))


def _allowed(schema: dict[str, Any], seen: Projection) -> dict[str, Any]:
    """The schema without what the role may not see or set."""
    closed = seen.hidden | (seen.locked - seen.masked.keys())
    properties = {}
    for name, item in schema["properties"].items():
        if name in closed:
            continue
        part = seen.lines.get(name)
        properties[name] = {**item, "items": _allowed(item["items"], part)} if part is not None else item
    return {**schema, "properties": properties, "required": [one for one in schema["required"] if one in properties]}


def check_arguments(tool: Tool, given: Any) -> Mapping[str, Any]:
    """The tool's own arguments (what they hold is the resource's to check); raises :class:`ValidationFailed`."""
    if not isinstance(given, dict):
        raise ValidationFailed([problem("arguments", "type", "应为对象", "An object expected")])
    properties = tool.schema["properties"]
    problems: list[FieldProblem] = [
        problem(name[:60], "unknown", "未知参数", "Unknown argument") for name in given if name not in properties
    ]
    problems += [
        problem(name, "required", "必填", "Required") for name in tool.schema["required"] if given.get(name) is None
    ]
    for name, value in given.items():
        kinds = properties.get(name, {}).get("type")
        if kinds is not None and not _is_of(value, [kinds] if isinstance(kinds, str) else kinds):
            problems.append(problem(name[:60], "type", "类型不正确", f"Must be of type {kinds}"))
    limit = given.get("limit")
    if "limit" in properties and isinstance(limit, int) and not 1 <= limit <= MOST_ROWS:
        problems.append(problem("limit", "range", f"应在 1 与 {MOST_ROWS} 之间", f"Must be 1–{MOST_ROWS}"))
    if "/" in str(given.get("id", "")):
        problems.append(problem("id", "type", "应为编号（UUID）", "UUID expected"))
    if problems:
        raise ValidationFailed(problems)
    return given


def _is_of(value: Any, kinds: list[str]) -> bool:
    checks: dict[str, Callable[[Any], bool]] = {
        "string": lambda one: isinstance(one, str),
        "integer": lambda one: isinstance(one, int) and not isinstance(one, bool),
        "boolean": lambda one: isinstance(one, bool),
        "object": lambda one: isinstance(one, dict),
        "array": lambda one: isinstance(one, list),
        "null": lambda one: one is None,
    }
    return any(checks[kind](value) for kind in kinds if kind in checks) or not checks.keys() & set(kinds)
