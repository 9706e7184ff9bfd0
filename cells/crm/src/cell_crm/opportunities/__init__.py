"""Opportunities: chances of business on their way through a pipeline."""
