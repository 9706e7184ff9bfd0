"""Which services exist, and the environment each one gets (docs: runtime conventions)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from superpaas import state
from superpaas.layout import Layout, repository
from superpaas.messages import TroubleError
from superpaas.ports import Ports
from superpaas.vault import Vault

if TYPE_CHECKING:
    from cellkit.service import Service

# Another group lets a test run the supervisor with services of its own.
GROUP = os.environ.get("SUPERPAAS_SERVICE_GROUP", "superpaas.services")
PLATFORM_ORDER = ("identity", "governance", "monitor", "web")
WEB = "web"
FIRST_TENANT = "platform"
FIRST_USERNAME = "admin"
FIRST_PASSWORD = "first-admin-password"  # noqa: S105 - the name of the file, not a password
_KEEP = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "MALLOC_ARENA_MAX")
_PASS_ON = (
    "LOG_LEVEL",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "REFRESH_TOKEN_EXPIRE_DAYS",
    "SIGNING_KEY_MAX_AGE_DAYS",
    "OUTBOX_KEEP_HOURS",
    "REQUEST_KEEP_HOURS",
    "INBOX_KEEP_HOURS",
    "AUDIT_HASH",
    "AUDIT_KEEP_DAYS",
    "AUDIT_TRUSTED_KEYS",
    "FIELD_CIPHER",
    "REVEALS_PER_HOUR",
    "REDIS_URL",
)
_PASS_ON_PREFIXES = (
    "SUPERPAAS_",
    "CELL_",
    "FILES_",
    "PRINT_",
    "NOTIFICATION_",
    "IDENTITY_",
    "GOVERNANCE_",
    "MONITOR_",
    "GATEWAY_",
    "OTEL_",
)
_NEVER_PASS_ON = {"SUPERPAAS_DATABASE_URL", "SUPERPAAS_DATA", "GATEWAY_SIGNING_SECRET"}


def discover() -> dict[str, EntryPoint]:
    """All installed services, the platform's first, cells by name."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    order = {name: place for place, name in enumerate(PLATFORM_ORDER)}
    return {name: found[name] for name in sorted(found, key=lambda name: (order.get(name, len(order)), name))}


def choose(only: Iterable[str] | None) -> list[str]:
    """Names of the services to run: the platform's, and all cells or those named."""
    found = list(discover())
    platform = [name for name in found if name in PLATFORM_ORDER and (name != WEB or wants_web())]
    cells = [name for name in found if name not in PLATFORM_ORDER]
    if only is None:
        return platform + cells
    wanted = [name.strip() for name in only if name.strip()]
    unknown = [name for name in wanted if name not in cells]
    if unknown:
        raise TroubleError(
            f"没有名为 {', '.join(unknown)} 的细胞；现有：{', '.join(cells) or '无'}。",
            f"No cell is called {', '.join(unknown)}; there are: {', '.join(cells) or 'none'}.",
        )
    return platform + [name for name in cells if name in wanted]


def wants_web() -> bool:
    """Whether the web apps are to be served; ``up --no-web`` says no."""
    return os.environ.get("SUPERPAAS_WEB", "1") != "0"


@dataclass(slots=True)
class Loaded:
    """The services that could be imported, and why others could not."""

    services: list[Service] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)


def load(names: Iterable[str]) -> Loaded:
    """Import services; a cell that cannot be imported must not keep the others from running."""
    points, loaded = discover(), Loaded()
    for name in names:
        try:
            loaded.services.append(points[name].load())
        except Exception as error:  # noqa: BLE001 - a broken package may raise anything
            loaded.broken[name] = f"{type(error).__name__}: {error}"
    return loaded


def package_folder(name: str) -> Path | None:
    """The folder of the package that a service comes from."""
    point = discover().get(name)
    return folder_of(point.module.partition(".")[0]) if point else None


