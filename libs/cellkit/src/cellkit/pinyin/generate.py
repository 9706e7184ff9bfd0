"""Makes the table of readings from pypinyin's dictionaries: ``python -m cellkit.pinyin.generate``."""

from __future__ import annotations

import zlib
from pathlib import Path

from cellkit.pinyin import FILE, FIRST, LAST, LONGEST


def table() -> str:
    """The table's text."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 60 MB, for this program alone
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    characters = {}
    for code in range(FIRST, LAST + 1):
        [reading] = lazy_pinyin(chr(code))
        characters[chr(code)] = "" if reading == chr(code) else reading
    lines = []
    for phrase in sorted(PHRASES_DICT):
        if not 2 <= len(phrase) <= LONGEST or not all(FIRST <= ord(item) <= LAST for item in phrase):
            continue
        found = lazy_pinyin(phrase)
        usual = [characters[item] or item for item in phrase]
        lines.append(phrase if found == usual else f"{phrase} {' '.join(found)}")
    return "\n".join([",".join(characters.values()), *lines])


def main() -> None:
    """Write the table beside this file."""
    Path(__file__).with_name(FILE).write_bytes(zlib.compress(table().encode(), 9))


if __name__ == "__main__":
    main()
