"""The catalogue of permissions that exist."""
