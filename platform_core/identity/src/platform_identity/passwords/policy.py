"""What a password must be: pure rules."""

from __future__ import annotations

import secrets

from cellkit.errors import FieldProblem, problem
from platform_identity.tenant_settings.rules import TenantSettings

LONGEST = 128
_GENERATED = 14
_READABLE = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789-+=#%"
_NUMERALS = {3: "三", 4: "四"}


def problems(field: str, password: str, username: str, settings: TenantSettings) -> list[FieldProblem]:
    """Every rule of the tenant that a new password breaks."""
    shortest, classes = settings.password_min_length, settings.password_classes
    found: list[FieldProblem] = []
    if not shortest <= len(password) <= LONGEST:
        found.append(
            problem(
                field,
                "length",
                f"密码长度须为 {shortest}–{LONGEST} 个字符",
                f"A password has {shortest} to {LONGEST} characters",
            )
        )
    if _classes(password) < classes:
        found.append(
            problem(
                field,
                "classes",
                f"密码须包含大写字母、小写字母、数字、符号中的至少{_NUMERALS[classes]}种",
                f"A password has at least {classes} of: capitals, small letters, digits, symbols",
            )
        )
    if username and username.casefold() in password.casefold():
        found.append(problem(field, "username", "密码不能包含用户名", "A password must not contain the username"))
    return found


def reused(field: str, settings: TenantSettings) -> FieldProblem:
    """The problem of a password that was used before."""
    last = settings.password_history
    return problem(
        field, "history", f"不能使用最近 {last} 次用过的密码", f"None of the last {last} passwords may return"
    )


def generate(username: str, settings: TenantSettings) -> str:
    """A password that keeps all rules and can be read out: no letters or digits that look alike."""
    length = max(_GENERATED, settings.password_min_length)
    while True:
        made = "".join(secrets.choice(_READABLE) for _ in range(length))
        if not problems("", made, username, settings):
            return made


def _classes(password: str) -> int:
    return sum(
        (
            any(letter.isascii() and letter.isupper() for letter in password),
            any(letter.isascii() and letter.islower() for letter in password),
            any(letter.isascii() and letter.isdigit() for letter in password),
            # Letters without capitals, Chinese ones for instance, count like symbols: they widen the choice as much.
            any(not (letter.isascii() and letter.isalnum()) for letter in password),
        )
    )
