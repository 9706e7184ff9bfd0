"""Setting up: the books of a tenant and what must exist before the first posting."""
