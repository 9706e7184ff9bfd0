"""The schema, as numbered SQL files (ADR 0015)."""
