"""Receipts: money that came in, and what it was for."""
