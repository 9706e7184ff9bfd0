# ruff: noqa: INP001 - a script that is run by its path, no part of a package
"""Write what the services say of themselves (OpenAPI 3.1), for the types of web/packages/api: no service need run.

``python web/scripts/openapi.py DIRECTORY`` writes ``platform.json`` (identity, governance, monitor) and ``kit.json``
(what the kit gives every cell; ``{cell}`` and ``{plural}`` stand for its names). ``types.ts`` makes types of them.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from cellkit import openapi
from cellkit.cell import Cell
from cellkit.declare import Document, States, Text
from cellkit.declare.approval import Approval, Step, by_permission
from cellkit.labels import L
from cellkit.settings import read_settings

PLATFORM = ("identity", "governance", "monitor")
# Nothing is signed here; identity only refuses to begin without one.
ENVIRONMENT = {"GATEWAY_SIGNING_SECRET": "0" * 64}
Schema = dict[str, Any]


class Thing(Document, key="anything.thing", label=L("单据", "Document"), number="T{seq:4}"):
    """Stands for any document with an approval."""

    name = Text(L("名称", "Name"), required=True)
    states = States("draft:草稿:Draft", "approving:审批中:Approving", "approved:已批准:Approved")
    flow = Approval(steps=[Step("one", L("审批", "Approval"), by_permission("anything.thing.approve"))])


def kit() -> Schema:
    """The kit's resources, by the document of a cell that has nothing else."""
    cell = Cell("anything", label=L("细胞", "Cell"), version="0", port=1, package="cellkit.testing", documents=[Thing])
    found = openapi.document(cell, cell.create_app(read_settings("anything", environment={})))
    paths = {
        path.replace("/anything/", "/{cell}/").replace("/things", "/{plural}"): item
        for path, item in found["paths"].items()
        if path.startswith("/api/v1/anything/_") or "/things" in path
    }
    told(paths)
    return {"openapi": found["openapi"], "info": {"title": "cellkit", "version": "1"}, "paths": paths} | {
        "components": {"schemas": used(paths, found["components"]["schemas"])}
    }


def platform() -> Schema:
    """The platform's services in one document; their schemas keep apart by the service's name."""
    services = {item.name: item.load() for item in entry_points(group="superpaas.services") if item.name in PLATFORM}
    paths: Schema = {}
    schemas: Schema = {}
    for name in PLATFORM:
        app = services[name].create_app(read_settings(name, environment=ENVIRONMENT))
        text = json.dumps(app.api.openapi())
        found = json.loads(text.replace("#/components/schemas/", f"#/components/schemas/{name.title()}"))
        paths |= {path: item for path, item in found["paths"].items() if path.startswith("/api/")}
        told(paths)
        schemas |= {f"{name.title()}{key}": value for key, value in found["components"]["schemas"].items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "platform", "version": "1"},
        "paths": paths,
        "components": {"schemas": used(paths, schemas)},
    }


def told(paths: Schema) -> None:
    """Leave what types are made for: refusals all have the contract's one shape, headers are no part of a type."""
    for item in paths.values():
        for operation in item.values():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
            operation["responses"] = {
                status: {key: value for key, value in answer.items() if key != "headers"}
                for status, answer in good.items()
            }


def used(paths: Schema, schemas: Schema) -> Schema:
    """The schemas that the paths speak of, and those that these speak of."""
    wanted, found = [json.dumps(paths)], {}
    while wanted:
        for name in re.findall(r'"#/components/schemas/([^"]+)"', wanted.pop()):
            if name in schemas and name not in found:
                found[name] = schemas[name]
                wanted.append(json.dumps(schemas[name]))
    return found


def main() -> None:
    """Write both documents."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for name, found in (("platform", platform()), ("kit", kit())):
        (target / f"{name}.json").write_text(json.dumps(found, ensure_ascii=False, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
