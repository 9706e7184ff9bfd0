"""What the columns of files are called: the same words in exports, templates and imports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from cellkit.db.shape import shape_of
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Field, Json, Ref
from cellkit.labels import L, Label

STANDARD_LABELS: dict[str, Label] = {
    "id": L("系统编号", "ID"),
    "number": L("单号", "Number"),
    "state": L("状态", "State"),
    "version": L("版本", "Version"),
    "owner_id": L("负责人", "Owner"),
    "department_id": L("部门", "Department"),
    "source": L("来源标识", "Origin"),
    "created_at": L("创建时间", "Created at"),
    "created_by": L("创建人", "Created by"),
    "updated_at": L("修改时间", "Updated at"),
    "updated_by": L("修改人", "Updated by"),
    "extension": L("扩展字段", "Extension"),
    "line_no": L("行号", "Line"),
}
GROUP_LABEL = L("分组", "Group")
ERRORS_LABEL = L("导入错误", "Import errors")
_EXTENSION = Json(STANDARD_LABELS["extension"])
_EXTENSION.name = "extension"
_SEPARATORS = re.compile(r"[\s._·・/\-—:：*＊]+")


@dataclass(frozen=True, slots=True)
class Target:
    """What a column means: a field of the document (``grid`` None) or of a grid's lines.

    ``use``: ``field`` is read by imports, ``number`` and ``group`` too; ``shown`` only exists in exports.
    """

    use: str
    name: str
    label: Label
    grid: str | None = None
    field: Field | None = None

    @property
    def place(self) -> str:
        """``code``, ``lines.item_id``."""
        return self.name if self.grid is None else f"{self.grid}.{self.name}"


def targets(table: type[Table]) -> Iterator[Target]:
    """Every column that a file of this table may have, in the order of exports."""
    standard = [name for name in shape_of(table).public if name not in table.fields]
    numbered = issubclass(table, Document) and table.number is not None and table.creatable
    for name in ("number", "state"):
        if name in standard:
            yield Target("number" if name == "number" and numbered else "shown", name, STANDARD_LABELS[name])
    for item in table.fields.values():
        yield from _of_field(item, item.label, None)
    for grid in table.lines.values():
        yield Target("shown", "line_no", _within(grid.label, STANDARD_LABELS["line_no"]), grid.name)
        for item in grid.fields.values():
            yield from _of_field(item, _within(grid.label, item.label), grid.name)
    for name in standard:
        if name == "extension":
            yield Target("field", name, _EXTENSION.label, None, _EXTENSION)
        elif name not in ("number", "state"):
            yield Target("shown", name, STANDARD_LABELS.get(name, Label(name, name)))


def _of_field(item: Field, label: Label, grid: str | None) -> Iterator[Target]:
    yield Target("shown" if item.readonly else "field", item.name, label, grid, item)
    if isinstance(item, Ref):
        title = Label(f"{label.zh}名称", f"{label.en} title")
        yield Target("shown", item.label_name, title, grid, item)


def _within(grid: Label, label: Label) -> Label:
    return Label(f"{grid.zh}.{label.zh}", f"{grid.en}.{label.en}")


def plain(heading: str) -> str:
    """A heading without what people add or change: case, blanks, separators, the mark of required columns."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", heading).casefold())


def names(target: Target) -> Iterator[str]:
    """Everything a column may be called."""
    yield target.place
    yield target.label.zh
    yield target.label.en
