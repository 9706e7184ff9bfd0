"""What Python compiled is kept: without it every start takes two seconds more, and services 40 MB.

Compiling 1,900 modules leaves holes in the memory that services are forked with. ``python -m superpaas.compiling``
imports what a platform imports, so that the first start is like all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def kept(environment: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Variables to add: whoever wants no caches beside the sources gets them inside ``.venv`` (``prefix``)."""
    if not environment.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    place = environment.get("PYTHONPYCACHEPREFIX") or str(Path(prefix) / "bytecode")
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": place}


def main() -> None:
    """Import everything once; Python writes the caches by itself."""
    from cellkit.preload import preload  # noqa: PLC0415 - bootstrap asks this module before the kit is there
    from superpaas import services, supervisor  # noqa: F401, PLC0415 - the same

    preload()
    services.load(services.discover())


if __name__ == "__main__":
    main()
