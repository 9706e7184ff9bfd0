"""Reports over ledgers and documents."""
