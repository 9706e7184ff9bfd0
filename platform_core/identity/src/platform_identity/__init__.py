"""Identity: tenants, organisation, users, roles, sessions and tokens of the platform."""
