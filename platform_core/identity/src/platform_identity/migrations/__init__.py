"""The database's history as numbered SQL files."""
