"""``superpaas conformance URL``: whether a cell, in whatever language, keeps the wire contract."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from superpaas import state
from superpaas.commands import caller
from superpaas.first_login import settle
from superpaas.layout import Layout
from superpaas.messages import TroubleError, pick, say
from superpaas.ports import Ports

if TYPE_CHECKING:
    from superpaas.conformance.running import Verdict

_GOVERNANCE_PORT = 8005
_SIGNS = {"passed": "✔", "failed": "✘", "skipped": "–"}


def run(options: argparse.Namespace) -> int:
    """Try the cell, print a line a check, and fail when one failed."""
    import asyncio  # noqa: PLC0415 - the suite's imports load with it

    from superpaas.conformance.running import run as run_checks  # noqa: PLC0415 - loads an HTTP client
    from superpaas.conformance.stage import Target  # noqa: PLC0415 - the same

    layout = Layout(Path(options.data).resolve())
    current = state.read(layout)
    if current is None or not current.supervised:
        raise TroubleError("平台没有在运行。启动：./run.sh up", "The platform is not running. Start it: ./run.sh up")
    ports = Ports(current.port_base)
    settle(layout.first_login)
    target = Target(
        url=options.url.rstrip("/"),
        gateway=f"http://127.0.0.1:{ports.gateway}",
        governance=f"http://127.0.0.1:{ports.of(_GOVERNANCE_PORT)}",
        master=(layout.secrets / "gateway-signing-secret").read_text(encoding="utf-8").strip(),
        operator=json.loads(layout.first_login.read_text(encoding="utf-8")),
        samples=_samples(options.samples),
        name=options.name or "",
    )
    only = [name for name in (options.only or "").split(",") if name]
    verdicts = asyncio.run(run_checks(target, only, _tell))
    if options.out:
        report = [item.as_json() for item in verdicts]
        Path(caller(), options.out).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    counts = {outcome: sum(item.outcome == outcome for item in verdicts) for outcome in _SIGNS}
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")  # noqa: T201 - result
    if counts["failed"] == 0 and counts["passed"] > 0:
        say("这个细胞遵守契约。", "The cell keeps the contract.")
        return 0
    say("契约全文：docs/spec/wire-contract.md", "The contract: docs/en/spec/wire-contract.md")
    return 1


def _tell(verdict: Verdict) -> None:
    reason = f"\n    {verdict.reason}" if verdict.reason else ""
    text = f"{_SIGNS[verdict.outcome]} {verdict.section} {verdict.title} [{verdict.name}]{reason}"
    print(text, flush=True)  # noqa: T201 - the command line speaks on standard output


def _samples(place: str | None) -> dict[str, Any]:
    if not place:
        return {}
    try:
        found = json.loads(Path(caller(), place).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TroubleError(f"样例文件读不出来：{error}", f"Cannot read the samples: {error}") from None
    if not isinstance(found, dict):
        text = pick("样例应为 {实体: 请求体}", "samples are {entity: body}")
        raise TroubleError(text, text)
    return found