def folder_of(package: str) -> Path | None:
    """Where a package lies, found without importing it."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


class Environments:
    """Makes the environment of every service of one platform."""

    def __init__(self, layout: Layout, ports: Ports, database: str, defaults: dict[str, int]) -> None:
        self._layout = layout
        self._ports = ports
        self._database = database
        self._defaults = defaults
        self._vault = Vault(layout.secrets)

    def base(self) -> dict[str, str]:
        """What every process of the platform gets, secrets apart."""
        kept = {name: value for name, value in os.environ.items() if _goes_on(name)}
        ours = configured(self._layout)
        urls = {f"{name.upper()}_URL": self._url(name) for name in PLATFORM_ORDER}
        return {
            **kept,
            **ours,
            **urls,
            "SUPERPAAS_CONFIGURED": ",".join(ours),
            "GATEWAY_URL": f"http://127.0.0.1:{self._ports.gateway}",
            "ENVOY_ADMIN_URL": f"http://127.0.0.1:{self._ports.gateway_admin}",
            "GATEWAY_CONFIG_DIR": str(self._layout.gateway),
            "SUPERPAAS_DATA": str(self._layout.data),
            "SUPERPAAS_PORT_BASE": str(self._ports.base),
            "WEB_APPS_DIR": os.environ.get("WEB_APPS_DIR") or str(repository() / "web" / "apps"),
        }

    def gateway(self) -> dict[str, str]:
        """The environment of the gateway's own process."""
        return {
            **self.base(),
            "SERVICE_HOST": "127.0.0.1",
            "SERVICE_PORT": str(self._ports.gateway),
            "WEB_CLIENT_PORT": str(self._ports.client),
            "WEB_ADMIN_PORT": str(self._ports.admin),
            "GATEWAY_SIGNING_SECRET": self._vault.token("gateway-signing-secret"),
        }

    def service(self, service: Service) -> dict[str, str]:
        """The environment of one service, its own secrets included."""
        from cellkit.signing import service_key  # noqa: PLC0415 - not needed by most commands

        name, master = service.name, self._vault.token("gateway-signing-secret")
        platform = service.kind == "platform"
        environment = {
            **self.base(),
            "SERVICE_HOST": "127.0.0.1",
            "SERVICE_PORT": str(self._ports.of(service.port)),
            "GATEWAY_SIGNING_SECRET": master if platform else service_key(master, name),
            "FIELD_ENCRYPTION_KEYS": self._vault.key_ring(f"field-encryption-{name}"),
        }
        environment.setdefault("DATABASE_POOL_SIZE", os.environ.get("DATABASE_POOL_SIZE", "4" if platform else "10"))
        if service.needs_database:
            environment["DATABASE_URL"] = self.database_url(name, f"{name}_app")
            environment["MIGRATION_DATABASE_URL"] = self.database_url(name, name)
        if name == "identity":
            environment["FIRST_ADMIN_TENANT"] = FIRST_TENANT
            environment["FIRST_ADMIN_USERNAME"] = FIRST_USERNAME
            environment["FIRST_ADMIN_PASSWORD_FILE"] = str(self._vault.path(FIRST_PASSWORD))
        return environment

    def database_url(self, database: str, role: str) -> str:
        """Where a service finds its database; ``host:port`` is the same for all of them."""
        return f"postgresql://{role}:{self._vault.token(f'database-{role}')}@{self._database}/{database}"

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports.of(self._defaults[name])}" if name in self._defaults else ""


def configured(layout: Layout) -> dict[str, str]:
    """What operators have set in the console, but for what whoever started the platform has set himself."""
    found = state.read_json(layout.configuration)
    values = found if isinstance(found, dict) else {}
    return {
        str(name): str(value)
        for name, value in values.items()
        if isinstance(value, str | int) and _goes_on(str(name)) and not os.environ.get(str(name))
    }


def _goes_on(name: str) -> bool:
    """Whether a variable of the supervisor's environment is for its services, too."""
    return name in _KEEP or name in _PASS_ON or (name.startswith(_PASS_ON_PREFIXES) and name not in _NEVER_PASS_ON)


def gateway_module() -> str:
    """The module that knows how to start the gateway; empty when none is installed."""
    name = os.environ.get("SUPERPAAS_GATEWAY_MODULE", "platform_gateway.process")
    try:
        return name if name and find_spec(name) else ""
    except ModuleNotFoundError:
        return ""
