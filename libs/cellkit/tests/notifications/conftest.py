"""Fixtures of the cell that notifies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from notifying_fixtures import *  # noqa: F403 - the folder is on the path only now
