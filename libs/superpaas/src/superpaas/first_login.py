"""The first administrator's login, for commands that act as him before a person has changed his first password.

The platform lets nobody do anything with a first password but change it. So the command changes it to another random
one and keeps that where the first one was; a person who logs in with it is not asked again.
"""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from superpaas import state

_FORMER = "former_password"
_PATIENCE_SECONDS = 30
_READY_SECONDS = 5
_UNAUTHORIZED = 401
_NOBODY_ANSWERS = frozenset({0, 429, 502, 503, 504})


def settle(path: Path) -> bool:
    """Change the password of a login file where that has to be done first; returns whether it was changed.

    The new password is written before it counts, beside the former one: whenever this is cut off, the file still has
    the one that counts. A login that is refused is left alone, for the caller to tell of.
    """
    login = state.read_json(path)
    if not isinstance(login, dict) or not all(isinstance(login.get(name), str) for name in ("url", "password")):
        return False
    status, answer = _log_in(login)
    if status == _UNAUTHORIZED and _FORMER in login:
        login = {**login, "password": login[_FORMER]}
        status, answer = _log_in(login)
    if status != 200 or not answer.get("mustChangePassword"):
        if status == 200 and _FORMER in login:
            _keep(path, login)
        return False
    new = f"Aa1-{secrets.token_urlsafe(18)}"
    state.write_json(path, {**login, "password": new, _FORMER: login["password"]}, mode=0o600)
    body = {"oldPassword": login["password"], "newPassword": new}
    status, _ = _post(login["url"], "/api/v1/auth/change-password", body, answer["accessToken"])
    _keep(path, {**login, "password": new} if status == 200 else login)
    return status == 200


def _keep(path: Path, login: dict[str, Any]) -> None:
    state.write_json(path, {name: value for name, value in login.items() if name != _FORMER}, mode=0o600)


def _log_in(login: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Asked again for a while where nobody can answer yet: a silent failure would leave the first password in force."""
    body = {name: login.get(name, "") for name in ("tenant", "username", "password")}
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        status, answer = _post(login["url"], "/api/v1/auth/login", body, "")
        if status not in _NOBODY_ANSWERS or time.monotonic() > deadline:
            return status, answer
        time.sleep(0.5)


def _post(url: str, path: str, body: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
    """Status and answer; status 0: nothing answers."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(f"{url.rstrip('/')}{path}", json.dumps(body).encode(), headers)  # noqa: S310 - the platform's own address
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - the same
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, {}
    except (OSError, ValueError):
        return 0, {}
