"""What stands in a log line, and what must not."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog

from cellkit import log


@pytest.fixture(autouse=True)
def configuration() -> Iterator[None]:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def fail(password: str) -> None:
    message = "no such thing"
    raise LookupError(message)


def test_a_traceback_shows_lines_but_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("test")
    try:
        fail("in-clear-" + "13812345678")
    except LookupError as error:
        log.get_logger("test").error("request_failed", exc_info=error)
    printed = capsys.readouterr().out
    line = json.loads(printed)
    assert line["message"] == "request_failed"
    assert line["exception"][0]["exc_type"] == "LookupError"
    assert [frame["name"] for frame in line["exception"][0]["frames"]][-1] == "fail"
    assert "13812345678" not in printed


def test_values_under_secret_names_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("test")
    log.get_logger("test").info("called", password="hunter2", gateway_signature="v1=ab", path="/x")
    line = json.loads(capsys.readouterr().out)
    assert (line["password"], line["gateway_signature"], line["path"]) == ("***", "***", "/x")


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    full = io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True)
    monkeypatch.setattr("sys.stdout", full)
    log.configure("test")
    log.get_logger("test").error("request_failed", path="/x")
    logging.getLogger("library").warning("x")
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space"):
        full.write("it does fail")
    with suppress(OSError):
        full.close()
