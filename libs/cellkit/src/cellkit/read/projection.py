"""The one serializer: which fields a caller sees, and how. Every outlet uses it."""

from __future__ import annotations

from typing import Any

from cellkit.db.shape import Shape, shape_of, shape_of_lines
from cellkit.declare.document import DECLARED, Lines, Row, Table
from cellkit.declare.fields import Field, Ref
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.masks import mask
from cellkit.ops.access import RoleDocument


class Projection:
    """What one role sees of one table."""

    def __init__(self, table: type[Table], role: RoleDocument, *, clear: bool = False, granted: bool = False) -> None:
        self.table = table
        self._clear = clear
        self.language = role.language
        self.plain: bool
        self.hidden: set[str] = set()
        self.masked: dict[str, str] = {}
        self.locked: set[str] = set()
        self.lines: dict[str, Projection] = {}
        # Masked by the declaration, and shown in clear one by one to who asks for it with a reason (privacy.reveal).
        self.revealable: set[str] = set()
        self._findable: set[str] = set()
        reveal = granted or role.allows(f"{table.key}.reveal")
        self._take(table.fields, table.key, role, reveal=reveal)
        for name, grid in table.lines.items():
            rule = role.field_rule(f"{table.key}.{name}")
            if rule == "hide":
                self.hidden.add(name)
            if rule in ("hide", "read", "mask"):
                self.locked.add(name)
            self.lines[name] = _LineProjection(grid, f"{table.key}.{name}", role, reveal=reveal, clear=clear)
        self.labelled = self._take_labels(shape_of(table), role)
        self.plain = (
            not self.hidden
            and not self.masked
            and not self.labelled
            and all(part.plain for part in self.lines.values())
        )

    def _take_labels(self, shape: Shape, role: RoleDocument) -> tuple[Field, ...]:
        """Hide the texts of what is hidden or masked; the fields whose text this role sees."""
        self.hidden.update(
            item.label_name
            for item in shape.references
            if item.name in self.hidden or item.name in self.masked or _untitled(item, role)
        )
        return tuple(item for item in shape.labelled if item.name not in self.hidden and item.name not in self.masked)

    def _take(self, fields: dict[str, Field], key: str, role: RoleDocument, *, reveal: bool) -> None:
        for name, item in fields.items():
            rule = role.field_rule(f"{key}.{name}")
            if rule == "hide":
                self.hidden.add(name)
            elif item.write_only:
                self.masked[name] = "all"
            elif rule is None and item.mask is not None and not (self._clear and reveal):
                self.masked[name] = item.mask
                if reveal:
                    self.revealable.add(name)
                    if item.secret and item.find:
                        self._findable.add(name)
            elif rule == "mask":
                self.masked[name] = item.mask or "all"
            if rule in ("hide", "read", "mask"):
                self.locked.add(name)

    def apply(self, shown: Row, language: str | None = None) -> Row:
        """The row as this role sees it; ``shown`` itself when nothing is hidden or added.

        ``language``: of the texts beside dictionary codes; without it the user's own.
        """
        if self.plain:
            return shown
        language = language or self.language
        result = {name: value for name, value in shown.items() if name not in self.hidden}
        for name, kind in self.masked.items():
            if result.get(name) is not None:
                result[name] = mask(kind, str(result[name]))
        for name, part in self.lines.items():
            if name in result and not part.plain:
                result[name] = [part.apply(line, language) for line in result[name]]
        for item in self.labelled:
            if item.name in result:
                value = result[item.name]
                result[item.label_name] = None if value is None else item.label_of(value, language)
        return result

    def _refuses(self, name: str, *, creating: bool) -> bool:
        return name in self.locked and not (creating and name in self.masked)

    def readable(self, name: str) -> bool:
        """Whether the caller sees a field in clear; only then may lists filter, sort or search by it."""
        return name not in self.hidden and name not in self.masked

    def findable(self, name: str) -> bool:
        """Whether lists may filter by a field: what is readable, and by its whole value what may be revealed.

        ``<grid>.<field>`` is a field of the document's lines.
        """
        grid, _, field = name.partition(".")
        if field:
            return grid in self.lines and grid not in self.hidden and self.lines[grid].readable(field)
        return self.readable(name) or name in self._findable

    def refuse_locked(self, body: dict[str, Any], *, creating: bool = False) -> None:
        """A write must not touch fields the caller may not edit.

        A field that he sees masked he may fill in when he creates: the value is his own.
        """
        problems: list[FieldProblem] = []
        for name, value in body.items():
            if self._refuses(name, creating=creating):
                problems.append(_no_right(name))
            part = self.lines.get(name)
            if part is not None and part.locked and isinstance(value, list):
                for index, line in enumerate(value):
                    if isinstance(line, dict):
                        problems += [
                            _no_right(f"{name}[{index}].{field}")
                            for field in line
                            if part._refuses(field, creating=creating)  # noqa: SLF001 - the same class
                        ]
        if problems:
            raise ValidationFailed(problems)


class _LineProjection(Projection):
    def __init__(self, grid: Lines, key: str, role: RoleDocument, *, reveal: bool, clear: bool) -> None:
        self._clear = clear
        self.hidden, self.masked, self.locked, self.lines = set(), {}, set(), {}
        self.revealable, self._findable = set(), set()
        self.language = role.language
        self._take(grid.fields, key, role, reveal=reveal)
        self.labelled = self._take_labels(shape_of_lines(grid), role)
        self.plain = not self.hidden and not self.masked and not self.labelled


def in_clear(table: type[Table], role: RoleDocument, *, granted: bool = False) -> Projection:
    """The projection that also shows what the role may reveal; for outlets that take a reason and audit it.

    ``granted``: another permission stands in for the document's ``reveal``. What a role rule hides or masks stays so.
    """
    return Projection(table, role, clear=True, granted=granted)


def _untitled(item: Ref, role: RoleDocument) -> bool:
    """Whether the role may not read the title of what a field refers to."""
    target = DECLARED.get(item.to) if role.field_rules else None
    return target is not None and role.field_rule(f"{item.to}.{target.title}") in ("hide", "mask")


def projection(table: type[Table], role: RoleDocument) -> Projection:
    """The projection of a role, made once per role document."""
    cache: dict[str, Projection] = role.__dict__.setdefault("_projections", {})
    found = cache.get(table.key)
    if found is None or found.table is not table:
        # One a key: a tenant's variant of a table takes the place of the one before it.
        found = cache[table.key] = Projection(table, role)
    return found


def _no_right(name: str) -> FieldProblem:
    return problem(name, "permission", "没有修改此字段的权限", "No permission to change this field")
