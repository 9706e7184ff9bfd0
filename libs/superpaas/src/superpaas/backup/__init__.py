"""Backups of a whole platform: made while it runs, checked by restoring them, restored on a bare machine."""
