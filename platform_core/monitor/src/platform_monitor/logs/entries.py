"""What is looked for in the services' logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from platform_monitor.logs.records import LEVELS, Reader, Record, reader_of
from platform_monitor.logs.stream import Asked

# Written as JSON by the services; the others' lines have another form and are all read.
_PLAIN = frozenset({"postgres", "gateway", "supervisor"})
_LONGEST_MESSAGE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """Conditions on entries; an empty one asks nothing. ``any_of``: one of these words must be in the line."""

    begin: float
    end: float
    level: str = ""
    text: str = ""
    tenant_id: str = ""
    any_of: tuple[str, ...] = ()


def asked_of(service: str, wish: Wish) -> Asked[Record]:
    """The search in one service's log."""
    reader = reader_of(service)
    levels = frozenset(LEVELS[LEVELS.index(wish.level) :] if wish.level else LEVELS)
    return Asked(
        service,
        wanted=_always if service in _PLAIN else partial(_maybe, _needles(wish), _level_needles(wish, levels)),
        read=partial(_read, reader, service),
        moment=_moment,
        fits=partial(_fits, wish, levels),
        continued=_continue,
        untimed=partial(_untimed, service),
        begin=wish.begin,
        end=wish.end,
    )


def _always(_data: bytes) -> bool:
    return True


def _needles(wish: Wish) -> tuple[bytes, ...]:
    # Of a text only what is the same in JSON: quotation marks and the like are written differently there.
    plain = wish.text.isascii() and wish.text.isalnum()
    first = (wish.tenant_id or (wish.text if plain else "")).encode()
    return tuple(word.encode() for word in wish.any_of) or ((first,) if first else ())


def _level_needles(wish: Wish, levels: frozenset[str]) -> tuple[bytes, ...]:
    return tuple(f'"level":"{level}"'.encode() for level in sorted(levels)) if wish.level else ()


def _maybe(needles: Sequence[bytes], levels: Sequence[bytes], data: bytes) -> bool:
    """Whether something may be in these bytes. What is no JSON continues an entry and is looked at with it."""
    lowered = data.lower() if needles else data
    found = not needles or any(needle.lower() in lowered for needle in needles)
    return found and (not levels or any(level in data for level in levels))


def _read(reader: Reader, service: str, raw: bytes) -> Record | None:
    return reader(service, raw)


def _moment(record: Record) -> float:
    return record.at


def _fits(wish: Wish, levels: frozenset[str], record: Record) -> bool:
    if record.level not in levels or (wish.tenant_id and record.tenant_id != wish.tenant_id):
        return False
    if wish.any_of and not any(word in {record.request_id, record.trace_id} for word in wish.any_of):
        shown = _shown(record)
        if not any(word.lower() in shown for word in wish.any_of):
            return False
    # Only what is shown is searched: whoever searches for a password must not learn by the count that it is there.
    return not wish.text or wish.text.lower() in _shown(record)


def _shown(record: Record) -> str:
    return str(record.as_json()).lower()


def _continue(record: Record, lines: list[bytes]) -> None:
    if lines and len(record.message) < _LONGEST_MESSAGE:
        rest = b"\n".join(lines).decode("utf-8", "replace")
        record.message = f"{record.message}\n{rest}"[:_LONGEST_MESSAGE]


def _untimed(service: str, lines: list[bytes], at: float) -> Record | None:
    record = Record(at, service, "info", "")
    _continue(record, lines)
    return replace(record, message=record.message.lstrip("\n"))
