"""What all features share: the caller, idempotent writes, lists, field types."""
