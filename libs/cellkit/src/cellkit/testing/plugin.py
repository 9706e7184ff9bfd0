"""pytest plugin for cell authors: the cell's application on a real PostgreSQL, two tenants, users with any rights.

In the cell's ``tests/conftest.py``::

    from cellkit.testing import cell_fixtures

    globals().update(cell_fixtures("cell_erp.app:cell"))
"""

from cellkit.testing.sharing import cluster_of, postgres_cluster, pytest_configure_node, pytest_unconfigure

__all__ = ["cluster_of", "postgres_cluster", "pytest_configure_node", "pytest_unconfigure"]
