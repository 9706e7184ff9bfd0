"""Check files of the audit trail, offline: is anything changed, missing, put elsewhere, or signed by somebody else?"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Literal
from uuid import UUID

import msgspec

from cellkit.audit.chain import START, Damage, Link, verify
from cellkit.audit.heads import Head
from cellkit.audit.signing import signed_by
from cellkit.audit.trail_file import FORMAT, read_entry
from cellkit.labels import L, Label

MOST_PROBLEMS = 50
_GZIP = b"\x1f\x8b"
Kind = Damage | Literal["signature", "truncated", "unreadable", "reported", "gap"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written. ``sequence`` 0: the file as a whole; ``line`` counts from 1."""

    kind: Kind
    line: int
    sequence: int
    reason: Label
    entry_id: str = ""


@dataclass(slots=True)
class Report:
    """What a file holds, and what is wrong with it."""

    cell: str = ""
    tenant: str = ""
    start: Link = START
    end: Link = START
    entries: int = 0
    heads: int = 0
    keys: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_files(
    paths: Iterable[Path], *, keys: Collection[str] = (), heads: Mapping[tuple[str, str, int], str] | None = None
) -> list[Report]:
    """Check files that continue each other (archives, then an export), ordered by where they begin.

    ``keys``: the public keys to trust; without them only the file's own word tells whose signature it is. ``heads``
    are heads kept elsewhere (:func:`read_heads`), which the chain must agree with. Raises :class:`OSError`.
    """
    reports = [_Checker(keys, heads or {}).run(path) for path in paths]
    reports.sort(key=lambda report: (report.cell, report.tenant, report.start.sequence))
    for before, after in pairwise(reports):
        if (before.cell, before.tenant) == (after.cell, after.tenant) and before.end != after.start:
            first, last = before.end.sequence + 1, after.start.sequence
            zh = f"文件之间缺少第 {first} 至 {last} 条" if last >= first else "文件之间不衔接"
            en = f"entries {first} to {last} are in none of the files" if last >= first else "the files do not join"
            after.problems.insert(0, Problem("gap", 1, first, L(zh, en)))
    return reports


def read_heads(path: Path) -> tuple[dict[tuple[str, str, int], str], list[Problem]]:
    """A file of heads (``heads-<year>.jsonl``): text by cell, tenant and sequence; and what is wrong with the file."""
    found: dict[tuple[str, str, int], str] = {}
    problems: list[Problem] = []
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            try:
                head = _head_of(msgspec.json.decode(line))
                values = head.values
                key = (str(values["cell"]), str(values["tenant"]), int(values["sequence"]))
            except (msgspec.DecodeError, ValueError, KeyError, TypeError, UnicodeDecodeError):
                problems.append(Problem("unreadable", number, 0, L("头文件中有无法读取的行", "a line that is no head")))
                continue
            if not head.signed():
                problems.append(Problem("signature", number, key[2], _WRONG_SIGNATURE))
            if found.setdefault(key, head.text) != head.text:
                problems.append(
                    Problem("head", number, key[2], L("同一序号有两个不同的链头", "two heads of one place"))
                )
    return found, problems


_WRONG_SIGNATURE = L("签名不正确", "the signature is wrong")
_REASONS = {
    "changed": L("内容与写入时不同", "its content is not what was written"),
    "missing": L("此前有条目缺失", "entries before it are missing"),
    "order": L("不是原来连在此处的条目", "it is not the entry that was linked here"),
}


