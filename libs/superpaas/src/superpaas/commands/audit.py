"""``superpaas audit verify|export``: check files of the audit trail offline, or write one from a cell's database."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from superpaas.layout import Layout
from superpaas.messages import TroubleError, say

if TYPE_CHECKING:
    from cellkit.audit.verifying import Problem, Report

_BROKEN = 2


def run(options: argparse.Namespace) -> int:
    """Do it; ``verify`` answers 2 when anything is wrong."""
    return _verify(options) if options.audit_command == "verify" else _export(options)


def _verify(options: argparse.Namespace) -> int:
    from cellkit.audit.verifying import read_heads, verify_files  # noqa: PLC0415 - only here

    try:
        kept: dict[tuple[str, str, int], str] = {}
        wrong: list[tuple[Path, Problem]] = []
        for path in options.heads:
            found, problems = read_heads(path)
            kept |= found
            wrong += [(path, problem) for problem in problems]
        reports = verify_files(options.files, keys=[key.strip() for key in options.key], heads=kept)
    except OSError as error:
        raise TroubleError(
            f"读不了 {error.filename}：{error.strerror}", f"Cannot read {error.filename}: {error.strerror}"
        ) from None
    holds = not wrong and all(report.holds for report in reports)
    if options.json:
        shown = [_as_json(report) for report in reports]
        whole = {"holds": holds, "files": shown, "heads": [_problem_json(problem) for _, problem in wrong]}
        json.dump(whole, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _tell(reports, wrong, trusted=bool(options.key))
    return 0 if holds else _BROKEN


def _tell(reports: list[Report], wrong: list[tuple[Path, Problem]], *, trusted: bool) -> None:
    from cellkit.audit.signing import fingerprint  # noqa: PLC0415 - only here

    for path, problem in wrong:
        say(f"{path}：{_line(problem, 'zh')}", f"{path}: {_line(problem, 'en')}")
    for report in reports:
        part = f"#{report.start.sequence + 1}–{report.end.sequence}"
        say(
            f"{report.cell} 租户 {report.tenant} {part}：{report.entries} 条记录，{report.heads} 个签名链头",
            f"{report.cell} tenant {report.tenant} {part}: {report.entries} entries, {report.heads} signed heads",
        )
        for problem in report.problems:
            say(f"  ✗ {_line(problem, 'zh')}", f"  ✗ {_line(problem, 'en')}")
        if report.holds:
            say("  ✓ 完整，未被改动", "  ✓ whole and unchanged")
        if not trusted:
            for key in report.keys:
                say(
                    f"  签名公钥 {key}（指纹 {fingerprint(key)}）；请与另行记录的比对，或用 --key 指定",
                    f"  signed by {key} (fingerprint {fingerprint(key)}); compare it with your own note, or give --key",
                )


def _line(problem: Problem, language: str) -> str:
    reason = problem.reason.text(language)
    place = f"{problem.line}" + (f" #{problem.sequence}" if problem.sequence else "")
    who = f" ({problem.entry_id})" if problem.entry_id else ""
    return f"第 {place} 行{who}：{reason}" if language == "zh" else f"line {place}{who}: {reason}"


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "line": problem.line,
        "sequence": problem.sequence or None,
        "entryId": problem.entry_id or None,
        "reason": problem.reason.as_json(),
    }


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "cell": report.cell,
        "tenant": report.tenant,
        "first": report.start.sequence + 1,
        "last": report.end.sequence,
        "chainHash": report.end.chain_hash.hex(),
        "entries": report.entries,
        "heads": report.heads,
        "keys": report.keys,
        "holds": report.holds,
        "problems": [_problem_json(problem) for problem in report.problems],
    }


def _export(options: argparse.Namespace) -> int:
    settings = _settings(options.cell, Layout(Path(options.data).resolve()))
    temporary = options.out.with_name(f".{options.out.name}.new")
    try:
        with temporary.open("wb") as file:
            count = asyncio.run(_write(settings, options.tenant, file))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(options.out)
    except OSError as error:
        raise TroubleError(f"导出失败：{error}", f"The export failed: {error}") from None
    finally:
        temporary.unlink(missing_ok=True)
    say(f"已写出 {count} 条审计记录：{options.out}", f"{count} entries written to {options.out}")
    return 0


async def _write(settings: Any, tenant: UUID, file: Any) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415 - only here

    from cellkit.audit.exporting import note_export, range_of, trail_lines  # noqa: PLC0415 - only here
    from cellkit.audit.signing import SigningKey  # noqa: PLC0415 - only here
    from cellkit.audit.trail_file import TrailWriter  # noqa: PLC0415 - only here
    from cellkit.db.pool import Database  # noqa: PLC0415 - only here

    database = Database(settings.database_url, size=1, name="audit export")
    async with database.lifespan():
        wanted = await range_of(database, tenant, None, None)
        now = datetime.now(UTC)
        writer = TrailWriter(SigningKey.of(settings), settings.service_name, tenant, wanted.start, now)
        async for lines in trail_lines(database, writer, tenant, wanted.last):
            file.write(lines)
        told = {"after": wanted.start.sequence, "through": writer.link.sequence, "entries": writer.count}
        await note_export(database, settings, tenant, told, f"cli:{_operator()}")
    return writer.count


def _operator() -> str:
    """Who sits at the command line, as far as the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _settings(cell: str, layout: Layout) -> Any:
    """A cell's settings: from the environment where they stand there (containers), else of the running platform."""
    from cellkit.settings import read_settings  # noqa: PLC0415 - only here

    if os.environ.get("DATABASE_URL"):
        return read_settings(cell)
    from superpaas import services, state  # noqa: PLC0415 - only here
    from superpaas.ports import Ports  # noqa: PLC0415 - only here

    current = state.read(layout)
    database = current.process("postgres") if current is not None else None
    if current is None or database is None or not database.alive:
        raise TroubleError("数据库没有在运行。启动：./run.sh up", "The database is not running. Start it: ./run.sh up")
    if cell not in services.choose(None):
        raise TroubleError(f"没有名为 {cell} 的细胞。", f"No cell is called {cell}.")
    loaded = services.load([cell]).services
    address = f"127.0.0.1:{database.port}"
    environments = services.Environments(layout, Ports(current.port_base), address, {})
    return read_settings(cell, environment=environments.service(loaded[0]))
