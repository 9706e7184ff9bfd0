"""Packages: which cells and features a tenant may use, and how much."""