class _Checker:
    def __init__(self, keys: Collection[str], heads: Mapping[tuple[str, str, int], str]) -> None:
        self._trusted = frozenset(keys)
        self._kept = heads
        self._report = Report()
        self._tenant = UUID(int=0)
        self._link = START
        self._line = 0
        self._last_head: Head | None = None
        self._ended = False
        self._digest = hashlib.sha256()

    def run(self, path: Path) -> Report:
        with _opened(path) as file:
            try:
                for number, line in enumerate(file, start=1):
                    self._line = number
                    if not self._take(line) or len(self._report.problems) >= MOST_PROBLEMS:
                        break
            except (EOFError, gzip.BadGzipFile, OSError) as error:
                self._wrong("unreadable", L(f"文件损坏：{error}", f"the file is damaged: {error}"))
        if not self._ended and len(self._report.problems) < MOST_PROBLEMS:
            self._wrong("truncated", L("文件不完整：没有结尾行", "the file is cut off: it has no last line"))
        self._report.end = self._link
        return self._report

    def _take(self, line: bytes) -> bool:
        """Check one line; False when nothing after it can be understood."""
        try:
            values: Any = msgspec.json.decode(line)
            kind = values["type"]
            if self._line == 1:
                self._header(values)
            elif self._ended:
                self._wrong("unreadable", L("结尾行之后还有内容", "there is more after the last line"))
                return False
            elif kind == "entry":
                self._entry(values)
            elif kind == "head":
                self._head(_head_of(values))
            elif kind == "end":
                self._end(values)
            else:
                raise ValueError(kind)
        except (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            self._wrong("unreadable", L("无法读取此行", "this line cannot be read"))
            return self._line > 1
        self._digest.update(line)
        return True

    def _header(self, values: dict[str, Any]) -> None:
        if values["type"] != "header" or values["format"] != FORMAT:
            raise ValueError(FORMAT)
        self._report.cell, self._report.tenant = str(values["cell"]), str(values["tenant"])
        self._tenant = UUID(self._report.tenant)
        self._link = Link(int(values["after"]["sequence"]), bytes.fromhex(values["after"]["chainHash"]))
        if self._link.sequence == 0 and self._link != START:
            raise ValueError(self._link)
        self._report.start = self._link
        self._known(str(values["publicKey"]))

    def _entry(self, values: dict[str, Any]) -> None:
        row = read_entry(values)
        self._report.entries += 1
        link, broken = verify(self._tenant, [row], self._link)
        if broken is not None:
            if broken.damage == "missing":
                first, last = self._link.sequence + 1, row.sequence - 1
                reason = L(f"缺少第 {first} 至 {last} 条", f"entries {first} to {last} are missing")
            else:
                reason = _REASONS[broken.damage]
            self._wrong(broken.damage, reason, row.sequence, str(row.entry.id))
            # From here on by the entry's own word, so that what is wrong further down is told as well.
            link = Link(max(row.sequence, self._link.sequence), row.chain_hash)
        self._link = link
        kept = self._kept.get((self._report.cell, self._report.tenant, row.sequence))
        if kept is not None and msgspec.json.decode(kept).get("chainHash") != self._link.chain_hash.hex():
            reason = L("与另行保存的链头不一致", "it does not agree with the head that was kept elsewhere")
            self._wrong("head", reason, row.sequence, str(row.entry.id))

    def _head(self, head: Head) -> None:
        values = head.values
        self._report.heads += 1
        sequence = int(values["sequence"])
        if not head.signed():
            self._wrong("signature", L("链头签名不正确", "the head's signature is wrong"), sequence)
            return
        self._known(str(values["publicKey"]))
        if (values["cell"], values["tenant"]) != (self._report.cell, self._report.tenant):
            self._wrong("head", L("链头属于别的细胞或租户", "the head is of another cell or tenant"), sequence)
        elif (sequence, values["chainHash"]) != (self._link.sequence, self._link.chain_hash.hex()):
            self._wrong("head", L("链头与此处的链不一致", "the head does not agree with the chain here"), sequence)
        if self._last_head is not None and values["previous"] != self._last_head.digest:
            self._wrong("head", L("此前有链头缺失或被替换", "a head before it is missing or another"), sequence)
        if values["holds"] is not True:
            reason = L("签署链头时链已不完整", "the chain was already broken when this head was signed")
            self._wrong("reported", reason, sequence)
        self._last_head = head

    def _end(self, values: dict[str, Any]) -> None:
        self._ended = True
        text, signature = str(values["end"]), base64.b64decode(values["signature"], validate=True)
        told = msgspec.json.decode(text)
        public = str(told["publicKey"])
        self._known(public)
        if not signed_by(public, text.encode(), signature):
            self._wrong("signature", L("文件签名不正确", "the file's signature is wrong"))
        place = (told["sequence"], told["chainHash"], told["entries"])
        if place != (self._link.sequence, self._link.chain_hash.hex(), self._report.entries):
            self._wrong("missing", L("条目数与结尾行不符", "the entries are not those the last line tells"))
        elif told["sha256"] != self._digest.hexdigest():
            self._wrong("changed", L("文件内容与签名时不同", "the file is not as it was signed"))

    def _known(self, public: str) -> None:
        if public in self._report.keys:
            return
        self._report.keys.append(public)
        if self._trusted and public not in self._trusted:
            self._wrong("signature", L("由未受信任的密钥签名", "signed by a key that is not trusted"))

    def _wrong(self, kind: Kind, reason: Label, sequence: int = 0, entry_id: str = "") -> None:
        self._report.problems.append(Problem(kind, self._line, sequence, reason, entry_id))


def _head_of(values: Any) -> Head:
    return Head(str(values["head"]), base64.b64decode(values["signature"], validate=True))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if packed:
            with gzip.open(raw) as unpacked:
                yield unpacked  # type: ignore[misc]  # a binary file as well
        else:
            yield raw
