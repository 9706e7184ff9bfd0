"""Fixtures of the cell that has every kind of field."""

import sys
from pathlib import Path

from cellkit.testing import cell_fixtures

sys.path.insert(0, str(Path(__file__).parent))
globals().update(cell_fixtures("yard_cell:cell"))
