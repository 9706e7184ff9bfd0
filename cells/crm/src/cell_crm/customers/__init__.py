"""Customers: companies and persons that business is done with."""
