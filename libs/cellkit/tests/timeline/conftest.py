"""Fixtures of the cell whose documents are talked about."""

import sys
from pathlib import Path

from cellkit.testing import cell_fixtures

sys.path.insert(0, str(Path(__file__).parent.parent / "reporting"))
globals().update(cell_fixtures("desk_cell:cell"))
