"""What a comment may hold, and whom it mentions."""

from __future__ import annotations

import re
from typing import Any

from cellkit.errors import ValidationFailed, problem

LONGEST = 2000
MOST_MENTIONS = 20
_MENTION = re.compile(r"@\[([^\]\n]{1,100})\]\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)")


def checked_text(value: Any) -> str:
    """The text of a comment; raises :class:`ValidationFailed` for none and for one too long."""
    if not isinstance(value, str) or not value.strip():
        raise ValidationFailed([problem("text", "required", "请填写评论", "A comment is required")])
    text = value.strip().replace("\x00", "")
    if len(text) > LONGEST:
        raise ValidationFailed(
            [problem("text", "max", f"评论最多 {LONGEST} 字", f"A comment holds at most {LONGEST} characters")]
        )
    return text


def mentioned(text: str) -> list[str]:
    """The users that a text mentions as ``@[name](id)``, each once, in order."""
    users = list(dict.fromkeys(found[2] for found in _MENTION.finditer(text)))
    if len(users) > MOST_MENTIONS:
        raise ValidationFailed(
            [problem("text", "mentions", f"最多提醒 {MOST_MENTIONS} 人", f"At most {MOST_MENTIONS} people")]
        )
    return users


def plain(text: str) -> str:
    """The text as people read it: ``@name`` for a mention."""
    return _MENTION.sub(lambda found: f"@{found[1]}", text)
