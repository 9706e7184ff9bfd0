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
from superpaas.messages import TroubleError

_FORMER = "former_password"
_PATIENCE_SECONDS = 30
_READY_SECONDS = 5
_PAUSE_SECONDS = 0.5
_OK = 200
_UNAUTHORIZED = 401
_NOBODY_ANSWERS = frozenset({0, 429, 502, 503, 504})


def settle(path: Path) -> bool:
    """Change the password of a login file where that has to be done first; returns whether it was changed.

    The new password is written before it counts, beside the former one: whenever this is cut off, the file still has
    the one that counts. A login that is refused is left alone, for the caller to tell of. Raises
    :class:`TroubleError` when the first password stays in force though it was tried for a while.
    """
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        changed, refusal = _attempt(path)
        if changed is not None:
            return changed
        if time.monotonic() > deadline:
            if not refusal:
                return False
            raise TroubleError(f"首个密码没有改成：{refusal}", f"the first password could not be changed: {refusal}")
        time.sleep(_PAUSE_SECONDS)


def _attempt(path: Path) -> tuple[bool | None, str]:
    """Whether the password was changed; None to try again, with what the change was answered."""
    login = state.read_json(path)
    if not isinstance(login, dict) or not all(isinstance(login.get(name), str) for name in ("url", "password")):
        return False, ""
    status, answer = _log_in(login)
    if status == _UNAUTHORIZED and _FORMER in login:
        login = {**login, "password": login[_FORMER]}
        status, answer = _log_in(login)
    if status in _NOBODY_ANSWERS:
        return None, ""
    if status != _OK or not answer.get("mustChangePassword"):
        if status == _OK and _FORMER in login:
            _keep(path, login)
        return False, ""
    new = f"Aa1-{secrets.token_urlsafe(18)}"
    state.write_json(path, {**login, "password": new, _FORMER: login["password"]}, mode=0o600)
    body = {"oldPassword": login["password"], "newPassword": new}
    status, answer = _post(login["url"], "/api/v1/auth/change-password", body, answer["accessToken"])
    if status == _OK:
        _keep(path, {**login, "password": new})
        return True, ""
    if status not in _NOBODY_ANSWERS:
        # Refused for certain; without an answer either of the two may count, and the file keeps both.
        _keep(path, login)
    return None, f"{status} {answer.get('code', '')} {answer.get('requestId', '')}".strip()


def _keep(path: Path, login: dict[str, Any]) -> None:
    state.write_json(path, {name: value for name, value in login.items() if name != _FORMER}, mode=0o600)


def _log_in(login: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    body = {name: login.get(name, "") for name in ("tenant", "username", "password")}
    return _post(login["url"], "/api/v1/auth/login", body, "")


def _post(url: str, path: str, body: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
    """Status and answer; status 0: nothing answers."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(f"{url.rstrip('/')}{path}", json.dumps(body).encode(), headers)  # noqa: S310 - the platform's own address
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - the same
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        try:
            told = json.load(error)
        except (OSError, ValueError):
            told = {}
        return error.code, told if isinstance(told, dict) else {}
    except (OSError, ValueError):
        return 0, {}
