"""Login, refresh, logout, lockout."""
