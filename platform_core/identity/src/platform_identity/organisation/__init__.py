"""The department tree."""
