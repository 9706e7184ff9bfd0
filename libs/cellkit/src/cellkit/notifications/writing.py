"""Notices of a work, written with it in its one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.db.shape import shape_of
from cellkit.http.messages import to_json
from cellkit.ids import uuid7
from cellkit.labels import Label
from cellkit.secrets import mask

if TYPE_CHECKING:
    from cellkit.declare.document import Row, Table
    from cellkit.pipeline.statement import Statement
    from cellkit.pipeline.work import Work

COLUMNS = (
    ("id", "uuid"), ("user_id", "text"), ("batch_id", "uuid"), ("kind", "text"), ("title_zh", "text"),
    ("title_en", "text"), ("text_zh", "text"), ("text_en", "text"), ("details", "text"), ("link", "text"),
    ("entity", "text"), ("entity_id", "text"), ("must_read", "boolean"), ("actor", "text"), ("channels", "text"),
    ("created_at", "timestamptz"),
)  # fmt: skip
MOST_USERS = 10_000
_LONGEST_KIND = 100


@dataclass(slots=True)
class Notice:
    """What ``work.notify`` was told."""

    users: tuple[str, ...]
    kind: str
    title: Label
    text: Label
    link: str | None = None
    document: tuple[str, str] | None = None
    must_read: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    channels: tuple[str, ...] | None = None


def notice_of(
    users: Sequence[str],
    kind: str,
    title: Label,
    text: Label,
    *,
    link: str | None,
    document: tuple[str, Any] | None,
    must_read: bool,
    values: Mapping[str, Any] | None,
) -> Notice:
    """A checked notice: users once each, no services; a text instead of a list of users is a programming error."""
    if isinstance(users, str):
        raise TypeError("users: a list of user ids")
    if not kind or len(kind) > _LONGEST_KIND:
        raise ValueError(f"kind: 1–{_LONGEST_KIND} characters")
    chosen = tuple(dict.fromkeys(str(user) for user in users if user and not str(user).startswith("cell:")))
    if len(chosen) > MOST_USERS:
        raise ValueError(f"at most {MOST_USERS} users")
    return Notice(
        chosen,
        kind,
        Label(*title),
        Label(*text),
        link,
        None if document is None else (document[0], str(document[1])),
        must_read,
        dict(values or {}),
    )


def add_notices(work: Work, statement: Statement) -> None:
    """Put the inbox rows of the work's notices into its statement."""
    rows: list[tuple[Any, ...]] = []
    for notice in work.notices:
        batch = uuid7()
        entity, entity_id = notice.document or (None, None)
        details = to_json(_details(work, notice)).decode()
        channels = None if notice.channels is None else to_json(notice.channels).decode()
        rows += [
            (
                uuid7(), user, batch, notice.kind, notice.title.zh, notice.title.en, notice.text.zh, notice.text.en,
                details, notice.link, entity, entity_id, notice.must_read, work.caller.user_id, channels, work.now,
            )
            for user in notice.users
        ]  # fmt: skip
    if rows:
        statement.insert("kit_notification", COLUMNS, rows)


def _details(work: Work, notice: Notice) -> dict[str, Any]:
    found: dict[str, Any] = {"given": notice.values}
    if notice.document is not None:
        key, identity = notice.document
        tracked = work.tracked.get((key, UUID(identity)))
        if tracked is not None:
            found["row"] = kept_values(tracked.table, tracked.row)
    return found


def kept_values(table: type[Table], row: Row) -> dict[str, Any]:
    """The header values of a row as a notice keeps them: encrypted fields masked for good, all else as it is."""
    shape = shape_of(table)
    kept = {name: row.get(name) for name in shape.public}
    for item in shape.secrets:
        if kept.get(item.name) is not None:
            kept[item.name] = mask(item.mask or "all", str(kept[item.name]))
    return kept
