"""Saved views of lists: per user, shared by role or with all, shipped with declarations; groups with subtotals."""
