"""The web apps' types of the services' resources are those that the services have now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from superpaas import webapps
from tests.running import ROOT

SCRIPT = ROOT / "web" / "scripts" / "types.ts"
COMMITTED = ROOT / "web" / "packages" / "api" / "src" / "generated"


def test_the_web_apps_know_the_services_as_they_are(tmp_path: Path) -> None:
    environment = webapps.environment(ROOT)
    command = ["node", str(SCRIPT), sys.executable, str(tmp_path)]
    subprocess.run(command, check=True, cwd=SCRIPT.parents[1], env=environment, timeout=120)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(made) == {"kit.ts", "platform.ts"}
    for name, text in made.items():
        committed = (COMMITTED / name).read_text(encoding="utf-8")
        assert committed == text, f"{name} is out of date: npm run api-types in web/"
