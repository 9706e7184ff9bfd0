"""Writes a new cell that passes every gate from its first minute."""
