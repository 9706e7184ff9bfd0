"""Fixtures of the cell whose rights are tested."""

import sys
from pathlib import Path

from cellkit.testing import cell_fixtures

sys.path.insert(0, str(Path(__file__).parent))
globals().update(cell_fixtures("guarded_cell:cell"))
