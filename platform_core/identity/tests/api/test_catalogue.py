"""The catalogue of permissions, as the cells' manifests at governance tell it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cellkit.settings import Settings
from cellkit.testing.postgres import DatabaseUrls
from platform_core.identity.tests.api.harness import Person, settings_of
from platform_core.identity.tests.api.test_packages import give

MANIFEST = {
    "permissions": [{"name": "crm.lead.read", "label": {"zh": "线索：查看", "en": "Leads: read"}}],
    "menus": [{"path": "/leads", "label": {"zh": "线索", "en": "Leads"}}],
    "entities": [{"name": "crm.lead", "label": {"zh": "线索", "en": "Lead"}}],
    "subscribes": [{"type": "erp.order.shipped.v1"}],
}
CELL = {
    "name": "crm",
    "label": {"zh": "客户关系", "en": "CRM"},
    "version": "1.0",
    "light": "green",
    "reason": "OK",
    "urls": ["http://127.0.0.1:8101"],
    "manifest": MANIFEST,
}


class _Governance(BaseHTTPRequestHandler):
    """Governance as the wire contract describes its discovery (§6)."""

    callers: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.callers.append(self.headers.get("X-User-Id", ""))
        signed = bool(self.headers.get("X-Gateway-Signature"))
        known = signed and self.path == "/api/governance/cells"
        body = json.dumps({"items": [CELL]}).encode() if known else b"{}"
        self.send_response(200 if known else 403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def governance_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Governance) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def settings(urls: DatabaseUrls, tmp_path: Path, governance_url: str) -> Settings:
    return settings_of(urls, tmp_path / "password", GOVERNANCE_URL=governance_url)


async def test_the_cells_permissions_menus_and_entities_are_listed(operator: Person, alpha: Person) -> None:
    wanted: dict[str, Any] = {"cell": "crm", "label": CELL["label"]}
    wanted |= {name: MANIFEST[name] for name in ("permissions", "menus", "entities")}
    for person in (operator, alpha):
        answer = await person.done("GET", "/api/admin/permissions")
        # What operators may do at governance and monitor is for their tenant's roles only.
        cells = ["identity", "platform", "crm"] if person is operator else ["identity", "crm"]
        assert [item["cell"] for item in answer["items"]] == cells
        shown = answer["items"][-1]
        assert {name: shown[name] for name in wanted} == wanted
        assert shown["matrix"] == "/api/v1/crm/_permissions/matrix"
        assert [item["value"] for item in answer["scopes"]] == ["self", "team", "department", "custom", "all"]
        assert [item["value"] for item in answer["rules"]] == ["hide", "mask", "read", "edit"]
    assert _Governance.callers == ["cell:identity"]


async def test_cells_outside_the_package_have_no_permissions_to_give(operator: Person, alpha: Person) -> None:
    await give(operator, alpha.tenant, cells=["erp"])
    answer = await alpha.done("GET", "/api/admin/permissions")
    assert [item["cell"] for item in answer["items"]] == ["identity"]


async def test_an_operators_role_may_hold_part_of_the_platforms_rights(operator: Person, alpha: Person) -> None:
    [platform] = [
        item for item in (await operator.done("GET", "/api/admin/permissions"))["items"] if item["cell"] == "platform"
    ]
    names = {permission["name"] for group in platform["groups"] for permission in group["permissions"]}
    assert names == {
        "platform.governance.read",
        "platform.governance.update",
        "platform.monitor.read",
        "platform.monitor.update",
    }
    assert {permission["kind"] for group in platform["groups"] for permission in group["permissions"]} == {
        "menu",
        "button",
    }
    assert platform["matrix"] is None
    body = {"code": "watchman", "name": "值班", "permissions": ["platform.monitor.read"], "default_scope": "all"}
    role = await operator.done("POST", "/api/admin/roles", body)
    assert role["permissions"] == ["platform.monitor.read"]
    assert (await alpha.call("POST", "/api/admin/roles", body)).status == 422, "no tenant can give it away"
