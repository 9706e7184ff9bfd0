"""Money received and its allocation to invoices."""
