"""Password hashing and policy."""
