"""Fixtures of the ERP cell's tests."""

from cellkit.testing import cell_fixtures

globals().update(cell_fixtures("cell_erp.app:cell"))
