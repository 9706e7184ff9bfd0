"""The audit trail: entries, their hash chain, signed daily heads, files an auditor can check by himself."""

from cellkit.audit.entry import GENESIS, AuditEntry, chain_hash

__all__ = ["GENESIS", "AuditEntry", "chain_hash"]
