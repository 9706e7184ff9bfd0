"""Keeps secrets out of what is shown, whatever a program wrote into its log."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "***"
_SECRET_KEY = re.compile(
    r"password|passwd|secret|token|authorization|cookie|signature|encryption_key|private_key|api_key", re.IGNORECASE
)
# None of the patterns may begin in the middle of a long word and run to its end: that would be quadratic.
_IN_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    # Tokens, whole or with their signature cut off.
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*){0,2}"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    # The password in an address.
    (re.compile(r"(://[^\s:/@]{1,100}):[^\s@/]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"(?i)\b(password)(\s+)'(?:[^']|'')*'"), rf"\1\2'{HIDDEN}'"),
    (
        re.compile(
            r"(?i)((?:password|passwd|secret|api_key|private_key|access_token|refresh_token)[\w-]{0,40}[\"']?\s*[=:]\s*)"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&}\"']+)"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), HIDDEN),
    # The database writes the values of slow statements: tenants' data, for nobody's eyes here.
    (re.compile(r"(?i)((?:DETAIL:\s+)?parameters:).*"), rf"\1 {HIDDEN}"),
)
_DEEPEST = 12


def clean_text(text: str) -> str:
    """The text without anything that looks like a secret."""
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def clean(value: Any, depth: int = 0) -> Any:
    """The value with secrets hidden at every depth, by their key or by their look."""
    if depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {
            key: HIDDEN if _SECRET_KEY.search(str(key)) and item is not None else clean(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return value
