# ruff: noqa: S608, ASYNC240, E501 - statements and small files of the tests themselves
"""Heads are signed, files verify without a database, old entries move to archives and nothing else leaves."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from cellkit.audit.entry import AuditEntry
from cellkit.audit.keeper import keep_days_of
from cellkit.audit.verifying import read_heads, verify_files
from cellkit.settings import SettingsError, read_settings
from cellkit.testing import Api, Clock

LONG_AGO = datetime(2025, 3, 1, 4, tzinfo=UTC)


async def notes(api: Api, count: int) -> None:
    for number in range(count):
        await api.must("POST", "/notes", {"text": f"n{number}"})
    # The cell's own sealer may be at it.
    while (await api.get("/_audit/verify")).json["unsealed"]:
        await api.app.messaging.sealer.seal()


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_bytes(
        b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)
    )
    return path


async def exported(api: Api, path: Path, **query: str) -> Path:
    answer = await api.get("/_audit/export", **query)
    assert answer.status == 200, answer.body
    path.write_bytes(answer.body)
    return path


@pytest.fixture
def days(clock: Clock) -> Any:
    """Three days of entries, each with its signed head."""

    async def made(api: Api, count: int = 4) -> None:
        for day in range(3):
            clock.set(LONG_AGO + timedelta(days=day))
            await notes(api, count)
            clock.set(LONG_AGO + timedelta(days=day + 1))
            await api.app.messaging.keeper.round()

    return made


class TestEntries:
    async def test_tell_from_where(self, start: Any) -> None:
        api = await start()
        answer = await api.call(
            "POST", "/notes", {"text": "x"}, headers={"user-agent": "Till/3 \u00e9", "x-client-address": "203.0.113.9"}
        )
        assert answer.status == 201
        entry = (await api.get("/_audit", address="203.0.113.9")).json["items"][0]
        assert (entry["agent"], entry["address"], entry["channel"], entry["algorithm"]) == (
            "Till/3 \u00e9",
            "203.0.113.9",
            "",
            "sha256",
        )

    async def test_sm3_follows_on_sha256_and_the_first_form(self, start: Any, sql: Any) -> None:
        api = await start()
        await notes(api, 2)
        # An entry as it was written before the algorithm stood in it.

        old = AuditEntry(uuid4(), datetime(2025, 1, 1, tzinfo=UTC), "u", "a", "e", "i", None, "{}", "r", "x")
        sql(
            "INSERT INTO kit_audit (tenant_id, id, at, user_id, action, entity, entity_id, after, request_id, address, "
            f"row_hash) VALUES ('{api.tenant_id}', '{old.id}', '{old.at.isoformat()}', 'u', 'a', 'e', 'i', '{{}}', 'r', 'x', "
            f"decode('{old.hash(UUID(api.tenant_id)).hex()}', 'hex'))"
        )
        await api.app.messaging.sealer.seal()
        other = await start(AUDIT_HASH="sm3")
        same = Api(other.app, other.cell, other.source, api.tenant_id, "").as_user()
        await notes(same, 2)
        shown = (await same.get("/_audit")).json["items"]
        assert sorted(entry["algorithm"] for entry in shown) == ["sha256", "sha256", "sha256-v1", "sm3", "sm3"]
        verified = (await same.get("/_audit/verify")).json
        assert (verified["holds"], verified["checked"]) == (True, 5)
        sql.tamper(f"UPDATE kit_audit SET agent = 'someone' WHERE tenant_id = '{api.tenant_id}' AND sequence = 5")
        broken = (await same.get("/_audit/verify")).json["broken"]
        assert (broken["sequence"], broken["damage"]) == (5, "changed")
        sql.tamper(f"UPDATE kit_audit SET algorithm = 'md5' WHERE tenant_id = '{api.tenant_id}' AND sequence = 4")
        broken = (await same.get("/_audit/verify")).json["broken"]
        assert (broken["sequence"], broken["damage"]) == (4, "changed")

    async def test_a_wrong_setting_is_refused(self, start: Any) -> None:
        with pytest.raises(SettingsError, match="AUDIT_HASH"):
            await start(AUDIT_HASH="md5")
        with pytest.raises(SettingsError, match="at least 180"):
            await start(AUDIT_KEEP_DAYS="179")
        assert keep_days_of(read_settings("x", environment={})) is None


class TestHeads:
    async def test_are_signed_daily_and_appended_to_a_file(self, start: Any, days: Any, tmp_path: Path) -> None:
        api = await start()
        await days(api)
        heads = (await api.get("/_audit/heads")).json["items"]
        assert [(item["sequence"], item["day"]) for item in heads] == [
            (12, "2025-03-03"),
            (8, "2025-03-02"),
            (4, "2025-03-01"),
        ]
        assert all(item["exported_at"] for item in heads)
        found, problems = read_heads(tmp_path / "audit" / "alpha" / "heads-2025.jsonl")
        assert problems == []
        assert [key[2] for key in found if key[1] == api.tenant_id] == [4, 8, 12]
        key = (await api.get("/_audit/key")).json
        told = json.loads(heads[0]["head"])
        assert (told["publicKey"], told["count"], told["holds"]) == (key["publicKey"], 4, True)
        assert oct((tmp_path / "audit" / "alpha" / "signing.key").stat().st_mode)[-3:] == "600"
        await api.app.messaging.keeper.round()
        assert len((await api.get("/_audit/heads")).json["items"]) == 3

    async def test_a_rewritten_chain_does_not_agree_with_them(self, start: Any, days: Any, sql: Any) -> None:
        """Whoever owns the database can make a new consistent chain, but not sign its heads."""
        api = await start()
        await days(api)
        assert (await api.get("/_audit/verify")).json["holds"] is True
        tenant = api.tenant_id
        sql.tamper(
            f"UPDATE kit_audit SET sequence = NULL, chain_hash = NULL WHERE tenant_id = '{tenant}'; "
            f"DELETE FROM kit_audit WHERE tenant_id = '{tenant}' AND after LIKE '%n3%'; "
            f"DELETE FROM kit_audit_head WHERE tenant_id = '{tenant}'"
        )
        await api.app.messaging.sealer.seal()
        broken = (await api.get("/_audit/verify")).json["broken"]
        assert (broken["sequence"], broken["damage"]) == (4, "head")

    async def test_a_broken_chain_is_signed_as_broken(self, start: Any, clock: Clock, sql: Any) -> None:
        api = await start()
        clock.set(LONG_AGO)
        await notes(api, 3)
        sql.tamper(f"UPDATE kit_audit SET user_id = 'x' WHERE tenant_id = '{api.tenant_id}' AND sequence = 2")
        clock.set(LONG_AGO + timedelta(days=1))
        await api.app.messaging.keeper.round()
        head = (await api.get("/_audit/heads")).json["items"][0]["head"]
        assert json.loads(head)["holds"] is False

    async def test_cannot_be_changed_by_the_service(self, start: Any, days: Any) -> None:
        api = await start()
        await days(api, 1)
        async with api.app.engine.database.session(api.tenant_id) as connection:
            for statement in ("UPDATE kit_audit_day SET head = '{}'", "DELETE FROM kit_audit_day"):
                with pytest.raises(asyncpg.PostgresError, match="audit heads cannot be"):
                    await connection.execute(statement)


class TestFiles:
    async def test_verify_without_a_database(self, start: Any, days: Any, tmp_path: Path) -> None:
        api = await start(AUDIT_HASH="sm3")
        await days(api)
        path = await exported(api, tmp_path / "trail.jsonl")
        key = (await api.get("/_audit/key")).json["publicKey"]
        [report] = verify_files([path], keys=[key])
        assert report.holds, report.problems
        assert (report.cell, report.tenant, report.entries, report.heads, report.end.sequence) == (
            "alpha",
            api.tenant_id,
            12,
            3,
            12,
        )
        part = await exported(
            api, tmp_path / "part.jsonl", **{"from": "2025-03-02T00:00:00Z", "to": "2025-03-03T00:00:00Z"}
        )
        [report] = verify_files([part])
        assert (report.holds, report.start.sequence, report.end.sequence) == (True, 4, 8)
        entry = (await api.get("/_audit", action="alpha.audit.export")).json["items"][0]
        assert entry["after"] == {"after": 4, "through": 8, "entries": 4}
        clerk = api.as_user(["alpha.audit.read"])
        assert (await clerk.get("/_audit/export")).status == 403
        assert (await api.get("/_audit/export", to="2025-01-01T00:00:00Z")).status == 200

    async def test_every_kind_of_tampering_is_named(self, start: Any, days: Any, tmp_path: Path) -> None:
        api = await start()
        await days(api)
        path = await exported(api, tmp_path / "trail.jsonl")
        good = lines_of(path)
        assert verify_files([write(tmp_path / "same.jsonl", good)])[0].holds
        places = {line["sequence"]: index for index, line in enumerate(good) if line["type"] == "entry"}
        first_head = next(index for index, line in enumerate(good) if line["type"] == "head")

        def check(change: Any, kind: str, sequence: int, count: int | None = None) -> None:
            lines = json.loads(json.dumps(good))
            change(lines)
            [report] = verify_files([write(tmp_path / "bad.jsonl", lines)])
            assert not report.holds
            first = report.problems[0]
            assert (first.kind, first.sequence) == (kind, sequence), report.problems
            assert all(first.reason)
            assert count is None or len(report.problems) == count, report.problems

        def set_value(index: int, name: str, value: Any) -> Any:
            return lambda lines: lines[index].__setitem__(name, value)

        check(set_value(places[3], "user_id", "someone"), "changed", 3)
        check(set_value(places[3], "at", "2025-03-01T04:00:01+00:00"), "changed", 3)
        check(lambda lines: lines.pop(places[6]), "missing", 7)
        check(lambda lines: lines.insert(places[6], lines.pop(places[7])), "missing", 7)
        check(set_value(places[9], "chainHash", "00" * 32), "order", 9)
        check(lambda lines: lines.pop(first_head + 5), "head", 12)
        check(set_value(first_head, "head", good[first_head]["head"].replace('"count":4', '"count":5')), "signature", 4)
        check(set_value(first_head, "signature", good[-1]["signature"]), "signature", 4)
        check(lambda lines: lines.pop(), "truncated", 0, 1)
        check(lambda lines: lines.__delitem__(slice(-4, -1)), "missing", 0)
        check(set_value(-1, "signature", good[first_head]["signature"]), "signature", 0, 1)
        check(set_value(0, "madeAt", "2020-01-01T00:00:00+00:00"), "changed", 0, 1)
        check(set_value(places[2], "sequence", "two"), "unreadable", 0)
        check(set_value(0, "tenant", str(uuid4())), "changed", 1)

    async def test_a_forged_file_is_uncovered_by_the_key_or_by_heads_kept_elsewhere(
        self, start: Any, days: Any, tmp_path: Path, clock: Clock
    ) -> None:
        """A whole trail made anew under another key is consistent in itself."""
        honest = await start()
        await days(honest)
        kept, _ = read_heads(tmp_path / "audit" / "alpha" / "heads-2025.jsonl")
        key = (await honest.get("/_audit/key")).json["publicKey"]
        forger = await start(AUDIT_SIGNING_KEY="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        await days(forger)
        path = await exported(forger, tmp_path / "forged.jsonl")
        lines = lines_of(path)
        assert verify_files([path])[0].holds
        assert {item.kind for item in verify_files([path], keys=[key])[0].problems} == {"signature"}
        made_up = {("alpha", forger.tenant_id, number): text for (_, _, number), text in kept.items()}
        problems = verify_files([write(tmp_path / "f.jsonl", lines)], heads=made_up)[0].problems
        assert [(item.kind, item.sequence) for item in problems] == [("head", 4), ("head", 8), ("head", 12)]

    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"{}\n", b"\xff\xfe", b"[1]\n", b'{"type":"header"}\n', b"\x1f\x8bnot gzip"]
    )
    def test_nonsense_is_told(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "x").write_bytes(content)
        [report] = verify_files([tmp_path / "x"])
        assert not report.holds

    async def test_the_command_works_where_no_platform_runs(self, start: Any, days: Any, tmp_path: Path) -> None:
        api = await start()
        await days(api)
        path = await exported(api, tmp_path / "trail.jsonl")
        key = (await api.get("/_audit/key")).json["publicKey"]
        heads = tmp_path / "audit" / "alpha" / "heads-2025.jsonl"
        environment = {"PATH": os.environ["PATH"], "SUPERPAAS_LANG": "en"}

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "superpaas", "audit", "verify", *arguments]
            return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)

        good = run(str(path), "--key", key, "--heads", str(heads), "--json")
        assert good.returncode == 0, good.stdout + good.stderr
        assert json.loads(good.stdout)["files"][0]["entries"] == 12
        lines = lines_of(path)
        lines[2]["user_id"] = "someone"
        bad = run(str(write(tmp_path / "bad.jsonl", lines)))
        assert bad.returncode == 2
        assert "line 3 #2" in bad.stdout
        assert "not what was written" in bad.stdout
        assert run("nowhere.jsonl").returncode == 1


class TestArchives:
    async def test_whole_signed_ranges_move_and_the_chain_still_holds(
        self, start: Any, days: Any, clock: Clock, tmp_path: Path, sql: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cellkit.audit.keeper.ARCHIVE_ROWS", 5)
        api = await start(AUDIT_KEEP_DAYS="180")
        await days(api)
        clock.set(datetime.now(UTC))
        await notes(api, 2)
        await api.app.messaging.keeper.round()
        left = sql(f"SELECT min(sequence), max(sequence) FROM kit_audit WHERE tenant_id = '{api.tenant_id}'").strip()
        assert left == "13|14"
        archives = (await api.get("/_audit/archives")).json["items"]
        assert [(item["first_sequence"], item["last_sequence"]) for item in archives] == [(11, 12), (6, 10), (1, 5)]
        verified = (await api.get("/_audit/verify")).json
        assert (verified["holds"], verified["checked"], verified["archivedThrough"]) == (True, 2, 12)
        files = sorted((tmp_path / "audit" / "alpha" / "archive" / api.tenant_id).iterdir())
        assert [json.loads(line)["type"] for line in gzip.decompress(files[0].read_bytes()).splitlines()][:2] == [
            "header",
            "entry",
        ]
        export = await exported(api, tmp_path / "rest.jsonl")
        key = (await api.get("/_audit/key")).json["publicKey"]
        reports = verify_files([export, *reversed(files)], keys=[key])
        assert [report.problems for report in reports] == [[], [], [], []]
        assert [report.heads for report in reports] == [1, 1, 1, 0]
        gap = verify_files([export, files[0], files[2]])
        assert [(item.kind, item.sequence) for report in gap for item in report.problems] == [("gap", 6)]
        await notes(api, 1)
        assert (await api.get("/_audit/verify")).json["holds"] is True

    async def test_nothing_else_leaves_the_table(self, start: Any, days: Any, clock: Clock, sql: Any) -> None:
        api = await start(AUDIT_KEEP_DAYS="180")
        await days(api)
        clock.set(datetime.now(UTC))
        await notes(api, 2)
        tenant = api.tenant_id
        async with api.app.engine.database.session(tenant) as connection:
            with pytest.raises(asyncpg.PostgresError, match="cannot be changed or deleted"):
                await connection.execute("DELETE FROM kit_audit WHERE sequence <= 3")
            with pytest.raises(asyncpg.PostgresError, match="made up"):
                await connection.execute(
                    "INSERT INTO kit_audit_archive (tenant_id, last_sequence, first_sequence, chain_hash, file, "
                    f"statement, signature) VALUES ('{tenant}', 3, 1, '\\x00', 'f', '', '')"
                )
            # Even with an archive on record nothing younger than 180 days goes, and its signature is missed.
            await connection.execute(
                "INSERT INTO kit_audit_archive (tenant_id, last_sequence, first_sequence, chain_hash, file, statement, "
                "signature) SELECT tenant_id, sequence, 1, chain_hash, 'f', '{}', '' FROM kit_audit "
                f"WHERE tenant_id = '{tenant}' AND sequence = 14"
            )
            with pytest.raises(asyncpg.PostgresError, match="cannot be changed or deleted"):
                await connection.execute("DELETE FROM kit_audit WHERE sequence = 14")
            with pytest.raises(asyncpg.PostgresError, match="archives cannot be"):
                await connection.execute("UPDATE kit_audit_archive SET last_sequence = 13")
            await connection.execute("DELETE FROM kit_audit WHERE sequence <= 12")
        broken = (await api.get("/_audit/verify")).json["broken"]
        assert (broken["sequence"], broken["damage"]) == (1, "archive")

    async def test_a_chain_that_does_not_hold_is_not_moved(self, start: Any, days: Any, clock: Clock, sql: Any) -> None:
        api = await start(AUDIT_KEEP_DAYS="180")
        await days(api)
        sql.tamper(f"UPDATE kit_audit SET user_id = 'x' WHERE tenant_id = '{api.tenant_id}' AND sequence = 2")
        clock.set(datetime.now(UTC))
        await api.app.messaging.keeper.round()
        assert sql(f"SELECT count(*) FROM kit_audit WHERE tenant_id = '{api.tenant_id}'").strip() == "12"
        assert (await api.get("/_audit/archives")).json["items"] == []


def run_command(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


async def test_the_command_exports_what_it_verifies(start: Any, days: Any, tmp_path: Path, audit_database: Any) -> None:
    """In a container the cell's settings stand in the environment."""
    api = await start()
    await days(api)
    environment = {
        "PATH": os.environ["PATH"],
        "SUPERPAAS_LANG": "en",
        "SUPERPAAS_DATA": str(tmp_path),
        "DATABASE_URL": audit_database[1].database_url,
    }
    command = [sys.executable, "-m", "superpaas", "audit"]
    out = str(tmp_path / "out.jsonl")
    export = [*command, "export", "alpha", "--tenant", api.tenant_id, "--out", out]
    done = run_command(export, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 entries" in done.stdout
    key = (await api.get("/_audit/key")).json["publicKey"]
    [report] = verify_files([Path(out)], keys=[key])
    assert (report.holds, report.entries) == (True, 12)
    checked = run_command([*command, "verify", out], environment)
    assert checked.returncode == 0
    assert "whole and unchanged" in checked.stdout
    entry = (await api.get("/_audit", action="alpha.audit.export")).json["items"][0]
    assert (entry["channel"], entry["after"]["entries"]) == ("cli", 12)
    await notes(api, 1)
    assert (await api.get("/_audit/verify")).json["holds"] is True
