"""The security headers of the two apps. An app is one origin that needs nothing from any other."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_YEAR_SECONDS = 365 * 24 * 60 * 60

_POLICY: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'self'",
        "script-src": "'self'",
        # Element Plus, ECharts' tooltips and the Gantt chart write style attributes into the markup they make, and the
        # grid and the calendar add <style> elements as they are loaded. A style runs no code.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        # The grid brings its icon font inside its style sheet.
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        # A printed document is fetched with the token and shown from memory.
        "frame-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
)
_DENIED_FEATURES = (
    "accelerometer",
    "autoplay",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
# What the client's scan page needs and the console does not: the camera, and its decoder compiled from WebAssembly.
_SCANNING = frozenset({"client"})


def content_security_policy(app: str) -> str:
    """The policy of an app; never with inline scripts or ``eval``."""
    policy = dict(_POLICY)
    if app in _SCANNING:
        policy["script-src"] += " 'wasm-unsafe-eval'"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def permissions_policy(app: str) -> str:
    """Which of the browser's powers the app's pages may use."""
    camera = "(self)" if app in _SCANNING else "()"
    return ", ".join([f"camera={camera}", *(f"{name}=()" for name in _DENIED_FEATURES)])


def security_headers(app: str) -> dict[str, str]:
    """What every file of an app is sent with."""
    return {
        "Content-Security-Policy": content_security_policy(app),
        "Permissions-Policy": permissions_policy(app),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def transport_security() -> str:
    """For answers that left through https; subdomains may be somebody else's."""
    return f"max-age={_YEAR_SECONDS}"
