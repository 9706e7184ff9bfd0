"""Approval: flows that tenants edit, running instances, and one inbox of tasks a cell."""
