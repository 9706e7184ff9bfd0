"""Roles: permissions, data scopes, field rules."""
