"""The configuration as a document: what no test on a running Envoy shows as clearly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from platform_gateway import process
from platform_gateway.clusters import address_of, cluster
from platform_gateway.errors import ALL
from platform_gateway.files import ConfigurationFolder, write_atomically
from platform_gateway.policies import Policies, policies_from_json, policies_from_settings
from platform_gateway.resources import JWT_FILTER, POLICY_FILTER
from platform_gateway.routes import key_bytes_hex, route_configuration
from platform_gateway.routing import PLATFORM_ROUTES, RESERVED_CELL_NAMES, CellRoute, Routing, routing_from_json
from platform_gateway.tokens import token_filter, usable_keys

from cellkit.settings import Settings, SettingsError, read_settings
from cellkit.signing import service_key

MASTER = "m" * 64
KEY = {"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": "AQAB", "e": "AQAB"}
URLS = {"identity": "http://127.0.0.1:1", "governance": "http://127.0.0.1:2", "monitor": "http://127.0.0.1:3"}


def routes(routing: Routing) -> list[dict]:
    return route_configuration(routing, Policies(), MASTER)["virtual_hosts"][0]["routes"]


def test_every_forwarding_route_checks_a_token_or_is_public_by_the_contract() -> None:
    routing = Routing(cells=(CellRoute("crm", ("http://127.0.0.1:9",)),), platform_urls=URLS, jwks={"keys": [KEY]})
    public = set()
    for route in routes(routing):
        if "route" not in route:
            continue
        settings = route["typed_per_filter_config"]
        context = settings[POLICY_FILTER]["filter_context"]["context"]
        if settings[JWT_FILTER].get("requirement_name") == "token":
            assert context.split("|")[0] in {"cell", "platform", "account"}
        else:
            assert context.startswith("public|")
            public.add(route["match"]["path"])
    assert public == {f"/api/v1/auth/{name}" for name in ("login", "refresh", "jwks", "service-token")}


def test_cells_are_tried_before_the_platforms_paths_and_cannot_take_them() -> None:
    cells = (CellRoute("crm", ("http://127.0.0.1:9",)), CellRoute("identity", ("http://127.0.0.1:8",)))
    found = [route["name"] for route in routes(Routing(cells=cells, platform_urls=URLS, jwks={"keys": [KEY]}))]
    assert found.index("bad-request-id") < found.index("crm") < found.index("identity")
    taken = {name for route in PLATFORM_ROUTES for name in route.path.removeprefix("/api/v1/").split("/")[:1]}
    assert {name for name in taken if name} <= RESERVED_CELL_NAMES
    paths = {route.path for route in PLATFORM_ROUTES if route.service == "identity"}
    matched = [
        route["match"].get("path", route["match"].get("path_separated_prefix"))
        for route in routes(Routing(cells=cells, platform_urls=URLS, jwks={"keys": [KEY]}))
        if route["name"] == "identity"
    ]
    assert set(matched) == paths


def test_each_service_has_its_own_key_and_the_master_is_nowhere() -> None:
    routing = Routing(
        cells=tuple(CellRoute(name, ("http://127.0.0.1:9",)) for name in ("crm", "erp")),
        platform_urls=URLS,
        jwks={"keys": [KEY]},
    )
    text = json.dumps(route_configuration(routing, Policies(), MASTER))
    for name in ("crm", "erp", "identity", "governance", "monitor"):
        assert key_bytes_hex(service_key(MASTER, name)) in text
    assert MASTER not in text
    assert key_bytes_hex(MASTER) not in text


def test_a_key_longer_than_a_block_is_hashed() -> None:
    assert key_bytes_hex("ab") == "6162"
    assert len(key_bytes_hex("x" * 64)) == 128
    assert len(key_bytes_hex("x" * 65)) == 64


def test_the_platforms_own_paths_are_always_there() -> None:
    assert len(routes(Routing())) == len(PLATFORM_ROUTES) + 4
    read_back = routing_from_json({"version": 1, "cells": [], "platform_urls": {}, "jwks": None})
    assert read_back.platform == PLATFORM_ROUTES


def test_routing_survives_its_json() -> None:
    routing = Routing(
        3, (CellRoute("crm", ("http://a:1",), "probe", "CIRCUIT_OPEN", "HALF_OPEN", 5.0),), jwks={"keys": []}
    )
    assert routing_from_json(json.loads(json.dumps(routing.as_json()))) == routing
    assert MASTER not in json.dumps(routing.as_json())


def test_only_public_rs256_keys_reach_the_gateway() -> None:
    given = {
        "keys": [
            {**KEY, "d": "private", "p": "private"},
            {"kty": "oct", "kid": "2", "k": "secret"},
            {**KEY, "kid": "3", "alg": "HS256"},
            {**KEY, "kid": "4", "use": "enc"},
            {"kty": "RSA", "kid": "5"},
            "junk",
        ]
    }
    assert usable_keys(given) == {"keys": [KEY]}
    assert "providers" not in token_filter({"keys": []})["typed_config"]
    assert "providers" not in token_filter(None)["typed_config"]


@pytest.mark.parametrize(
    "url", ["https://a", "a:1", "http://", "http://u@a", "http://a/b", "http://a?b", "http://a:0x", "file:///x"]
)
def test_addresses_are_plain(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        address_of(url)


def test_names_are_resolved_and_addresses_are_not() -> None:
    assert cluster("a", ("http://127.0.0.1:1",))["type"] == "STATIC"
    assert cluster("a", ("http://[::1]:1",))["type"] == "STATIC"
    assert cluster("a", ("http://crm:8101",))["type"] == "STRICT_DNS"


def test_every_error_has_both_languages() -> None:
    for code, error in ALL.items():
        assert code == error.code
        assert error.label.zh
        assert error.label.en
        assert "{" not in error.label.zh + error.label.en
        assert "|" not in error.label.zh + error.label.en


def test_files_are_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    assert write_atomically(file, "one")
    assert not write_atomically(file, "one")
    assert write_atomically(file, "two")
    assert file.read_text() == "two"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_broken_state_is_passed_over(tmp_path: Path) -> None:
    folder = ConfigurationFolder(tmp_path, MASTER)
    assert folder.read_routing() is None
    (tmp_path / "state.json").write_text("{")
    assert folder.read_routing() is None
    (tmp_path / "state.json").write_text('{"version": 1}')
    assert folder.read_routing() is None


def test_settings_are_read_and_wrong_ones_named(tmp_path: Path) -> None:
    def settings(**environment: str) -> Settings:
        return read_settings("gateway", environment={"SUPERPAAS_DATA": str(tmp_path), **environment})

    policies = policies_from_settings(settings(GATEWAY_RATE_LIMIT_PER_TENANT="5", GATEWAY_REQUIRE_TENANT_ID="0"))
    assert (policies.rate_limit_per_tenant, policies.require_tenant_id) == (5, False)
    assert policies_from_json(policies.as_json()) == policies
    with pytest.raises(SettingsError, match="GATEWAY_TIMEOUT"):
        policies_from_settings(settings(GATEWAY_TIMEOUT="soon"))
    with pytest.raises(SettingsError, match="GATEWAY_SIGNING_SECRET"):
        process.prepare(settings())
    with pytest.raises(SettingsError, match="SUPERPAAS_ENVOY_BIN"):
        process.command(settings(SUPERPAAS_ENVOY_BIN=str(tmp_path / "none")))


def test_the_command_names_the_wheels_program(tmp_path: Path) -> None:
    command = process.command(
        read_settings("gateway", environment={"SUPERPAAS_DATA": str(tmp_path), "GATEWAY_WORKERS": "3"})
    )
    assert command[0].endswith("envoy/_bin/envoy")
    assert command[command.index("--concurrency") + 1] == "3"
    assert str(tmp_path / "gateway" / "bootstrap.json") in command
