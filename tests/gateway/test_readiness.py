"""What ``up`` waits for, asked of a gateway that has only just started: it knows neither keys nor cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from superpaas.layout import Layout
from superpaas.probes import ask
from superpaas.reaching import Visitor, all_reached
from tests.gateway.control_plane import IdentityUpstream
from tests.gateway.support import Gateway, Signer, Upstream, open_cell, routing_of


@pytest.fixture
def visitor(tmp_path: Path, signer: Signer) -> Visitor:
    found = Visitor(Layout(tmp_path / "data"))
    found._token = signer.token()
    return found


def test_up_waits_until_the_gateway_lets_a_token_through(
    tmp_path: Path, signer: Signer, visitor: Visitor, crm: Upstream
) -> None:
    identity = IdentityUpstream(signer).start()
    gateway = Gateway(tmp_path, {"identity": identity.url, "governance": identity.url, "monitor": identity.url})
    try:
        gateway.start()
        port = int(gateway.settings.port or 0)
        assert ask(port, "/api/v1/crm/_meta")[0] == 401, "without keys all paths are refused alike"
        assert not visitor.reaches_cell(port, "crm")
        assert not visitor.reaches_identity(port)
        gateway.publish(routing_of(gateway, [signer]))
        assert visitor.reaches_identity(port)
        assert not all_reached(visitor, [port], {"crm"})
        gateway.publish(routing_of(gateway, [signer], open_cell(crm)))
        assert all_reached(visitor, [port], {"crm"})
    finally:
        gateway.stop()
        identity.stop()
