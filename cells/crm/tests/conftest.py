"""Fixtures of the CRM's tests: the cell on a real PostgreSQL."""

from __future__ import annotations

from cellkit.testing import cell_fixtures

globals().update(cell_fixtures("cell_crm.app:cell"))
