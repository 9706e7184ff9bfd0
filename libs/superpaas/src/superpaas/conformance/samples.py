"""Request bodies made from a cell's own OpenAPI document, and the rows created with them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from superpaas.conformance.doors import User

Schema = Mapping[str, Any]
_DEEPEST = 4


@dataclass(frozen=True)
class Collection:
    """A collection that can be created in: its path below ``/api/v1/<cell>``, and the schemas of its bodies."""

    entity: str
    path: str
    creating: Schema
    changing: Schema | None
    deletable: bool


class Samples:
    """Bodies by entity: the author's own where he gives them, else made from the schema."""

    def __init__(self, document: Schema, cell: str, given: Mapping[str, Any]) -> None:
        self._document = document
        self._prefix = f"/api/v1/{cell}"
        self._given = given

    def collections(self, manifest: Schema) -> list[Collection]:
        """What the manifest's entities let somebody create; an author's sample of null leaves one out."""
        found = []
        paths = self._document.get("paths", {})
        for entity in manifest.get("entities", []):
            path = str(entity.get("path", ""))
            creating = self._body(paths.get(path, {}).get("post"))
            left_out = self._given.get(str(entity["key"]), {}) is None
            if creating is None or left_out or not path.startswith(self._prefix):
                continue
            one: Schema = next((item for at, item in paths.items() if _is_item(at, path)), {})
            found.append(
                Collection(
                    str(entity["key"]),
                    path.removeprefix(self._prefix),
                    creating,
                    self._body(one.get("patch")),
                    "delete" in one,
                )
            )
        return found

    def body(self, collection: Collection) -> dict[str, Any]:
        """A body that should be accepted; texts differ from call to call."""
        given = self._given.get(collection.entity)
        if given is not None:
            return dict(_fresh(given))
        return dict(self._value(collection.creating, 0))

    def change(self, collection: Collection, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """A field that may be changed, with another value; None when there is none to guess."""
        for name, schema in (collection.changing or {}).get("properties", {}).items():
            kinds = _kinds(self._resolved(schema))
            plain = "string" in kinds and not {"enum", "format", "pattern", "const"} & self._resolved(schema).keys()
            if plain and isinstance(row.get(name), str) and row[name]:
                return {name: f"改 {secrets.token_hex(3)}"}
        return None

    async def make(self, user: User, collection: Collection) -> dict[str, Any] | None:
        """A new row, or None when the cell refuses what was guessed."""
        answer = await user.call("POST", collection.path, self.body(collection))
        return answer.json if answer.status == 201 and isinstance(answer.json, dict) else None

    def _body(self, operation: Schema | None) -> Schema | None:
        content = (operation or {}).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else self._resolved(schema)

    def _resolved(self, schema: Schema) -> Schema:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        found: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return self._resolved(found)

    def _value(self, given: Schema, depth: int) -> Any:
        schema = self._resolved(given)
        for name in ("example", "const", "default"):
            if name in schema:
                return schema[name]
        if schema.get("examples"):
            return schema["examples"][0]
        if schema.get("enum"):
            return schema["enum"][0]
        for name in ("oneOf", "anyOf", "allOf"):
            if schema.get(name):
                return self._value(schema[name][0], depth)
        kinds = _kinds(schema)
        if "object" in kinds or "properties" in schema:
            properties = schema.get("properties", {})
            return {name: self._value(properties[name], depth + 1) for name in schema.get("required", [])}
        if "array" in kinds:
            count = max(schema.get("minItems", 0), 0) if depth < _DEEPEST else 0
            return [self._value(schema.get("items", {}), depth + 1) for _ in range(count)]
        return _simple(kinds, schema)


def _simple(kinds: set[str], schema: Schema) -> Any:
    if "integer" in kinds or "number" in kinds:
        return max(schema.get("minimum", 1), 1)
    if "boolean" in kinds:
        return False
    formats = {
        "date": "2026-01-15",
        "date-time": "2026-01-15T08:00:00Z",
        "time": "08:00",
        "email": f"{secrets.token_hex(4)}@example.com",
        "uuid": "00000000-0000-4000-8000-000000000001",
    }
    if schema.get("format") in formats:
        return formats[schema["format"]]
    if schema.get("format") == "decimal" or "0-9" in schema.get("pattern", ""):
        return "1"
    text = f"样 {secrets.token_hex(4)}"
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), "x")


def _kinds(schema: Schema) -> set[str]:
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def _fresh(value: Any) -> Any:
    """``{unique}`` in the texts of an author's sample becomes different from call to call."""
    if isinstance(value, str):
        return value.replace("{unique}", secrets.token_hex(4))
    if isinstance(value, dict):
        return {name: _fresh(item) for name, item in value.items()}
    return [_fresh(item) for item in value] if isinstance(value, list) else value


def _is_item(path: str, collection: str) -> bool:
    rest = path.removeprefix(f"{collection}/")
    return rest != path and rest.startswith("{") and rest.endswith("}")
