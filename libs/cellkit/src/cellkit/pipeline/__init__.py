"""The one write pipeline.

Identity, tenant, idempotency, permission, scope, state, checks, version, write, audit, outbox.
"""
