"""Why a cell cannot be used just now, in words for the people who wanted to use it."""

from __future__ import annotations

from cellkit.labels import L, Label
from platform_governance.rules.lights import Light, Reason

_NOT_READY = L("业务细胞尚未就绪，请稍后再试", "The cell is not ready yet; please try again in a moment")
_BY_REASON: dict[str, Label] = {
    Reason.DISABLED_BY_OPERATOR: L("管理员已停用该业务细胞", "The administrator has switched this cell off"),
    Reason.NOT_REGISTERED: L(
        "该业务细胞没有在运行，请联系管理员", "This cell does not run; please ask the administrator"
    ),
    Reason.STARTING: L("业务细胞正在启动，请稍候", "The cell is starting; please wait a moment"),
    Reason.LEASE_EXPIRED: L("业务细胞没有响应，请稍后再试", "The cell does not answer; please try again in a moment"),
    Reason.ERROR_RATE: L(
        "业务细胞出错过多，已暂停访问，稍后自动恢复", "The cell failed too often and is paused; it comes back by itself"
    ),
    Reason.HALF_OPEN: L(
        "业务细胞正在恢复，部分操作可能暂时失败", "The cell is recovering; some operations may fail for now"
    ),
}
_TOLD_WHILE_YELLOW = {Reason.HALF_OPEN}


def reason_for_users(light: Light, reason: str, language: str) -> str | None:
    """What a user is told; None while the cell works for him. What exactly has failed is the operator's affair."""
    if light is Light.GREEN or (light is Light.YELLOW and reason not in _TOLD_WHILE_YELLOW):
        return None
    return _BY_REASON.get(reason.partition(":")[0], _NOT_READY).text(language)
