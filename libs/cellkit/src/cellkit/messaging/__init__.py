"""Events between cells (outbox, relay, inbox) and the sealing of the audit chain."""
