"""Demonstrations that load real data through the public API."""
