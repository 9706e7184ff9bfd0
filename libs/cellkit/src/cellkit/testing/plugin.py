"""The pytest plugin of the kit, found through its entry point."""

from __future__ import annotations

pytest_plugins = ["cellkit.testing.sharing"]
