"""Whose turn it is, and which limit counts (pure functions)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cellkit.declare import Row


def names_one_subject(row: Row) -> bool:
    """A limit is a user's, a department's or everybody's."""
    return row["user_id"] is None or row["limit_department_id"] is None


def members_differ(row: Row) -> bool:
    """A user is a member of a team once."""
    users = [member["user_id"] for member in row["members"]]
    return len(users) == len(set(users))


def next_member(members: Sequence[Row], *, area: str | None, open_leads: Mapping[str, int]) -> Row | None:
    """Whose turn it is; changes ``turn`` of the members.

    Smooth weighted round robin: weights 5, 1, 1 give a a b a c a a, not five leads in a row. Members at their
    ``most_open`` are passed over. Where members name the lead's area, only they take part; those without an area
    take all areas. None when nobody can take the lead.
    """
    able = [
        member
        for member in members
        if member["most_open"] is None or open_leads.get(member["user_id"], 0) < member["most_open"]
    ]
    local = [member for member in able if member["area"] and area and member["area"] in area]
    taking = local or [member for member in able if not member["area"]]
    if not taking:
        return None
    for member in taking:
        member["turn"] += member["weight"]
    chosen = max(taking, key=lambda member: member["turn"])
    chosen["turn"] -= sum(member["weight"] for member in taking)
    return chosen


def limit_for(limits: Iterable[Row], user_id: str, department_id: str | None) -> Row | None:
    """The limit that counts for a user: his own, else his department's, else everybody's; the lowest of equals."""
    best: tuple[int, int] | None = None
    found: Row | None = None
    for limit in limits:
        if limit["user_id"] is not None:
            rank = 0 if limit["user_id"] == user_id else None
        elif limit["limit_department_id"] is not None:
            rank = 1 if limit["limit_department_id"] == department_id else None
        else:
            rank = 2
        if rank is not None and (best is None or (rank, limit["most"]) < best):
            best, found = (rank, limit["most"]), limit
    return found
