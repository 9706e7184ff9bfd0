"""ERP cell: order to cash with stock at moving average cost and the general ledger behind it."""
