"""Company names in a form in which the same company looks the same (pure functions)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from rapidfuzz import fuzz

SIMILAR_SCORE = 90.0
"""From this RapidFuzz score (0–100) on, two normalised names are taken to be one company until a person decides."""

_WORDS = re.compile(r"[^\W_]+")
_LATIN_FORMS = frozenset(
    {"ag", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "limited", "llc", "ltd", "plc", "sa"}
)
_CHINESE_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团")
_Key = TypeVar("_Key")


def company_key(name: str | None) -> str | None:
    """The name without its legal form, punctuation, blanks and letter case; None for an empty name.

    ``"北京超级（科技）有限公司"`` → ``"北京超级科技"``, ``"ACME Trading Co., Ltd."`` → ``"acmetrading"``.
    """
    if not name:
        return None
    words = _WORDS.findall(unicodedata.normalize("NFKC", name).casefold())
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _LATIN_FORMS:
        kept.pop()
    text = "".join(kept)
    shorter = _without_form(text)
    while shorter != text:
        text, shorter = shorter, _without_form(shorter)
    return text or None


def similarity(left: str, right: str) -> float:
    """How alike two normalised names are, 0–100."""
    return fuzz.ratio(left, right)


def most_similar(
    key: str, candidates: Iterable[tuple[_Key, str]], *, threshold: float = SIMILAR_SCORE
) -> list[tuple[_Key, float]]:
    """Candidates whose normalised name reaches the threshold, best first."""
    scored = [(identity, fuzz.ratio(key, other, score_cutoff=threshold)) for identity, other in candidates]
    return sorted(((identity, score) for identity, score in scored if score >= threshold), key=lambda pair: -pair[1])


def _without_form(text: str) -> str:
    for form in _CHINESE_FORMS:
        if text.endswith(form) and len(text) > len(form):
            return text.removesuffix(form)
    return text
