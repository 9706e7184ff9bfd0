"""Stock: receipts, the stock ledger and its balances at moving average cost."""
