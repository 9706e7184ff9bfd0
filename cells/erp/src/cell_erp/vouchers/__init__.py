"""Vouchers and the general ledger."""
