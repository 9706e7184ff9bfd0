"""What a tenant decides for itself: its password rules and how long sessions last."""
