"""How Chinese words are read, in a table of a megabyte.

The table is made from the dictionaries of ``pypinyin`` (MIT licence, https://github.com/mozillazg/python-pinyin) by
``python -m cellkit.pinyin.generate``. The library itself takes 60 MB in every process, because it keeps each of its
89,000 entries as objects of their own; here all phrases stand in one text.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files

FIRST, LAST = 0x3400, 0x9FFF
"""The characters the table knows: the ideographs of the basic plane."""
LONGEST = 16
FILE = "readings.bin"


class Readings:
    """The table. ``text``: a line of the characters' readings, then a line a phrase, sorted: ``phrase[ reading …]``.

    A phrase without readings is read as its characters are; it stands there because it decides where words end.
    """

    def __init__(self, text: str) -> None:
        characters, _, phrases = text.partition("\n")
        self._characters = characters.split(",")
        # Each phrase stands between line ends, so that a search finds whole ones and beginnings alike.
        self._phrases = f"\n{phrases}\n"
        self._places: dict[str, tuple[int, int]] = {}
        place, first, start = 0, "", 0
        for line in phrases.split("\n"):
            if line[0] != first:
                if first:
                    self._places[first] = (start, place + 1)
                first, start = line[0], place
            place += len(line) + 1
        self._places[first] = (start, place + 1)

    def syllables(self, word: str) -> list[str]:
        """The reading of each character, without tones; a character without one stands for itself."""
        found: list[str] = []
        at, end = 0, len(word)
        while at < end:
            phrase = self._phrase(word, at)
            if phrase is None:
                found.append(self._character(word[at]))
                at += 1
                continue
            characters, _, readings = phrase.partition(" ")
            found += readings.split(" ") if readings else [self._character(item) for item in characters]
            at += len(characters)
        return found

    def _character(self, character: str) -> str:
        place = ord(character) - FIRST
        if 0 <= place < len(self._characters):
            return self._characters[place] or character
        return character

    def _phrase(self, word: str, at: int) -> str | None:
        """The line of the longest phrase that begins at a place, or None."""
        place = self._places.get(word[at])
        if place is None:
            return None
        start, end = place
        phrases, longest = self._phrases, None
        for length in range(2, min(LONGEST, len(word) - at) + 1):
            start = phrases.find(f"\n{word[at : at + length]}", start, end)
            if start < 0:
                break
            after = start + 1 + length
            # Sorted, a phrase stands before all that begin with it.
            if phrases[after] in "\n ":
                longest = phrases[start + 1 : phrases.index("\n", after)]
        return longest


@cache
def readings() -> Readings:
    """The table, read when it is first needed: a cell without Chinese text never loads it."""
    packed = files("cellkit.pinyin").joinpath(FILE).read_bytes()
    return Readings(zlib.decompress(packed).decode())


def syllables(word: str) -> list[str]:
    """The reading of each character of a Chinese word, without tones (``["ke", "hu"]`` for 客户)."""
    return readings().syllables(word)
