"""What a check is, and how it says what it found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from superpaas.messages import pick

if TYPE_CHECKING:
    from superpaas.conformance.doors import Answer
    from superpaas.conformance.stage import Stage

CheckFunction = Callable[["Stage"], Awaitable[None]]
Outcome = Literal["passed", "failed", "skipped"]
ERROR_KEYS = {"code", "message", "details", "requestId"}


class BrokenContractError(Exception):
    """The cell does not keep a promise of the contract."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(pick(zh, en))


class NotApplicableError(Exception):
    """The cell has nothing that this check could be tried on."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(pick(zh, en))


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: the contract's section, its name for people, and the function that tries it."""

    section: str
    zh: str
    en: str
    function: CheckFunction

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.function.__name__

    @property
    def title(self) -> str:
        """In the reader's language."""
        return pick(self.zh, self.en)


CHECKS: list[Check] = []


def check(section: str, zh: str, en: str) -> Callable[[CheckFunction], CheckFunction]:
    """Add a function to the suite; it raises :class:`BrokenContractError` when the promise is not kept."""

    def decorate(function: CheckFunction) -> CheckFunction:
        CHECKS.append(Check(section, zh, en, function))
        return function

    return decorate


def expect(holds: object, zh: str, en: str) -> None:
    """Raise when something that must hold does not."""
    if not holds:
        raise BrokenContractError(zh, en)


def accepted(answer: Answer, *statuses: int) -> Any:
    """The JSON of an answer with one of ``statuses`` (default: any success)."""
    good = answer.status in statuses if statuses else 200 <= answer.status < 300
    wanted = "/".join(map(str, statuses)) or "2xx"
    expect(good, f"{answer.what}：应为 {wanted}，得到 {answer}", f"{answer.what}: {wanted} expected, got {answer}")
    return answer.json


def refused(answer: Answer, *wanted: tuple[int, str]) -> Any:
    """The error body of an answer that must be one of ``wanted`` (status, code; an empty code is any)."""
    told = " / ".join(f"{status} {code}".strip() for status, code in wanted)
    body = answer.json
    good = any(answer.status == status for status, _ in wanted)
    expect(good, f"{answer.what}：应为 {told}，得到 {answer}", f"{answer.what}: {told} expected, got {answer}")
    shaped = isinstance(body, dict) and body.keys() == ERROR_KEYS and isinstance(body["message"], str)
    expect(
        shaped,
        f"{answer.what}：错误的形状应为 {sorted(ERROR_KEYS)}，得到 {answer.text}",
        f"{answer.what}: an error has {sorted(ERROR_KEYS)}, got {answer.text}",
    )
    coded = any(answer.status == status and code in {"", body["code"]} for status, code in wanted)
    expect(coded, f"{answer.what}：错误码应为 {told}，得到 {answer}", f"{answer.what}: {told} expected, got {answer}")
    return body
