"""Leads: who might become a customer."""
