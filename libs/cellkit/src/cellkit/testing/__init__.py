"""Helpers for tests of the kit and of cells: a throw-away PostgreSQL, applications, callers, a clock."""
