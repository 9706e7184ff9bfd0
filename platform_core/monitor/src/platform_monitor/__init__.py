"""Monitor: how fast, how often, how well and how full every service runs."""
