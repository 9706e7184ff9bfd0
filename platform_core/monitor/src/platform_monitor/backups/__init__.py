"""Backups as the command line writes them, and the wish for a new one."""
