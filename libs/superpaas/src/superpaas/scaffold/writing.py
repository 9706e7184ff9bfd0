"""The files of a new cell, from the templates beside this module."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from superpaas.messages import TroubleError

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".template"
# The thirteen cells of the product have these; a new one comes after them.
FIRST_PORT, LAST_PORT = 8114, 8199
# The platform's own services and the words of its paths (wire contract §1).
RESERVED = frozenset(
    {"identity", "governance", "monitor", "gateway", "auth", "admin", "platform", "superpaas", "service", "kit"}
)
_NAME = re.compile(r"[a-z][a-z0-9]{1,29}")
_ENTITY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MARK = re.compile(r"@([A-Za-z_]+)@")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the author says of his cell. ``entity`` is its first document, in the singular."""

    cell: str
    zh: str
    en: str
    entity: str
    entity_zh: str
    entity_en: str
    port: int

    @property
    def marks(self) -> dict[str, str]:
        """What stands for ``@name@`` in the templates."""
        plural = self.entity + "s"
        return {
            "cell": self.cell,
            "zh": self.zh,
            "en": self.en,
            "entity": self.entity,
            "Entity": "".join(part.capitalize() for part in self.entity.split("_")),
            "entity_zh": self.entity_zh,
            "entity_en": self.entity_en,
            "plural": plural.replace("_", "-"),
            "plural_module": plural,
            "prefix": self.cell[:2].upper(),
            "port": str(self.port),
        }


def check(wanted: Wanted, cells: Path) -> None:
    """Raise in one line when the cell cannot be made."""
    if not _NAME.fullmatch(wanted.cell) or wanted.cell in RESERVED:
        raise TroubleError(
            f"细胞名 {wanted.cell} 不可用：小写字母开头，2 到 30 个小写字母或数字，且不是平台自己的名字。",
            f"The cell cannot be called {wanted.cell}: 2 to 30 lower-case letters or digits, none of the platform's.",
        )
    if not _ENTITY.fullmatch(wanted.entity):
        raise TroubleError(
            f"实体名 {wanted.entity} 不可用：应形如 inspection 或 work_order。",
            f"The entity cannot be called {wanted.entity}: it looks like inspection or work_order.",
        )
    unfit = [text for text in (wanted.zh, wanted.en, wanted.entity_zh, wanted.entity_en) if not _is_plain(text)]
    if unfit:
        raise TroubleError(
            f"名称“{unfit[0]}”不可用：1 到 40 个字，不含引号、反斜杠和换行。",
            f"“{unfit[0]}” cannot be a name: 1 to 40 characters without quotes, backslashes and line ends.",
        )
    if (cells / wanted.cell).exists():
        raise TroubleError(f"已经有细胞 {wanted.cell}。", f"There is a cell {wanted.cell} already.")
    if not FIRST_PORT <= wanted.port <= LAST_PORT or wanted.port in taken_ports(cells):
        raise TroubleError(
            f"端口 {wanted.port} 不可用：应在 {FIRST_PORT} 到 {LAST_PORT} 之间，且没有别的细胞用它。",
            f"Port {wanted.port} cannot be used: one from {FIRST_PORT} to {LAST_PORT} that no other cell has.",
        )


def free_port(cells: Path) -> int:
    """The lowest port that no cell has."""
    taken = taken_ports(cells)
    free = next((port for port in range(FIRST_PORT, LAST_PORT + 1) if port not in taken), 0)
    if not free:
        raise TroubleError(
            f"{FIRST_PORT} 到 {LAST_PORT} 的端口都已分给细胞。", f"All ports {FIRST_PORT} to {LAST_PORT} are taken."
        )
    return free


def taken_ports(cells: Path) -> set[int]:
    """The ports of the cells there are."""
    manifests = [tomllib.loads(path.read_text(encoding="utf-8")) for path in cells.glob("*/cell.toml")]
    return {int(item.get("port", 0)) for item in manifests}


def write(wanted: Wanted, cells: Path) -> list[Path]:
    """Write the files; returns them."""
    marks = wanted.marks
    named = {"__cell__": wanted.cell, "__plural__": marks["plural_module"], "__handbook__": "用户手册"}
    written = []
    for template in sorted(TEMPLATES.rglob(f"*{SUFFIX}")):
        place = str(template.relative_to(TEMPLATES)).removesuffix(SUFFIX)
        for mark, value in named.items():
            place = place.replace(mark, value)
        path = cells / wanted.cell / _filled(place, marks)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template.read_text(encoding="utf-8"), marks), encoding="utf-8")
        written.append(path)
    (cells / wanted.cell / "src" / f"cell_{wanted.cell}" / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    return written


def _filled(text: str, marks: dict[str, str]) -> str:
    return _MARK.sub(lambda found: marks.get(found[1], found[0]), text)


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isprintable() and not set(text) & set("\"'\\{}@")
