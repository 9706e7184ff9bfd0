"""Arrays of ids in SQL."""

from __future__ import annotations


def any_of_ids(place: int) -> str:
    """``ANY`` of the ids in the parameter ``$place``.

    Through a subquery, because PostgreSQL then takes every array for ten ids. Where it sees that there are fewer, a
    plan made anew looks cheaper to it than the kept one, and planning a whole write takes as long as running it.
    """
    return f"ANY(ARRAY(SELECT unnest(${place}::uuid[])))"
