"""Invoices to customers."""
