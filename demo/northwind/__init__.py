"""Northwind: a real trading year from order to cash, loaded through the public API."""
