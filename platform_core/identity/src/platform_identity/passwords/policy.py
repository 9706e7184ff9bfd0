"""What a password must be: pure rules."""

from __future__ import annotations

from cellkit.errors import FieldProblem, problem

SHORTEST = 8
LONGEST = 128
CLASSES = 3
HISTORY = 5


def problems(field: str, password: str, username: str) -> list[FieldProblem]:
    """Every rule that a new password breaks."""
    found: list[FieldProblem] = []
    if not SHORTEST <= len(password) <= LONGEST:
        found.append(
            problem(
                field,
                "length",
                f"密码长度须为 {SHORTEST}–{LONGEST} 个字符",
                f"A password has {SHORTEST} to {LONGEST} characters",
            )
        )
    if _classes(password) < CLASSES:
        found.append(
            problem(
                field,
                "classes",
                "密码须包含大写字母、小写字母、数字、符号中的至少三种",
                "A password has at least three of: capitals, small letters, digits, symbols",
            )
        )
    if username and username.casefold() in password.casefold():
        found.append(problem(field, "username", "密码不能包含用户名", "A password must not contain the username"))
    return found


def reused(field: str) -> FieldProblem:
    """The problem of a password that was used before."""
    return problem(
        field, "history", f"不能使用最近 {HISTORY} 次用过的密码", f"None of the last {HISTORY} passwords may return"
    )


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
