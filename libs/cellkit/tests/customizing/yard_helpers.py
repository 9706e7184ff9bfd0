"""What several tests of custom fields need."""

from __future__ import annotations

import uuid
from typing import Any

from cellkit.testing import Api


async def custom(api: Api, name: str, kind: str, entity: str = "yard.stop", **options: Any) -> dict[str, Any]:
    """A custom field."""
    body = {"entity": entity, "name": name, "label_zh": f"自定义{name}", "label_en": f"Custom {name}", "kind": kind}
    made: dict[str, Any] = await api.must("POST", "/custom-fields", body | options)
    return made


async def stop(api: Api, **values: Any) -> dict[str, Any]:
    """A document that the fields are put on."""
    made: dict[str, Any] = await api.must("POST", "/stops", {"place": uuid.uuid4().hex[:8], **values})
    return made


async def trip(api: Api, **values: Any) -> dict[str, Any]:
    """A trip."""
    made: dict[str, Any] = await api.must("POST", "/trips", {"kind": "long", "day": "2026-03-05", **values})
    return made


def problems(answer: Any) -> list[tuple[str, str]]:
    """Field and rule of every problem in a refusal."""
    assert answer.status == 422, answer.body.decode()
    return [(item["field"], item["rule"]) for item in answer.json["details"]]
