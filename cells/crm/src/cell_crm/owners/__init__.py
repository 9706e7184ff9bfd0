"""Who owns what, since when, and how many: transfers, history, limits."""
