"""Examples for the kit's own documents in the platform's contract tests: what the declarations cannot tell."""

from __future__ import annotations

import itertools
from typing import Any

_serial = itertools.count(1)


def sample(key: str, references: dict[str, str]) -> dict[str, Any]:
    """Fields to lay over the generic body."""
    number = next(_serial)
    values: dict[str, dict[str, Any]] = {
        "kit.custom_field": {"entity": "sample.item", "name": f"x_field_{number}", "kind": "text"},
        "kit.dictionary": {"code": f"own.words_{number}", "items": [{"code": "a", "label_zh": "甲"}]},
    }
    return values.get(key, {})
