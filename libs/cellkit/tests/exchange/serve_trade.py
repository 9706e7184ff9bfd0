"""The trade cell as a process of its own: ``serve_trade.py TENANT USER``; settings come from the environment."""

from __future__ import annotations

import sys
from pathlib import Path

from cellkit.ops.access import RoleDocument, StaticRoleSource
from cellkit.serve import run
from cellkit.service import Service
from cellkit.settings import read_settings

sys.path.insert(0, str(Path(__file__).parent))

from exchange_cell import cell

tenant, user = sys.argv[1:]
role = RoleDocument(user_id=user, tenant_id=tenant, permissions=("*",), scopes={"*": "all"})
service = Service(
    name=cell.name,
    kind="cell",
    port=0,
    label=cell.label,
    version=cell.version,
    create_app=lambda settings: cell.create_app(settings, role_source=StaticRoleSource(role)),
)
run(service, read_settings(cell.name))
