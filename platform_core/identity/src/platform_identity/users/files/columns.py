"""The columns of the files: the same words in exports, templates and imports."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cellkit.labels import Label


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``required`` in an import, ``shown`` only in an export, ``taken`` only by an import."""

    name: str
    label: Label
    required: bool = False
    shown_only: bool = False
    taken_only: bool = False


COLUMNS = (
    Column("username", Label("用户名", "Username"), required=True),
    Column("display_name", Label("姓名", "Name"), required=True),
    Column("department", Label("部门", "Department")),
    Column("roles", Label("角色", "Roles")),
    Column("language", Label("语言", "Language")),
    Column("time_zone", Label("时区", "Time zone")),
    Column("password", Label("初始密码", "First password"), taken_only=True),
    Column("is_active", Label("启用", "Active"), shown_only=True),
    Column("last_login_at", Label("最近登录", "Last login"), shown_only=True),
    Column("created_at", Label("创建时间", "Created at"), shown_only=True),
)
BY_NAME = {column.name: column for column in COLUMNS}
_NOISE = re.compile(r"[\s*＊_]+")


def template_headings(language: str) -> list[str]:
    """What a file for an import has; required ones carry a star."""
    taken = [column for column in COLUMNS if not column.shown_only]
    return [f"{column.label.text(language)}{' *' if column.required else ''}" for column in taken]


def export_columns() -> list[Column]:
    """What an export has; imported again, what only it shows is passed over."""
    return [column for column in COLUMNS if not column.taken_only]


def read_headings(cells: list[str]) -> tuple[dict[int, Column], list[str]]:
    """Which column each place is, and the headings that say nothing; of two alike the first counts."""
    places: dict[int, Column] = {}
    unknown: list[str] = []
    for place, text in enumerate(cells):
        plain = _plain(text)
        if not plain:
            continue
        column = next((item for item in COLUMNS if plain in _words(item)), None)
        if column is None or column in places.values():
            unknown.append(text.strip()[:100])
        else:
            places[place] = column
    return places, unknown


def _words(column: Column) -> set[str]:
    return {_plain(column.name), _plain(column.label.zh), _plain(column.label.en)}


def _plain(text: str) -> str:
    return _NOISE.sub("", text).casefold()
