"""A file as answers tell it."""

from __future__ import annotations

from typing import Any


def shown_file(record: Any) -> dict[str, Any]:
    """What a reader of the file sees of it."""
    return {
        "id": str(record["id"]),
        "name": record["name"],
        "media_type": record["media_type"],
        "size": record["size"],
        "sha256": record["sha256"].hex(),
        "state": record["state"],
        "scan": record["scan"],
        "entity": record["entity"],
        "entity_id": record["entity_id"],
        "field": record["field"],
        "version": record["version"],
        "created_at": record["created_at"],
        "created_by": record["created_by"],
    }
