"""Readings of Chinese words: as pypinyin reads them, of whose dictionaries the table is made."""

import random

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from cellkit.pinyin import FIRST, LAST, LONGEST, syllables
from cellkit.text import search_text

PHRASES = [
    phrase
    for phrase in PHRASES_DICT
    if 2 <= len(phrase) <= LONGEST and all(FIRST <= ord(item) <= LAST for item in phrase)
]


def test_every_character_and_phrase_is_read_as_the_library_reads_it() -> None:
    words = [chr(code) for code in range(FIRST, LAST + 1, 7)] + PHRASES[::7]
    assert [word for word in words if syllables(word) != lazy_pinyin(word)] == []
    assert [word for word in words if [s[0] for s in syllables(word)] != lazy_pinyin(word, Style.FIRST_LETTER)] == []


def test_longer_texts_are_divided_into_the_same_words() -> None:
    choose = random.Random(5)
    characters = [item for phrase in PHRASES[::11] for item in phrase]
    made = [
        "".join(choose.choice(PHRASES) if choose.random() < 0.5 else choose.choice(characters) for _ in range(4))
        for _ in range(1000)
    ]
    assert [text for text in made if syllables(text) != lazy_pinyin(text)] == []


def test_words_with_more_than_one_reading() -> None:
    assert syllables("重庆银行") == ["chong", "qing", "yin", "hang"]
    assert syllables("重量行走") == ["zhong", "liang", "xing", "zou"]
    assert search_text("长沙客户", "A-1").startswith("长沙客户 a-1 changshakehu cskh ")
