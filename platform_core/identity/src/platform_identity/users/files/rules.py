"""What a file's rows say, and everything that is wrong with them: pure rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from cellkit.errors import FieldProblem, problem
from cellkit.http.validation import field_problems
from cellkit.labels import Label
from platform_identity.common.fields import Language, Name, TimeZone, Username
from platform_identity.passwords import policy
from platform_identity.tenant_settings.rules import TenantSettings
from platform_identity.users.files.columns import BY_NAME, COLUMNS, read_headings

_BETWEEN_ROLES = re.compile(r"[;；,，、|\n]+")
_BETWEEN_DEPARTMENTS = re.compile(r"\s*[/／>＞]\s*")
_LANGUAGES = {"zh": "zh-CN", "zh-cn": "zh-CN", "中文": "zh-CN", "en": "en-US", "en-us": "en-US", "英文": "en-US"}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong; ``column`` is the heading's name, "" where the row as a whole is meant."""

    row: int
    column: str
    rule: str
    message: Label

    def shown(self, language: str) -> dict[str, Any]:
        """For the report."""
        label = BY_NAME[self.column].label.text(language) if self.column in BY_NAME else self.column
        return {
            "row": self.row,
            "column": label,
            "field": self.column,
            "rule": self.rule,
            "message": self.message.text(language),
        }

    def as_field(self) -> FieldProblem:
        """For a refusal in the contract's shape."""
        place = f"rows[{self.row}]" + (f".{self.column}" if self.column else "")
        return {"field": place, "rule": self.rule, "message": self.message}


@dataclass(frozen=True, slots=True)
class NewUser:
    """A row that can become a user."""

    row: int
    username: str
    display_name: str
    department_id: UUID | None
    role_ids: tuple[UUID, ...]
    language: str
    time_zone: str
    password: str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rows speak of: the tenant as it is. Names are as :func:`plain` makes them."""

    settings: TenantSettings
    language: str
    time_zone: str
    departments: Mapping[str, Sequence[UUID]]
    roles: Mapping[str, UUID]
    not_grantable: Mapping[UUID, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Username
    display_name: Name
    language: Language
    time_zone: TimeZone


def plain(text: str) -> str:
    """A name for comparing."""
    return text.strip().casefold()


def department_key(text: str) -> str:
    """The path of a department for comparing."""
    return "/".join(plain(part) for part in _BETWEEN_DEPARTMENTS.split(text.strip()) if part.strip())


def names_of(rows: Iterable[tuple[int, list[str]]]) -> tuple[list[tuple[int, dict[str, str]]], list[RowProblem]]:
    """Every row by column name, empty rows left out; and what is wrong with the headings."""
    found: list[tuple[int, dict[str, str]]] = []
    problems: list[RowProblem] = []
    places: dict[int, Any] = {}
    for number, cells in rows:
        if number == 1:
            places, unknown = read_headings(cells)
            problems = [_unknown_heading(text) for text in unknown]
            problems += [
                RowProblem(1, item.name, "missing_column", Label("缺少必填列", "The column is missing"))
                for item in COLUMNS
                if item.required and item not in places.values()
            ]
            continue
        row = {column.name: cells[place].strip() for place, column in places.items() if place < len(cells)}
        if any(text for text in row.values()):
            found.append((number, row))
    return found, problems


def check_rows(
    rows: Sequence[tuple[int, dict[str, str]]], around: Surroundings
) -> tuple[list[NewUser], list[RowProblem]]:
    """The users that the rows make, and all problems of all rows."""
    users: list[NewUser] = []
    problems: list[RowProblem] = []
    first_row: dict[str, int] = {}
    for number, row in rows:
        wrong: list[FieldProblem] = []
        texts = _texts(row, around)
        try:
            _Texts.model_validate(texts)
        except ValidationError as error:
            wrong += field_problems(error.errors())
        name = plain(texts["username"])
        if name and name in first_row:
            wrong.append(
                problem("username", "repeated", f"与第 {first_row[name]} 行重复", f"The same as row {first_row[name]}")
            )
        elif name in around.taken:
            wrong.append(problem("username", "taken", "用户名已存在", "Username is already taken"))
        first_row.setdefault(name, number)
        department_id = _department(row.get("department", ""), around, wrong)
        role_ids = _roles(row.get("roles", ""), around, wrong)
        password = row.get("password") or None
        if password is not None:
            wrong += policy.problems("password", password, texts["username"], around.settings)
        problems += [RowProblem(number, item["field"], item["rule"], item["message"]) for item in wrong]
        users.append(
            NewUser(
                number,
                texts["username"],
                texts["display_name"],
                department_id,
                role_ids,
                texts["language"],
                texts["time_zone"],
                password,
            )
        )
    return users, problems


def _texts(row: Mapping[str, str], around: Surroundings) -> dict[str, str]:
    language = row.get("language", "")
    return {
        "username": row.get("username", ""),
        "display_name": row.get("display_name", ""),
        "language": _LANGUAGES.get(plain(language), language) or around.language,
        "time_zone": row.get("time_zone", "") or around.time_zone,
    }


def _department(text: str, around: Surroundings, wrong: list[FieldProblem]) -> UUID | None:
    if not text:
        return None
    found = around.departments.get(department_key(text), ())
    if len(found) == 1:
        return found[0]
    if found:
        wrong.append(
            problem(
                "department",
                "ambiguous",
                "有多个同名部门，请写完整路径，如 总部/销售部",
                "Several departments have this name; write its whole path, such as Head office/Sales",
            )
        )
    else:
        wrong.append(problem("department", "unknown", "部门不存在", "No such department"))
    return None


def _roles(text: str, around: Surroundings, wrong: list[FieldProblem]) -> tuple[UUID, ...]:
    found: dict[UUID, None] = {}
    for word in filter(None, (part.strip() for part in _BETWEEN_ROLES.split(text))):
        role_id = around.roles.get(plain(word))
        if role_id is None:
            wrong.append(problem("roles", "unknown", f"角色“{word[:50]}”不存在", f"No such role: {word[:50]}"))
        elif role_id in around.not_grantable:
            lacking = around.not_grantable[role_id]
            wrong.append(
                problem(
                    "roles",
                    "forbidden",
                    f"角色“{word[:50]}”含有您自己没有的权限 {lacking}，不能授予",
                    f"Role {word[:50]} gives {lacking}, which you do not hold yourself",
                )
            )
        else:
            found[role_id] = None
    return tuple(found)


def _unknown_heading(text: str) -> RowProblem:
    return RowProblem(1, text, "unknown_column", Label(f"不认识的列“{text}”", f"Unknown or repeated column: {text}"))
