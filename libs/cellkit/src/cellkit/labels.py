"""Texts that people read, in the two languages of the product."""

from __future__ import annotations

from typing import NamedTuple

DEFAULT_LANGUAGE = "zh-CN"
LANGUAGES = ("zh-CN", "en-US")


class Label(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The text for a language tag; anything that is not English reads Chinese."""
        return self.en if language.startswith("en") else self.zh

    def as_json(self) -> dict[str, str]:
        """``{"zh": …, "en": …}``, the shape manifests carry."""
        return {"zh": self.zh, "en": self.en}


L = Label


def language_of(accept_language: str | None) -> str:
    """The product language for an ``Accept-Language`` header value."""
    if accept_language and accept_language.lstrip().lower().startswith("en"):
        return "en-US"
    return DEFAULT_LANGUAGE
