"""The process above the supervisor: it starts it again when it is killed, and the services do not notice.

It imports next to nothing, so that it costs next to nothing. Processes whose supervisor died come to it (it is their
"subreaper") until the next supervisor watches them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from typing import NoReturn

TOLD = 3
_PR_SET_CHILD_SUBREAPER = 36
_QUICK_SECONDS = 10


def main() -> NoReturn:
    """``python -m superpaas.guardian DATA PORT_BASE [ONLY]``."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = 0

    def pass_on(number: int, _frame: object) -> None:
        if child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    # Held back around the fork: a signal that arrives before the child's id is known would be lost.
    passed = {signal.SIGTERM, signal.SIGINT}
    for number in passed:
        signal.signal(number, pass_on)
    adopt = False
    while True:
        began = time.monotonic()
        signal.pthread_sigmask(signal.SIG_BLOCK, passed)
        child = os.fork()
        if child == 0:
            _supervise(adopt=adopt, passed=passed)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, passed)
        code = _wait_for(child)
        if code in {0, TOLD}:
            sys.exit(code)
        adopt = True
        if time.monotonic() - began < _QUICK_SECONDS:
            time.sleep(1)


def _supervise(*, adopt: bool, passed: set[signal.Signals]) -> NoReturn:
    code = 1
    try:
        from superpaas.supervisor import run  # noqa: PLC0415 - only in the child: the guardian stays small

        code = run(sys.argv[1:], adopt=adopt, passed=passed)
    except BaseException:  # noqa: BLE001 - told in the log, then the guardian starts another
        import traceback  # noqa: PLC0415 - the same

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait_for(child: int) -> int:
    while True:
        pid, status = os.wait()
        if pid == child:
            return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
