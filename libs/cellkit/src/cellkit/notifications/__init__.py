"""Notifications: an inbox for every user, templates and rules of the tenant, and channels that lead outside."""
