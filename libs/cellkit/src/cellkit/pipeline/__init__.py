"""The one write pipeline: identity, tenant, idempotency, permission, scope, state, checks, version, write, audit, outbox."""
