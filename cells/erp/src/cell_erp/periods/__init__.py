"""Accounting periods and their closing."""
