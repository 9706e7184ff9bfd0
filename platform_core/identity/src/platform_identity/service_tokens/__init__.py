"""Tokens for cells that call other cells."""
