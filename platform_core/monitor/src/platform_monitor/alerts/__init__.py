"""Alerts: rules as data, states by pure functions, notices by the kit's channels."""
