"""Quotes: versions of an offer, their discounts and approvals."""
