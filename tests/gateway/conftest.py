"""One Envoy for all tests of this folder that can share it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.support import Gateway, Signer, Upstream, open_cell, routing_of


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer("first")


@pytest.fixture(scope="session")
def token(signer: Signer) -> str:
    return signer.token()


@pytest.fixture(scope="session")
def identity() -> Iterator[Upstream]:
    upstream = Upstream("identity").start()
    yield upstream
    upstream.stop()


@pytest.fixture(scope="session")
def crm() -> Iterator[Upstream]:
    upstream = Upstream("crm").start()
    yield upstream
    upstream.stop()


@pytest.fixture(scope="session")
def gateway(
    tmp_path_factory: pytest.TempPathFactory, identity: Upstream, crm: Upstream, signer: Signer
) -> Iterator[Gateway]:
    services = {"identity": identity.url, "governance": identity.url, "monitor": identity.url}
    running = Gateway(tmp_path_factory.mktemp("gateway"), services).start()
    try:
        running.signer = signer
        running.publish(routing_of(running, [signer], open_cell(crm)))
        yield running
    finally:
        running.stop()
