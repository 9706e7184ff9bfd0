"""Login, refresh with rotation and reuse detection, logout, lockout, change of password."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from platform_core.identity.tests.api.harness import PASSWORD, Gateway, Person
from joserfc import jwt
from joserfc.jwk import KeySet


async def test_x(gateway: Gateway, operator: Person) -> None:
    print(await gateway.login("DEFAULT", "Admin"))
    print((await operator.call("GET", "/api/v1/auth/me")).json)
