"""The hash-chained record of every change."""
