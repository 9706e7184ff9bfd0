"""What leaves a unit of work besides its rows: audit entries and events, made when the work is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from cellkit.context import Caller
from cellkit.db.shape import Shape, shape_of, shape_of_lines
from cellkit.declare.document import Document
from cellkit.http.messages import to_json
from cellkit.ids import uuid7
from cellkit.masks import mask
from cellkit.pipeline.tracked import Tracked, public_row


@dataclass(slots=True)
class PendingAudit:
    """An audit entry to be made: of a row, or of ``entity``/``entity_id`` with ``after``."""

    action: str
    tracked: Tracked | None
    entity: str = ""
    entity_id: str = ""
    after: Mapping[str, Any] | None = None


@dataclass(slots=True)
class PendingEvent:
    """An event to be made: of a row, or with given data."""

    type: str
    tracked: Tracked | None
    subject: str = ""
    data: Mapping[str, Any] | None = None
    partition_key: str = ""


def masked_row(tracked: Tracked) -> dict[str, Any]:
    """The row as audit and events carry it: masked fields masked."""
    shown = public_row(tracked.table, tracked.row)
    _mask(shape_of(tracked.table), shown)
    for name, grid in tracked.table.lines.items():
        shape = shape_of_lines(grid)
        if shape.masked:
            for line in shown[name]:
                _mask(shape, line)
    return shown


def differences(tracked: Tracked) -> tuple[dict[str, Any], dict[str, Any]]:
    """The changed fields before and after; masked fields masked. Changed grids are told line by line."""
    before_row = tracked.before or {}
    names = tracked.changed_fields()
    before = {name: before_row.get(name) for name in names}
    after = {name: tracked.row.get(name) for name in names}
    shape = shape_of(tracked.table)
    _mask(shape, before)
    _mask(shape, after)
    for name, grid in tracked.table.lines.items():
        if name not in tracked.row:
            continue
        line_shape = shape_of_lines(grid)
        columns = line_shape.public
        old = {line["id"]: {column: line.get(column) for column in columns} for line in before_row.get(name) or ()}
        new = {line["id"]: {column: line.get(column) for column in columns} for line in tracked.row.get(name) or ()}
        if old == new:
            continue
        gone = [line for key, line in old.items() if new.get(key) != line]
        come = [line for key, line in new.items() if old.get(key) != line]
        for line in (*gone, *come):
            _mask(line_shape, line)
        before[name], after[name] = gone, come
    return before, after


def _mask(shape: Shape, values: dict[str, Any]) -> None:
    for item in shape.masked:
        value = values.get(item.name)
        if value is not None:
            values[item.name] = mask(item.mask or "all", str(value))


def event_data(pending: PendingEvent, row_json: bytes | None) -> bytes:
    """The event's data as JSON: given, made by the document's ``payload``, or the row itself."""
    if pending.data is not None:
        return to_json(pending.data)
    tracked = pending.tracked
    if tracked is not None and issubclass(tracked.table, Document) and tracked.table.payload is not None:
        return to_json(tracked.table.payload(tracked.row))
    return row_json or b"{}"


def cloud_event(
    cell: str, caller: Caller, moment: Any, event_type: str, subject: str, key: str, data: bytes
) -> tuple[Any, bytes]:
    """The event's id and its JSON."""
    identity = uuid7()
    event = {
        "specversion": "1.0",
        "id": str(identity),
        "type": event_type,
        "source": f"/cells/{cell}",
        "subject": subject,
        "time": moment,
        "datacontenttype": "application/json",
        "tenantid": caller.tenant_id,
        "partitionkey": key,
        "actor": caller.user_id,
        "traceparent": caller.traceparent,
        "data": msgspec.Raw(data),
    }
    return identity, to_json(event)
