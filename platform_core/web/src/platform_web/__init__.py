"""Serves the built files of the client workspace and the admin console."""
