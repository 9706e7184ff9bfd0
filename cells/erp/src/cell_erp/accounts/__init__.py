"""Chart of accounts and which account a posting uses."""
