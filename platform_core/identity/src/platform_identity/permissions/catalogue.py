"""Which permissions exist: identity's own, and those of every cell that governance knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from cellkit.errors import ServiceError
from cellkit.labels import Label
from cellkit.log import get_logger
from cellkit.ops.client import ServiceClient
from cellkit.settings import Settings

_FRESH_SECONDS = 30.0
_ASK_SECONDS = 3.0
_VERBS = {
    "read": Label("查看", "Read"),
    "create": Label("新建", "Create"),
    "update": Label("修改", "Change"),
    "delete": Label("删除", "Delete"),
    "assign": Label("分配角色", "Assign roles"),
    "disable": Label("启用与停用", "Enable and disable"),
    "unlock": Label("解锁", "Unlock"),
    "reset-password": Label("重置密码", "Reset the password"),
    "import": Label("导入", "Import"),
    "export": Label("导出", "Export"),
    "end": Label("强制下线", "End"),
    "rotate": Label("轮换", "Rotate"),
}
_OWN = (
    ("identity.user", Label("用户", "Users"), "read create update assign disable unlock reset-password import export"),
    ("identity.role", Label("角色", "Roles"), "read create update delete"),
    ("identity.department", Label("部门", "Departments"), "read create update delete"),
    ("identity.session", Label("会话", "Sessions"), "read end"),
    ("identity.setting", Label("安全策略", "Security settings"), "read update"),
    ("identity.audit", Label("审计", "Audit"), "read"),
    ("identity.permission", Label("权限目录", "Catalogue of permissions"), "read"),
)
_OPERATOR = (
    ("platform.identity.tenant", Label("租户", "Tenants"), "read create update disable reset-password"),
    ("platform.identity.package", Label("套餐", "Packages"), "read create update delete"),
    ("platform.identity.signing-key", Label("签名密钥", "Signing keys"), "read rotate"),
)
# The rights of operators at the platform's other services, which bring no manifest.
_PLATFORM = (
    ("platform.governance", Label("细胞、路由与配置", "Cells, routes and configuration"), "read update"),
    ("platform.monitor", Label("监控、告警、日志与备份", "Monitoring, alerts, logs and backups"), "read update"),
)

log = get_logger("catalogue")


def own_permissions(*, operator: bool) -> list[dict[str, Any]]:
    """Identity's own entry in the catalogue; for operators also that of the platform's other services."""
    own = _own("identity", Label("身份与组织", "Identity and organisation"), (*_OWN, *_OPERATOR) if operator else _OWN)
    return [own, _own("platform", Label("平台运维", "Operations of the platform"), _PLATFORM)] if operator else [own]


def _own(name: str, title: Label, entities: Sequence[tuple[str, Label, str]]) -> dict[str, Any]:
    return {
        "cell": name,
        "label": title.as_json(),
        "permissions": [
            {
                "name": f"{entity}.{verb}",
                "label": Label(f"{label.zh}：{_VERBS[verb].zh}", f"{label.en}: {_VERBS[verb].en}").as_json(),
            }
            for entity, label, verbs in entities
            for verb in verbs.split()
        ],
        "menus": [],
        "entities": [{"key": entity, "label": label.as_json()} for entity, label, _ in entities],
    }


class Catalogue:
    """The cells' entries, asked of governance at most every 30 s; the last known ones while it is away."""

    def __init__(self, settings: Settings, client: ServiceClient) -> None:
        self._settings = settings
        self._client = client
        self._items: list[dict[str, Any]] = []
        self._asked_at = -_FRESH_SECONDS
        self._asking = asyncio.Lock()

    async def cells(self) -> list[dict[str, Any]]:
        """``[{"cell", "label", "permissions", "menus", "entities"}]`` as the cells' manifests say."""
        if self._settings.governance_url and time.monotonic() - self._asked_at >= _FRESH_SECONDS:
            async with self._asking:
                if time.monotonic() - self._asked_at >= _FRESH_SECONDS:
                    await self._ask()
        return self._items

    async def _ask(self) -> None:
        try:
            answer = await self._client.signed_request(
                "GET", self._settings.governance_url, "/api/governance/cells", timeout_seconds=_ASK_SECONDS
            )
            if answer.succeeded:
                self._items = [_entry(item) for item in answer.json()["items"] if isinstance(item, dict)]
        except (ServiceError, KeyError, TypeError) as error:
            log.warning("governance_not_asked", error=type(error).__name__)
        self._asked_at = time.monotonic()


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    manifest = item.get("manifest")
    told = manifest if isinstance(manifest, dict) else {}
    return {
        "cell": str(item.get("name", "")),
        "label": item.get("label", {}),
        "permissions": told.get("permissions", []),
        "menus": told.get("menus", []),
        "entities": told.get("entities", []),
    }
