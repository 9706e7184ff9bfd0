"""Fixtures of the approval tests: the names stand in a module of their own, since every folder has a conftest."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import approval_fixtures

globals().update({name: item for name, item in vars(approval_fixtures).items() if not name.startswith("_")})
