"""What cells call directly: registration, discovery, subscriptions (wire contract §6)."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from platform_gateway.clusters import address_of
from platform_gateway.routing import RESERVED_CELL_NAMES
from pydantic import BaseModel, ConfigDict, Field, field_validator

from cellkit.http.messages import to_json
from platform_governance.http.signed import SenderCheck
from platform_governance.http.views import overall, summary_of
from platform_governance.registry import LEASE_SECONDS, Registry

PREFIX = "/api/governance"
_FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v\d+")


class LabelBody(BaseModel):
    """A name in both languages."""

    zh: str = Field(min_length=1, max_length=100)
    en: str = Field(min_length=1, max_length=100)


class Subscription(BaseModel):
    """One event type that a cell wants; without the data fields ``given`` an event is of no concern to it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(max_length=200)
    given: list[_FieldName] = Field(default_factory=list, max_length=10)

    @field_validator("type")
    @classmethod
    def _known_shape(cls, value: str) -> str:
        if not _TYPE.fullmatch(value):
            message = "an event type looks like crm.contract.effective.v1"
            raise ValueError(message)
        return value


class Manifest(BaseModel):
    """What a cell says of itself; governance reads the subscriptions and hands on the rest."""

    model_config = ConfigDict(extra="allow")

    subscribes: list[Subscription] = Field(default_factory=list, max_length=500)


class Registration(BaseModel):
    """One instance of a cell."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,30}$")
    version: str = Field(min_length=1, max_length=50)
    label: LabelBody
    url: str = Field(max_length=200)
    manifest: Manifest = Field(default_factory=Manifest)

    @field_validator("name")
    @classmethod
    def _free_name(cls, value: str) -> str:
        if value in RESERVED_CELL_NAMES:
            message = "this name belongs to the platform"
            raise ValueError(message)
        return value

    @field_validator("url")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        address_of(value)
        return value.rstrip("/")


def registration_routes(registry: Registry, check: SenderCheck) -> APIRouter:
    """The routes below ``/api/governance``."""
    router = APIRouter(prefix=PREFIX)

    @router.get("/health")
    async def health() -> dict[str, Any]:
        """Open to everybody: the overall light, and each cell's."""
        return {
            "status": overall(registry),
            "cells": [summary_of(registry, cell) for _name, cell in sorted(registry.cells.items())],
        }

    @router.post("/cells")
    async def register(body: Registration, request: Request) -> dict[str, Any]:
        """Add an instance; it stays as long as it renews."""
        check.require_name(check.sender(request), body.name)
        manifest = body.manifest.model_dump(mode="json")
        instance = await registry.register(body.name, body.version, body.label.model_dump(), body.url, manifest)
        return {"instanceId": instance.instance_id, "leaseSeconds": LEASE_SECONDS}

    @router.put("/cells/{name}/instances/{instance_id}")
    async def renew(name: str, instance_id: str, request: Request) -> dict[str, Any]:
        """Extend the lease; 404 means: register again."""
        check.require_name(check.sender(request), name)
        registry.renew(name, instance_id)
        return {"instanceId": instance_id, "leaseSeconds": LEASE_SECONDS}

    @router.delete("/cells/{name}/instances/{instance_id}", status_code=204)
    async def leave(name: str, instance_id: str, request: Request) -> Response:
        """Get no more requests; those under way are answered."""
        check.require_name(check.sender(request), name)
        await registry.leave(name, instance_id)
        return Response(status_code=204)

    @router.get("/cells")
    async def discovery(request: Request) -> Response:
        """All cells with the addresses of their instances and what they say of themselves."""
        check.sender(request)
        # Manifests are long, so they are written at once and not validated again.
        items = [_discovered(registry, name) for name in sorted(registry.cells)]
        return Response(to_json({"items": items}), media_type="application/json")

    @router.get("/subscriptions")
    async def subscribed(request: Request, producer: str | None = None) -> Response:
        """Who wants a producer's events; with an ETag, so that asking often costs little."""
        check.sender(request)
        value = {"items": registry.subscriptions(producer)}
        etag = f'"{hashlib.sha256(to_json(value)).hexdigest()[:32]}"'
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        return JSONResponse(value, headers={"ETag": etag})

    return router


def _discovered(registry: Registry, name: str) -> dict[str, Any]:
    cell = registry.cells[name]
    return {
        "name": name,
        "label": cell.label,
        "version": cell.version,
        "light": cell.light.value,
        "reason": cell.reason,
        "urls": sorted(item.url for item in cell.instances.values()),
        "manifest": cell.manifest,
    }
