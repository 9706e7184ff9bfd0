"""Alerts, rules' settings, silences and channels in the monitor's own database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from cellkit.errors import NotFound, VersionConflict
from platform_monitor.alerts.rules import BY_ID, DEFAULTS, Rule
from platform_monitor.alerts.states import Alert, Key
from platform_monitor.database import MonitorDatabase

_KEPT_DAYS = 180
_ALERT = "id, rule, subject, severity, state, value, reason, pending_at, fired_at"


class AlertStore:
    """Everything that outlives a restart."""

    def __init__(self, database: MonitorDatabase) -> None:
        self._database = database

    async def open_alerts(self) -> dict[Key, Alert]:
        """All alerts that are not resolved."""
        rows = await self._database.fetch(f"SELECT {_ALERT} FROM alerts WHERE state <> 'resolved'")  # noqa: S608
        alerts = [Alert(**row) for row in rows]
        return {alert.key: alert for alert in alerts}

    async def save(self, alerts: Iterable[Alert], now: float) -> dict[Key, int]:
        """Write changed alerts; returns the ids of new ones. One that was never firing leaves nothing."""

        def work(connection: Any) -> dict[Key, int]:
            made: dict[Key, int] = {}
            for alert in alerts:
                if alert.id and alert.state == "resolved" and alert.fired_at is None:
                    connection.execute("DELETE FROM alerts WHERE id = ?", (alert.id,))
                elif alert.id:
                    connection.execute(
                        "UPDATE alerts SET state = CASE WHEN state = 'acknowledged' AND ?1 = 'firing' THEN state"
                        " ELSE ?1 END, severity = ?2, value = ?3, reason = ?4, fired_at = ?5,"
                        " resolved_at = CASE WHEN ?1 = 'resolved' THEN ?6 END WHERE id = ?7",
                        (alert.state, alert.severity, alert.value, alert.reason, alert.fired_at, now, alert.id),
                    )
                elif alert.state != "resolved":
                    cursor = connection.execute(
                        "INSERT INTO alerts (rule, subject, severity, state, value, reason, pending_at, fired_at)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        (
                            alert.rule, alert.subject, alert.severity, alert.state, alert.value, alert.reason,
                            alert.pending_at, alert.fired_at,
                        ),
                    )  # fmt: skip
                    made[alert.key] = cursor.lastrowid
            connection.execute(
                "DELETE FROM alerts WHERE state = 'resolved' AND resolved_at < ?", (now - _KEPT_DAYS * 86_400,)
            )
            return made

        return await self._database.run(work)

    async def alerts(self, states: tuple[str, ...], before: int | None, limit: int) -> list[dict[str, Any]]:
        """Alerts in these states, the latest first."""
        marks = ", ".join("?" * len(states))
        return await self._database.fetch(
            f"SELECT * FROM alerts WHERE state IN ({marks}) AND id < ? ORDER BY id DESC LIMIT ?",  # noqa: S608
            *states,
            before if before is not None else 2**62,
            limit,
        )

    async def counts(self) -> dict[str, int]:
        """How many are open, by state."""
        rows = await self._database.fetch(
            "SELECT state, count(*) AS number FROM alerts WHERE state <> 'resolved' GROUP BY state"
        )
        return {row["state"]: row["number"] for row in rows}

    async def acknowledge(self, identity: int, actor: str, note: str) -> dict[str, Any]:
        """Somebody sees to it; raises :class:`NotFound` for one that is not firing."""
        changed = await self._database.execute(
            "UPDATE alerts SET state = 'acknowledged', acknowledged_at = ?, acknowledged_by = ?, note = ?"
            " WHERE id = ? AND state IN ('firing', 'acknowledged')",
            time.time(),
            actor,
            note,
            identity,
        )
        if not changed:
            raise NotFound
        return (await self._database.fetch("SELECT * FROM alerts WHERE id = ?", identity))[0]

    # Rules

    async def rules(self) -> dict[str, Rule]:
        """All rules as they are set."""
        rows = await self._database.fetch("SELECT id, settings FROM alert_rules")
        settings = {row["id"]: json.loads(row["settings"]) for row in rows}
        return {rule.id: rule.with_settings(settings.get(rule.id, {})) for rule in DEFAULTS}

    async def rule_changes(self) -> dict[str, dict[str, Any]]:
        """Version, moment and author of the rules that were changed."""
        rows = await self._database.fetch("SELECT id, version, changed_at, changed_by FROM alert_rules")
        return {row["id"]: row for row in rows}

    async def change_rule(self, identity: str, settings: dict[str, Any], version: int, actor: str) -> None:
        """Set a rule; ``version`` is the one that was read (0: as shipped)."""
        if identity not in BY_ID:
            raise NotFound

        def work(connection: Any) -> None:
            row = connection.execute("SELECT version FROM alert_rules WHERE id = ?", (identity,)).fetchone()
            current = row["version"] if row else 0
            if current != version:
                raise VersionConflict(current=current)
            connection.execute(
                "INSERT OR REPLACE INTO alert_rules (id, settings, version, changed_at, changed_by)"
                " VALUES (?, ?, ?, ?, ?)",
                (identity, json.dumps(settings), version + 1, time.time(), actor),
            )

        await self._database.run(work)

    # Silences

    async def silences(self) -> list[dict[str, Any]]:
        """Those in force."""
        return await self._database.fetch("SELECT * FROM silences WHERE until > ? ORDER BY id DESC", time.time())

    async def silence(self, rule: str, subject: str, until: float, reason: str, actor: str) -> dict[str, Any]:
        """Hold notices back until a moment."""

        def work(connection: Any) -> dict[str, Any]:
            connection.execute("DELETE FROM silences WHERE until < ?", (time.time() - 30 * 86_400,))
            cursor = connection.execute(
                "INSERT INTO silences (rule, subject, until, reason, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?)",
                (rule, subject, until, reason, time.time(), actor),
            )
            row = connection.execute("SELECT * FROM silences WHERE id = ?", (cursor.lastrowid,)).fetchone()
            return dict(row)

        return await self._database.run(work)

    async def end_silence(self, identity: int) -> None:
        """Let notices go out again."""
        if not await self._database.execute(
            "UPDATE silences SET until = ? WHERE id = ? AND until > ?", time.time(), identity, time.time()
        ):
            raise NotFound
