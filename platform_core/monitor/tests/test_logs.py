"""Search in log files: order, paging, rotation, bounds, and what must not be seen."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from platform_monitor.logs import entries, merging, requests
from platform_monitor.logs.files import LogFolder
from platform_monitor.logs.records import Record, read_gateway, read_postgres
from platform_monitor.logs.redaction import clean, clean_text
from platform_monitor.logs.waterfall import waterfall
from platform_monitor.traffic.line import AccessLine

from cellkit.errors import BadRequest

NOW = 1_800_000_000.0


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def entry(at: float, message: str, level: str = "info", **values: Any) -> bytes:
    return msgspec.json.encode({"level": level, "timestamp": moment(at), "message": message, **values}) + b"\n"


@pytest.fixture
def folder(tmp_path: Path) -> LogFolder:
    return LogFolder(tmp_path)


def search(folder: LogFolder, *names: str, limit: int = 100, cursor: str | None = None, **wish: Any) -> Any:
    asked = entries.Wish(**{"begin": NOW - 1_000_000, "end": NOW + 1_000_000, **wish})
    return merging.page(folder, [entries.asked_of(name, asked) for name in names], limit, cursor)


def messages(found: Any) -> list[str]:
    return [record.message for record in found.entries]


def test_logs_are_merged_by_time_and_paged_without_loss(folder: LogFolder) -> None:
    for place, name in enumerate(("crm", "erp", "oa")):
        lines = [entry(NOW + number * 3 + place, f"{name}{number}") for number in range(400)]
        (folder.folder / f"{name}.log").write_bytes(b"".join(lines))
    seen, cursor = [], None
    while True:
        found = search(folder, "crm", "erp", "oa", limit=77, cursor=cursor)
        seen += messages(found)
        cursor = found.following
        if cursor is None:
            break
    wanted = [f"{name}{number}" for number in reversed(range(400)) for name in ("oa", "erp", "crm")]
    assert seen == wanted


def test_a_cursor_survives_a_rotation(folder: LogFolder) -> None:
    path = folder.folder / "crm.log"
    path.write_bytes(b"".join(entry(NOW + number, f"n{number}") for number in range(10)))
    first = search(folder, "crm", limit=4)
    shutil.copyfile(path, folder.folder / "crm.log.1")
    os.truncate(path, 0)
    path.write_bytes(entry(NOW + 100, "after"))
    assert messages(search(folder, "crm", cursor=first.following)) == [f"n{number}" for number in range(5, -1, -1)]
    assert messages(search(folder, "crm", limit=2)) == ["after", "n9"]
    (folder.folder / "crm.log.1").unlink()
    with pytest.raises(BadRequest):
        search(folder, "crm", cursor=first.following)


def test_conditions(folder: LogFolder) -> None:
    (folder.folder / "crm.log").write_bytes(
        entry(NOW, "quiet", "debug", tenant_id="t1")
        + entry(NOW + 1, "request_failed", "error", tenant_id="t1", request_id="r1", path='/x"y')
        + entry(NOW + 2, "request_failed", "error", tenant_id="t2", trace_id="abc")
        + entry(NOW + 3, "有中文", "warning", tenant_id="t2")
    )
    assert messages(search(folder, "crm", level="warning")) == ["有中文", "request_failed", "request_failed"]
    assert len(search(folder, "crm", tenant_id="t1").entries) == 2
    assert messages(search(folder, "crm", text="中文")) == ["有中文"]
    assert messages(search(folder, "crm", text="FAILED", tenant_id="t2")) == ["request_failed"]
    assert messages(search(folder, "crm", any_of=("r1", "abc"))) == ["request_failed"] * 2
    assert messages(search(folder, "crm", begin=NOW + 2.5)) == ["有中文"]
    assert messages(search(folder, "crm", end=NOW + 0.5)) == ["quiet"]
    assert search(folder, "none").entries == []


def test_the_time_of_a_long_log_is_found_without_reading_it(folder: LogFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (entry(NOW + number, f"n{number}", filler="x" * 200) for number in range(60_000))
    (folder.folder / "crm.log").write_bytes(b"".join(lines))
    found = search(folder, "crm", begin=NOW + 30_000, end=NOW + 30_010)
    assert messages(found) == [f"n{number}" for number in range(30_010, 29_999, -1)]
    assert found.read_bytes < 3_000_000
    assert found.following is None
    monkeypatch.setattr(merging, "MOST_SECONDS", 60.0)
    assert messages(search(folder, "crm", any_of=("n7",), begin=0, limit=2000))[-1] == "n7"


def test_long_words_cost_no_time() -> None:
    began = time.process_time()
    for text in (
        "x" * 200_000,
        "a." * 100_000,
        "password" * 20_000,
        "://" * 60_000,
        "eyJ" * 60_000,
        "-----BEGIN " * 9000,
    ):
        clean_text(text)
    assert time.process_time() - began < 2


def test_a_search_that_reads_too_much_goes_on_with_its_cursor(
    folder: LogFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MOST_BYTES", 1_000_000)
    lines = [entry(NOW + number, "other", filler="x" * 300) for number in range(20_000)]
    lines[10] = entry(NOW + 10, "needle")
    (folder.folder / "crm.log").write_bytes(b"".join(lines))
    pages, cursor, seen = 0, None, []
    while pages == 0 or cursor:
        found = search(folder, "crm", text="needle", cursor=cursor)
        pages, cursor = pages + 1, found.following
        seen += messages(found)
    assert seen == ["needle"]
    assert pages > 3


def test_broken_cursors_are_refused(folder: LogFolder) -> None:
    for text in ("x", "W10", "!!!!", "bnVsbA"):
        with pytest.raises(BadRequest):
            search(folder, "crm", cursor=text)


def test_lines_without_json_belong_to_the_entry_before(folder: LogFolder) -> None:
    (folder.folder / "crm.log").write_bytes(
        b"Traceback at the start\n" + entry(NOW, "first") + b"  line two\n  line three\n" + entry(NOW + 1, "second")
    )
    assert messages(search(folder, "crm")) == ["second", "first\n  line two\n  line three", "Traceback at the start"]


def test_the_logs_of_other_programs_are_read() -> None:
    record = read_postgres("postgres", b"2026-11-22 10:21:27.123 UTC [77] crm_app@crm ERROR:  duplicate key")
    assert isinstance(record, Record)
    assert (record.level, record.message, record.fields["database"]) == ("error", "duplicate key", "crm")
    record = read_postgres("postgres", b"2026-11-22 10:21:27.123 UTC [77] LOG:  checkpoint starting: time")
    assert record is not None
    assert record.message == "checkpoint starting: time"
    record = read_gateway("gateway", b"[2026-11-22 10:21:27.123][12][warning][config] [source/x.cc:1] gRPC config")
    assert record is not None
    assert (record.level, record.component) == ("warning", "config")


@pytest.mark.parametrize(
    "text",
    [
        "connect postgresql://crm_app:HIDE-ME@127.0.0.1/crm failed",
        "Authorization: Bearer HIDE-ME.HIDE-ME",
        "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJISURFLU1FIn0.HIDE-ME",
        "ALTER ROLE x PASSWORD 'HIDE-ME'",
        'body {"password": "HIDE-ME", "x": 1}',
        "FIRST_SECRET=HIDE-ME other",
        "DETAIL:  Parameters: $1 = 'HIDE-ME'",
        "-----BEGIN RSA PRIVATE" + " KEY-----\nHIDE-ME\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_secrets_are_not_shown(text: str) -> None:
    assert "HIDE-ME" not in clean_text(text)
    assert "HIDE-ME" not in str(clean({"a": [{"deep": text}], "refresh_token": "HIDE-ME"}))


def test_a_secret_cannot_be_found_by_searching_for_it(folder: LogFolder) -> None:
    (folder.folder / "crm.log").write_bytes(entry(NOW, "login", password="hunter2") + entry(NOW, "other"))
    assert search(folder, "crm", text="hunter2").entries == []


def access(at: float, milliseconds: float, service: str, user: str = "u1", path: str = "/x", **more: Any) -> AccessLine:
    timestamp = moment(NOW + at / 1000)
    values = {"request_id": service, "method": "GET", "status": 200, **more}
    return AccessLine(timestamp=timestamp, duration_ms=milliseconds, service=service, user_id=user, path=path, **values)


def test_calls_hang_under_the_request_that_waited_for_them() -> None:
    spans = waterfall(
        [
            access(30, 10, "erp", "cell:crm"),
            access(0, 100, "crm"),
            access(32, 3, "identity", "cell:erp"),
            access(5000, 20, "erp", "cell:crm", "/api/v1/erp/_inbox"),
        ]
    )
    assert [(item["service"], item["parent"], item["kind"]) for item in spans] == [
        ("crm", None, "request"),
        ("erp", 0, "call"),
        ("identity", 1, "call"),
        ("erp", 0, "event"),
    ]
    assert [item["depth"] for item in spans] == [0, 1, 2, 1]
    assert spans[2]["offset_ms"] == 32


def test_requests_are_found_by_what_is_known_of_them(folder: LogFolder) -> None:
    lines = [
        {"timestamp": moment(NOW + number), "status": 500 if number % 10 == 0 else 200, "duration_ms": number,
         "path": f"/api/v1/crm/leads/{number}", "service": "crm", "tenant_id": f"t{number % 2}", "user_id": "u",
         "request_id": f"r{number}", "method": "GET"}
        for number in range(50)
    ]  # fmt: skip
    (folder.folder / "gateway-access.log").write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in lines))

    def found(**wish: Any) -> list[str | None]:
        asked = requests.RequestWish(NOW - 10, NOW + 100, **wish)
        return [item.request_id for item in merging.page(folder, [requests.asked_of(asked)], 100, None).entries]

    assert found(request_id="r7") == ["r7"]
    assert found(statuses=(500, 599)) == ["r40", "r30", "r20", "r10", "r0"]
    assert found(tenant_id="t1", least_ms=46) == ["r49", "r47"]
    assert found(path="/leads/33", method="GET") == ["r33"]
    assert found(service="erp") == []
