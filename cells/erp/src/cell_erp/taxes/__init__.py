"""Dated tax rates."""
