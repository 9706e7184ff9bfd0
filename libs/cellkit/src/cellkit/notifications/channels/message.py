"""What is sent, to where, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cellkit.labels import L, Label


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as its reader may see it."""

    kind: str
    title: str
    text: str
    link: str | None = None
    entity: str | None = None
    entity_id: str | None = None
    must_read: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message: a notice, or several of a digest. ``identity`` stays the same however often it is tried."""

    identity: str
    cell: str
    tenant_id: str
    created_at: datetime
    items: tuple[Item, ...]
    language: str = "zh-CN"
    recipient: str = ""
    user_id: str = ""

    @property
    def subject(self) -> str:
        """The title, or how many notices there are."""
        if len(self.items) == 1:
            return self.items[0].title
        return f"{len(self.items)} notifications" if self.language.startswith("en") else f"{len(self.items)} 条通知"

    @property
    def link_word(self) -> str:
        """What the link is called."""
        return "Open" if self.language.startswith("en") else "查看"

    def plain(self) -> str:
        """Everything as lines of text."""
        parts = []
        for item in self.items:
            lines = [item.title] if len(self.items) > 1 else []
            lines += [part for part in (item.text, item.link) if part]
            parts.append("\n".join(lines))
        return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Target:
    """A channel's settings, secrets in clear; never logged or shown."""

    type: str
    host: str = ""
    port: int | None = None
    security: str = "tls"
    username: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    sender_name: str = ""
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, row: dict[str, Any]) -> Target:
        """From a channel document's row."""
        return cls(**{name: row[name] for name in cls.__slots__ if row.get(name) is not None})

    def scrub(self, text: str) -> str:
        """``text`` without the channel's secrets, for errors that people read."""
        for secret in (self.url, self.secret, self.password):
            if len(secret) > 3:
                text = text.replace(secret, "***")
        return text


class DeliveryFailed(Exception):
    """A try that failed. ``permanent``: trying again would not help; else ``after_seconds`` may ask for patience."""

    def __init__(self, reason: Label | str, *, permanent: bool = False, after_seconds: int | None = None) -> None:
        self.reason = reason if isinstance(reason, Label) else L(reason, reason)
        self.permanent = permanent
        self.after_seconds = after_seconds
        super().__init__(self.reason.en)
