"""Nobody comes in beside the gateway (§2)."""

from __future__ import annotations

import time

from cellkit import signing
from superpaas.conformance.judging import NotApplicableError, accepted, check, refused
from superpaas.conformance.stage import Stage

_WRONG = (403, "SIGNATURE_INVALID")


def _target(stage: Stage) -> str:
    paths = [item["path"] for item in stage.manifest["entities"]]
    if not paths:
        raise NotApplicableError("没有实体", "There is no entity")
    return f"{paths[0]}?limit=1"


@check("§2", "网关签名的请求被接受", "a request signed as the gateway signs is accepted")
async def a_signed_request(stage: Stage) -> None:
    target = _target(stage)
    headers = stage.direct.signed("GET", target, stage.administrator)
    accepted(await stage.direct.call("GET", target, headers), 200)


@check("§2", "没有签名的请求被拒绝", "an unsigned request is refused")
async def an_unsigned_request(stage: Stage) -> None:
    user = stage.administrator
    headers = {"X-Tenant-Id": user.tenant_id, "X-User-Id": user.user_id, "X-Request-ID": "probe-unsigned"}
    refused(await stage.direct.call("GET", _target(stage), headers), _WRONG)


@check("§2", "签名覆盖方法、路径、查询、租户、用户与请求号", "the signature covers every part of the request")
async def a_changed_request(stage: Stage) -> None:
    target, user = _target(stage), stage.administrator
    changes = (
        {"X-Tenant-Id": stage.neighbour.tenant_id},
        {"X-User-Id": stage.neighbour.user_id},
        {"X-Request-ID": "another"},
        {"X-Gateway-Time": str(int(time.time() * 1000) + 5000)},
        {"X-Gateway-Signature": "v1=" + "0" * 64},
    )
    for change in changes:
        refused(await stage.direct.call("GET", target, stage.direct.signed("GET", target, user, **change)), _WRONG)
    headers = stage.direct.signed("GET", target, user)
    refused(await stage.direct.call("GET", target.replace("limit=1", "limit=2"), headers), _WRONG)
    refused(await stage.direct.call("POST", target, headers, {}), _WRONG)


@check("§2", "过期的签名（相差超过 60 秒）被拒绝", "a signature more than 60 s off is refused")
async def an_old_request(stage: Stage) -> None:
    target, user = _target(stage), stage.administrator
    for off in (-90_000, 90_000):
        moment = str(int(time.time() * 1000) + off)
        headers = stage.direct.signed("GET", target, user)
        made = signing.signature(
            stage.direct.key, "GET", target, user.tenant_id, user.user_id, headers["X-Request-ID"], moment
        )
        headers |= {"X-Gateway-Time": moment, "X-Gateway-Signature": made}
        refused(await stage.direct.call("GET", target, headers), _WRONG)
