"""Governance: who serves what, how well, and on which way requests reach it."""
