"""Fixtures of the cell with files."""

import sys
from pathlib import Path

from cellkit.testing import cell_fixtures

sys.path.insert(0, str(Path(__file__).parent))
globals().update(cell_fixtures("files_cell:cell"))
