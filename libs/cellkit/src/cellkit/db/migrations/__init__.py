"""Migrations of the kit's own tables."""
