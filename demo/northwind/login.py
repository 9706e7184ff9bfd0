"""Which administrator of the platform opens the tenant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from superpaas.messages import TroubleError

FIELDS = ("url", "tenant", "username", "password")
_HOW_ZH = f"请把平台管理员现在的登录写成 JSON 文件（字段 {'、'.join(FIELDS)}），用 --login 文件 指定。"
_HOW_EN = (
    f"Write the platform administrator's present login into a JSON file (fields {', '.join(FIELDS)})"
    " and name it: --login FILE."
)


def read_login(path: Path, *, named: bool) -> dict[str, str]:
    """The operator's login from a file; ``named`` when the caller named it himself.

    Raises :class:`TroubleError` that says what to do when the file is not there or holds something else.
    """
    try:
        login: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            raise TroubleError(
                f"读不了 {path}：{error.strerror}。", f"{path} cannot be read: {error.strerror}."
            ) from None
        if named:
            raise TroubleError(f"找不到 {path}。{_HOW_ZH}", f"There is no {path}. {_HOW_EN}") from None
        raise TroubleError(
            f"找不到 {path}。平台还没启动过：先 ./run.sh up；文件已删除：{_HOW_ZH}",
            f"There is no {path}. If the platform was never started: ./run.sh up first. If it was deleted: {_HOW_EN}",
        ) from None
    except ValueError:
        login = None
    if not isinstance(login, dict) or not all(isinstance(login.get(name), str) and login[name] for name in FIELDS):
        raise TroubleError(f"{path} 不是完整的登录文件。{_HOW_ZH}", f"{path} is no complete login. {_HOW_EN}")
    return {name: login[name] for name in FIELDS}


def refused(path: Path, message: str) -> TroubleError:
    """The platform does not take the login of that file; ``message`` is what it said."""
    return TroubleError(
        f"{path} 里的登录不被接受（{message}），多半是已改过密码。{_HOW_ZH}",
        f"The login in {path} is refused ({message}); most likely the password was changed. {_HOW_EN}",
    )
