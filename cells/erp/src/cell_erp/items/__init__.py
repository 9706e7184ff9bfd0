"""Items: what is bought, kept in stock and sold."""
