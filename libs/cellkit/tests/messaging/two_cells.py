"""Two small cells that talk: ``alpha`` publishes notes, ``beta`` keeps a copy of what it hears."""

from __future__ import annotations

from typing import Any

from cellkit.cell import Cell
from cellkit.declare import Document, Row, States, Text, action
from cellkit.errors import BusinessRuleViolation
from cellkit.events import Event, handles
from cellkit.labels import L


class Note(Document, key="alpha.note", label=L("便签", "Note"), scoped=False):
    text = Text(L("内容", "Text"), required=True)
    topic = Text(L("主题", "Topic"))
    states = States("draft:草稿:Draft", "sent:已发送:Sent")

    @action(L("发送", "Send"), source="draft sent", target="sent", event="sent")
    async def send(work: Any, note: Row, parameters: Row) -> None:
        pass


class Poisonous(BusinessRuleViolation):
    code = "POISONOUS"
    zh, en = "有毒", "Poisonous"


class Copy(Document, key="beta.copy", label=L("副本", "Copy"), plural="copies", scoped=False):
    note = Text(L("便签", "Note"), required=True, index=True)
    kind = Text(L("事件", "Event"), required=True)
    text = Text(L("内容", "Text"), required=True)


antidote: set[str] = set()


@handles("alpha.note.created.v1")
async def on_created(work: Any, event: Event) -> None:
    await _copy(work, event, "created")


@handles("alpha.note.updated.v1")
async def on_updated(work: Any, event: Event) -> None:
    await _copy(work, event, "updated")


async def _copy(work: Any, event: Event, kind: str) -> None:
    text = event.data["text"]
    await work.create(Copy, {"note": event.subject, "kind": kind, "text": text})
    if text.startswith("poison") and text not in antidote:
        raise Poisonous
    if text == "crash" and text not in antidote:
        message = "a defect"
        raise RuntimeError(message)


alpha = Cell("alpha", label=L("甲", "Alpha"), version="0.1.0", port=8191, package="cellkit.testing", documents=[Note])
beta = Cell(
    "beta",
    label=L("乙", "Beta"),
    version="0.1.0",
    port=8192,
    package="cellkit.testing",
    documents=[Copy],
    handlers=[on_created, on_updated],
)
