"""Tenants and the first boot."""
