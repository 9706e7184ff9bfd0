"""Contacts: the persons at a customer."""
