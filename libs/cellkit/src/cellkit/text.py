"""The text a document is found by: its words in lower case, and the pinyin of its Chinese ones."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cellkit.pinyin import syllables

_CHINESE_PAIR = re.compile(r"[\u3400-\u9fff]{2}")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def search_text(*values: Any) -> str:
    """All values in lower case; Chinese words also as full pinyin and as initials (``客户`` → ``kehu kh``).

    Pairs of Chinese characters stand as words of their own, because a trigram index cannot find a fragment of two
    characters inside a word, and two characters are what people type most.
    """
    words = " ".join(str(value) for value in values if value not in (None, "")).lower()
    found = _CHINESE.findall(words)
    if not found:
        return words
    pairs = dict.fromkeys(word[place : place + 2] for word in found for place in range(len(word) - 1))
    return " ".join([words, *(_pinyin(word) for word in found), *pairs, ""])


@lru_cache(maxsize=20_000)
def _pinyin(word: str) -> str:
    found = syllables(word)
    full, initials = "".join(found), "".join(item[0] for item in found)
    return f"{full} {initials}"


def search_pattern(text: str) -> str:
    """The ``LIKE`` pattern that finds a fragment in a search text."""
    return f"% {text} %" if _CHINESE_PAIR.fullmatch(text) else like_pattern(text)


def like_pattern(text: str) -> str:
    """A ``LIKE`` pattern for a fragment; the wildcards in it count as themselves."""
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def as_read(text: str) -> tuple[tuple[bool, str, str], ...]:
    """A key that sorts texts as a Chinese dictionary does: letters and digits first, Chinese by pinyin.

    Of characters that are read alike, and of the same letters, the code point decides.
    """
    if not _CHINESE.search(text):
        return tuple((False, letter.casefold(), letter) for letter in text)
    read = syllables(text)
    return tuple(
        (bool(_CHINESE.match(letter)), syllable.casefold(), letter) for letter, syllable in zip(text, read, strict=True)
    )
