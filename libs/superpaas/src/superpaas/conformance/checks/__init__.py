"""The checks, a module a topic; importing this package puts them all into the suite, in the order given here."""

import importlib

TOPICS = ("operations", "signature", "headers", "reading", "writing", "idempotency", "rights", "events")

for _topic in TOPICS:
    importlib.import_module(f"{__name__}.{_topic}")
