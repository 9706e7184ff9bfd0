"""Sales pipelines and their stages, a tenant's own data."""
