"""Partners: customers and suppliers with their terms and credit."""
