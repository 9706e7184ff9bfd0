"""Something from outside that a work needs, fetched while no transaction is open and no session is held."""

from __future__ import annotations


class FetchFirst(Exception):
    """Raised inside a work; the pipeline undoes the work, calls :meth:`fetch` and runs it again."""

    async def fetch(self) -> None:
        """Get it; what it raises is what the caller gets."""
        raise NotImplementedError
