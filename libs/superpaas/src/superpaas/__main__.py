"""``python -m superpaas``."""

import sys

from superpaas.cli import main

sys.exit(main())
