"""What tests of cells need: a throw-away PostgreSQL, the cell's application, users with any rights."""

from cellkit.testing.cells import Api, Clock, cell_fixtures

__all__ = ["Api", "Clock", "cell_fixtures"]
