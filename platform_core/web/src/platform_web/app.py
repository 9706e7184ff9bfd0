"""The two web apps as one service, behind the gateway's own listeners for them."""

from __future__ import annotations

from pathlib import Path

from cellkit.http.application import Application
from cellkit.labels import L
from cellkit.service import Service
from cellkit.settings import Settings, SettingsError
from platform_web.site import INDEX, Site

VERSION = "0.1.0"
APPS = ("client", "admin")


def create_app(settings: Settings) -> Application:
    """The ASGI application; ``WEB_APPS_DIR`` is the folder with ``<app>/dist`` in it."""
    folder = apps_folder(settings)
    application = Application(settings, title="网页应用 · Web apps", version=VERSION)
    # Files are the same for everybody, so a request needs no proof of having passed the token check.
    application.open_prefixes = tuple(f"/{name}/" for name in APPS)
    for name in APPS:
        site = Site(name, folder / name / "dist")
        site.refresh()
        application.ready_checks[name] = site.check
        application.api.mount(f"/{name}", site)
    return application


def apps_folder(settings: Settings) -> Path:
    """Where the apps lie; raises :class:`SettingsError` when one of them was not built."""
    folder = Path(settings.environment.get("WEB_APPS_DIR", "web/apps")).absolute()
    missing = [name for name in APPS if not (folder / name / "dist" / INDEX).is_file()]
    if missing:
        message = f"WEB_APPS_DIR: no built web app in {', '.join(str(folder / name / 'dist') for name in missing)}"
        raise SettingsError(message)
    return folder


service = Service(
    name="web",
    kind="platform",
    port=8007,
    label=L("网页应用", "Web apps"),
    version=VERSION,
    create_app=create_app,
    needs_database=False,
)
