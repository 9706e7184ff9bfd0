"""What a tenant sets for itself: limits, terms, assignment teams, own limits."""
