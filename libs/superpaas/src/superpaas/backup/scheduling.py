"""When the next backup is due: pure rules, and the settings they go by."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from superpaas.backup import catalogue

DEFAULT_AT = "02:30"
TEST_EVERY_DAYS = 7
_AT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# After a boot the machine has better things to do for a while.
SETTLE_SECONDS = 600


def keep(environment: Mapping[str, str] = os.environ) -> int:
    """``SUPERPAAS_BACKUP_KEEP``: how many backups stay."""
    text = environment.get("SUPERPAAS_BACKUP_KEEP", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() else catalogue.DEFAULT_KEEP


def at(environment: Mapping[str, str] = os.environ) -> str:
    """``SUPERPAAS_BACKUP_AT``: the machine's own time of the daily backup; ``off`` for none."""
    text = environment.get("SUPERPAAS_BACKUP_AT", "").strip() or DEFAULT_AT
    return text if text == "off" or _AT.fullmatch(text) else DEFAULT_AT


def days_between_tests(environment: Mapping[str, str] = os.environ) -> int:
    """``SUPERPAAS_BACKUP_TEST_DAYS``: how old the last restore test may be; 0 for none."""
    text = environment.get("SUPERPAAS_BACKUP_TEST_DAYS", "")
    return int(text) if text.isascii() and text.isdigit() else TEST_EVERY_DAYS


def last_moment(when: str, now: datetime) -> datetime:
    """The last time that it was ``HH:MM``."""
    hour, minute = (int(part) for part in when.split(":"))
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def due(when: str, now: datetime, last: datetime | None, up_since: datetime) -> bool:
    """Whether a backup is missing.

    A platform that has never been backed up waits for its first night; one that was off at night is backed up soon
    after it is up again.
    """
    if when == "off" or (now - up_since).total_seconds() < SETTLE_SECONDS:
        return False
    wanted = last_moment(when, now)
    return wanted > (last if last is not None else up_since)


def backup_due(folder: Path, up_since: float, environment: Mapping[str, str]) -> bool:
    """Whether the backups in a folder lack one now."""
    now = datetime.now().astimezone()
    newest = next(iter(catalogue.all_of(folder)), None)
    last = datetime.fromisoformat(newest.started_at).astimezone() if newest else None
    return due(at(environment), now, last, datetime.fromtimestamp(up_since).astimezone())


def proof_due(folder: Path) -> bool:
    """Whether no backup has been proved for too long."""
    if not days_between_tests():
        return False
    tests = [catalogue.verified(folder, item.id) for item in catalogue.all_of(folder)]
    newest = max((catalogue.seconds_of(test["at"]) for test in tests if test and test.get("holds")), default=0.0)
    return time.time() - newest > days_between_tests() * 86_400
