"""Pure rules of notifications: placeholders, kinds, recipients, preferences, quiet hours, pauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,62})\}")
_KIND = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_PATTERN = re.compile(r"\*|[a-z0-9][a-z0-9_.-]{0,99}(?:\.\*)?")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
PERSONAL = frozenset({"email"})
"""Channel types that lead to each user by himself; all others lead to a group or a system."""
DIGESTS = ("immediate", "hourly", "daily")
PAUSES_SECONDS = (10, 60, 300, 1800, 7200, 21_600, 43_200)
"""Before each further try of a delivery; after the last it is dead."""


def placeholders(text: str) -> list[str]:
    """The names between braces, in order."""
    return _PLACEHOLDER.findall(text)


def stray_braces(text: str) -> bool:
    """Whether a text has braces that are no placeholder."""
    rest = _PLACEHOLDER.sub("", text)
    return "{" in rest or "}" in rest


def fill(text: str, shown: Callable[[str], str]) -> str:
    """``text`` with every placeholder as ``shown(name)`` has it; nothing else of it is interpreted."""
    return _PLACEHOLDER.sub(lambda match: shown(match.group(1)), text)


def is_kind(text: str) -> bool:
    """Whether a text can name a kind of notice."""
    return _KIND.fullmatch(text) is not None


def is_pattern(text: Any) -> bool:
    """Whether a text is a kind, ``crm.*`` or ``*``."""
    return isinstance(text, str) and _PATTERN.fullmatch(text) is not None


def matches(kind: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns takes the kind."""
    return any(
        pattern in ("*", kind) or (pattern.endswith(".*") and kind.startswith(pattern[:-1])) for pattern in patterns
    )


def preference_problems(settings: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is wrong with a user's settings: (field, zh, en)."""
    found: list[tuple[str, str, str]] = []
    known = {"channels", "kinds", "quiet", "digest", "digest_at", "email"}
    found += [(name[:60], "未知字段", "Unknown field") for name in sorted(settings.keys() - known)]
    if not _is_flags(settings.get("channels", {})):
        found.append(("channels", "应为 {渠道类型: 是/否}", "{channel type: true or false} expected"))
    kinds = settings.get("kinds", {})
    if not isinstance(kinds, dict) or len(kinds) > 200:
        found.append(("kinds", "应为 {通知类别: {渠道类型: 是/否}}", "{kind: {channel type: true or false}} expected"))
    else:
        found += [
            (f"kinds.{str(name)[:60]}", "应为 {渠道类型: 是/否}", "{channel type: true or false} expected")
            for name, value in kinds.items()
            if not is_pattern(name) or not _is_flags(value)
        ]
    quiet = settings.get("quiet")
    if quiet is not None and not (
        isinstance(quiet, dict) and quiet.keys() == {"from", "to"} and all(map(is_clock, quiet.values()))
    ):
        found.append(("quiet", '应为 {"from": "22:00", "to": "08:00"}', '{"from": "22:00", "to": "08:00"} expected'))
    if settings.get("digest", "immediate") not in DIGESTS:
        found.append(("digest", f"应为 {'、'.join(DIGESTS)} 之一", f"One of {', '.join(DIGESTS)}"))
    if not is_clock(settings.get("digest_at", "09:00")):
        found.append(("digest_at", "应为 09:00 格式", "A time like 09:00"))
    email = settings.get("email")
    if email is not None and not is_address(email):
        found.append(("email", "邮箱格式不正确", "Not an e-mail address"))
    return found


def is_clock(text: Any) -> bool:
    """Whether a text is a time of day like ``08:30``."""
    return isinstance(text, str) and _CLOCK.fullmatch(text) is not None


def is_address(text: Any) -> bool:
    """Whether a text is one e-mail address, without a name and without anything a header would break at."""
    return (
        isinstance(text, str)
        and text.isascii()
        and len(text) <= 254
        and re.fullmatch(r"[^\s@<>\",;:\\()\[\]\x00-\x20\x7f]+@[^\s@<>\",;:\\()\[\]\x00-\x20\x7f]+\.[^\s@.]+", text)
        is not None
    )


def _is_flags(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= 20 and all(isinstance(item, bool) for item in value.values())


def wants(settings: Mapping[str, Any], kind: str, channel_type: str) -> bool:
    """Whether a user wants a kind by a channel type; the nearest of his words counts, silence is yes."""
    kinds = settings.get("kinds", {})
    best: bool | None = None
    nearest = -1
    for pattern, flags in kinds.items():
        if channel_type in flags and matches(kind, (pattern,)) and len(pattern) > nearest:
            best, nearest = flags[channel_type], len(pattern)
    if best is not None:
        return best
    answer: bool = settings.get("channels", {}).get(channel_type, True)
    return answer


def due_at(settings: Mapping[str, Any], now: datetime, zone: ZoneInfo, *, urgent: bool) -> tuple[datetime, bool]:
    """When a personal delivery goes out, and whether as part of a digest. Urgent ones (must-read) wait for nothing."""
    if urgent:
        return now, False
    digest = settings.get("digest", "immediate")
    local = now.astimezone(zone)
    due, gathered = now, False
    if digest == "hourly":
        due = (local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)).astimezone(UTC)
        gathered = True
    elif digest == "daily":
        due = _next(local, settings.get("digest_at", "09:00"), zone)
        gathered = True
    return after_quiet(settings.get("quiet"), due, zone), gathered


def after_quiet(quiet: Mapping[str, str] | None, moment: datetime, zone: ZoneInfo) -> datetime:
    """``moment``, or the end of the quiet hours that it falls in (``22:00``–``08:00`` goes over midnight)."""
    if quiet is None or quiet["from"] == quiet["to"]:
        return moment
    local = moment.astimezone(zone)
    clock, begin, end = local.time(), time.fromisoformat(quiet["from"]), time.fromisoformat(quiet["to"])
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    return _next(local, quiet["to"], zone) if inside else moment


def _next(local: datetime, clock: str, zone: ZoneInfo) -> datetime:
    wanted = time.fromisoformat(clock)
    day = local.date() if local.time() < wanted else local.date() + timedelta(days=1)
    return datetime.combine(day, wanted, tzinfo=zone).astimezone(UTC)


def pause_after(attempts: int) -> int | None:
    """Seconds until the next try after so many failed ones; None when it is to be given up."""
    return PAUSES_SECONDS[attempts - 1] if attempts <= len(PAUSES_SECONDS) else None
