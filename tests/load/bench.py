"""``./run.sh bench --out FILE``: figures of one run, as ratios to floors measured in the same run.

A platform is started in a temporary folder at ports of its own, filled through the API, measured, and stopped. The
load client shares the machine. Writes ``[{name, connections, ops_per_s, p50_ms, p95_ms, p99_ms, errors, cpu_ms,
ratio, ratio_to}]``; ``cpu_ms`` is CPU per request by process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from demo.api import Api
from superpaas import browsers
from superpaas.ports import Ports
from tests.load import exchange, gateway, pgbench, scenarios, web
from tests.load.client import Maker, Outcome, run
from tests.load.scenarios import CRM, ERP, Tenant
from tests.running import Platform

LISTED_ORDERS = 100_000
IMPORTED_CUSTOMERS = 10_000
WIDE_LIMITS = {"GATEWAY_RATE_LIMIT_PER_TENANT": "1000000", "GATEWAY_RATE_LIMIT_PER_ADDRESS": "1000000"}
"""Requests are counted against limits as always, and none is refused: a single tenant and address do all the work."""
SETTLE_SECONDS = 60.0
REST_SECONDS = 60.0
TURNS = 3
"""A measurement and its floor take turns, so that a machine that is slow for some seconds meets both."""
_UNSETTLED = """
SELECT EXISTS (SELECT FROM kit_outbox WHERE routed_at IS NULL) OR EXISTS (SELECT FROM kit_audit WHERE sequence IS NULL)
    OR EXISTS (SELECT FROM kit_delivery WHERE state = 'pending')
"""


class Bench:
    """One run."""

    def __init__(self, platform: Platform, folder: Path, seconds: float) -> None:
        self.platform = platform
        self.folder = folder
        self.seconds = seconds
        self.results: list[dict[str, Any]] = []

    async def all(self, names: set[str]) -> None:
        """Measure everything, or what ``names`` says."""
        login = self.platform.first_login
        async with Api(login["url"]) as api:
            await api.login(login["tenant"], login["username"], login["password"])
            tenant = await scenarios.prepare(api)
            owner = await asyncpg.connect(self._url("erp"))
            parts: dict[str, Callable[[], Awaitable[None]]] = {
                "order_create": lambda: self._orders(api, tenant, owner),
                "order_flow": lambda: self._flow(tenant, owner),
                "order_list": lambda: self._lists(tenant, owner),
                "customers": lambda: self._customers(api, tenant),
                "gateway_policy": lambda: self._gateway(api, tenant),
                "exchange": lambda: self._exchange(api, tenant),
                "web": lambda: self._web(tenant, owner),
            }
            for name, part in parts.items():
                if not names or name in names:
                    await part()
            await owner.close()

    async def _orders(self, api: Api, tenant: Tenant, owner: asyncpg.Connection[Any]) -> None:
        made = await api.post(f"{ERP}/orders", scenarios.order_body(tenant, random.Random(1)), request_id="bench-floor")
        script = await pgbench.order_script(owner, tenant.id, made["id"], "bench-floor")
        await self._measure("warm_up", 16, scenarios.creating(tenant), seconds=1.5, report=False)
        for connections in (1, 16, 100):
            await self._against("order_create", connections, scenarios.creating(tenant), script)
        await self._custom_orders(api, tenant, owner)

    async def _custom_orders(self, api: Api, tenant: Tenant, owner: asyncpg.Connection[Any]) -> None:
        """The whole pipeline with the tenant's own fields, against the statements that it then writes."""
        values = await scenarios.add_custom_fields(api)
        body = scenarios.order_body(tenant, random.Random(2)) | values
        made = await api.post(f"{ERP}/orders", body, request_id="bench-floor-custom")
        script = await pgbench.order_script(owner, tenant.id, made["id"], "bench-floor-custom")
        await self._against("order_create_custom", 16, scenarios.creating(tenant, values), script)

    async def _flow(self, tenant: Tenant, owner: asyncpg.Connection[Any]) -> None:
        count = max(200, int(self.seconds * 250))
        made = await self._measure(
            "fill", 16, _first(count, scenarios.creating(tenant)), seconds=None, report=False, keep=True
        )
        orders = [json.loads(body)["id"] for body in made.bodies]
        for connections in (1, 16, 100):
            await self._measure("order_read", connections, scenarios.reading(tenant, orders))
        third = len(orders) // 3
        for connections, keys in (
            (1, orders[: third // 3]),
            (16, orders[third // 3 : 2 * third]),
            (100, orders[2 * third :]),
        ):
            await self._measure(
                "order_confirm",
                connections,
                scenarios.acting(tenant, ERP + "/orders/{key}/confirm", keys, {}),
                seconds=None,
            )
        deliver = {"delivery_date": scenarios.DAY, "post": True}
        delivered = await self._measure(
            "delivery",
            16,
            scenarios.acting(tenant, ERP + "/orders/{key}/deliver", orders, deliver),
            seconds=None,
            keep=True,
        )
        deliveries = [json.loads(body)["result"]["delivery_id"] for body in delivered.bodies]
        invoice = {"invoice_date": scenarios.DAY, "post": True}
        await self._measure(
            "invoice_post",
            16,
            scenarios.acting(tenant, ERP + "/deliveries/{key}/invoice", deliveries, invoice),
            seconds=None,
        )

    async def _lists(self, tenant: Tenant, owner: asyncpg.Connection[Any]) -> None:
        await scenarios.fill_orders(owner, tenant, LISTED_ORDERS)
        sql = (
            f"BEGIN;\nSELECT set_config('cellkit.tenant', '{tenant.id}', true);\n"
            f"SELECT * FROM erp_order WHERE tenant_id = '{tenant.id}' ORDER BY id DESC LIMIT 21;\nCOMMIT;\n"
        )
        for connections in (1, 16, 100):
            await self._against("order_list", connections, scenarios.listing(tenant), sql)

    async def _customers(self, api: Api, tenant: Tenant) -> None:
        body = scenarios.as_csv(scenarios.customers(IMPORTED_CUSTOMERS))
        before, began = self.platform.cpu_seconds(), time.perf_counter()
        await api.send("POST", f"{CRM}/imports/customers?mode=all", body, content_type="text/csv; charset=utf-8")
        elapsed = time.perf_counter() - began
        after = self.platform.cpu_seconds()
        outcome = Outcome(seconds=[elapsed], elapsed=elapsed)
        row = _row("customer_import", 1, outcome, _per_request(before, after, IMPORTED_CUSTOMERS))
        row["ops_per_s"] = round(IMPORTED_CUSTOMERS / elapsed, 1)
        self._add(row)
        for connections in (1, 16, 100):
            await self._measure("customer_search", connections, scenarios.searching(tenant))

    async def _exchange(self, api: Api, tenant: Tenant) -> None:
        for row in (
            await exchange.import_100k(self.platform, api),
            await exchange.export_100k(self.platform, tenant, api.url),
        ):
            self._add(row, f"peak {row['peak_pss_mb']} MB PSS")

    async def _web(self, tenant: Tenant, owner: asyncpg.Connection[Any]) -> None:
        """The client in a real browser; without one the rows say so, and have no figures."""
        browsers.provide()
        program = browsers.find()
        if not program:
            for name in web.TARGETS_MS:
                self.results.append({"name": name, "skipped": "no Chromium"})
                print(f"{name:<20}   skipped: no Chromium on this machine, nothing was measured", flush=True)
            return
        await self._measure("web_fill", 16, _first(80, scenarios.creating(tenant)), seconds=None, report=False)

        async def add_rows() -> None:
            await scenarios.fill_orders(owner, tenant, web.GRID_ROWS)

        client = Ports(self.platform.port_base).client_url
        found = await web.measure(program, client, self.platform.first_login, add_rows)
        for name, seconds in found.seconds.items():
            outcome = Outcome(seconds=seconds, elapsed=sum(seconds), errors=len(found.complaints))
            row = _row(name, 1, outcome, {}) | {"target_ms": web.TARGETS_MS[name], "requests": found.requests}
            row["best_ms"] = round(min(seconds) * 1000, 2)
            self._add(
                row, f"best {row['best_ms']:.0f}, target {web.TARGETS_MS[name]} ms {' '.join(found.complaints[:1])}"
            )

    async def _gateway(self, api: Api, tenant: Tenant) -> None:
        await self._settle()
        async with gateway.measured(self.platform, self.folder) as (plain_port, path):
            request = tenant.request("GET", path)
            for connections in (1, 16, 100):
                floors, policies = [], []
                for _ in range(TURNS):
                    floors.append(
                        await run("127.0.0.1", plain_port, connections, lambda: request, seconds=self.seconds / TURNS)
                    )
                    policies.append(await self._once(connections, lambda: request, self.seconds / TURNS))
                merged = Outcome.of(policies)
                row = _row("gateway_policy", connections, merged, {})
                row["ratio"] = round(merged.per_second / Outcome.of(floors).per_second, 3)
                row["ratio_to"] = "plain envoy"
                self._add(row, merged.first_error)
        # What stood behind the cell is gone: the web apps would ask it in vain.
        await api.send("DELETE", f"/api/admin/cells/{gateway.NAME}")

    async def _against(self, name: str, connections: int, maker: Maker, script: str) -> None:
        """Requests to the ERP against the same statements by pgbench."""
        url = self._url("erp_app", "erp")
        floors, parts, cpu = [], [], Counter[str]()
        for _ in range(TURNS):
            seconds = max(2, round(self.seconds / TURNS))
            floors.append(pgbench.run(script, self.folder, url, connections=connections, seconds=seconds))
            await self._settle()
            before = self.platform.cpu_seconds()
            parts.append(await self._once(connections, maker, self.seconds / TURNS))
            await self._settle()
            cpu.update(self.platform.cpu_seconds())
            cpu.subtract(before)
        merged = Outcome.of(parts)
        row = _row(name, connections, merged, _per_request({}, cpu, len(merged.seconds)))
        row["ratio"], row["ratio_to"] = round(merged.per_second * len(floors) / sum(floors), 3), "pgbench"
        self._add(row, merged.first_error)

    async def _measure(
        self,
        name: str,
        connections: int,
        maker: Maker,
        *,
        seconds: float | None = -1.0,
        report: bool = True,
        keep: bool = False,
    ) -> Outcome:
        await self._settle()
        before = self.platform.cpu_seconds() if report else {}
        outcome = await self._once(connections, maker, self.seconds if seconds == -1.0 else seconds, keep=keep)
        if report:
            # What a request leaves to be done (events, audit chain) is part of its cost.
            await self._settle()
            row = _row(
                name, connections, outcome, _per_request(before, self.platform.cpu_seconds(), len(outcome.seconds))
            )
            self._add(row, outcome.first_error)
        elif outcome.errors:
            raise RuntimeError(f"{name}: {outcome.first_error}")
        return outcome

    async def _settle(self) -> None:
        """Wait until events are delivered and the audit is sealed: pgbench writes faster than anybody seals."""
        for name in ("erp", "crm"):
            owner = await asyncpg.connect(self._url(name))
            deadline = time.monotonic() + SETTLE_SECONDS
            while await owner.fetchval(_UNSETTLED) and time.monotonic() < deadline:  # noqa: ASYNC110 - it is the database that ends
                await asyncio.sleep(0.1)
            await owner.close()

    async def _once(self, connections: int, maker: Maker, seconds: float | None, *, keep: bool = False) -> Outcome:
        return await run("127.0.0.1", self.platform.port_base, connections, maker, seconds=seconds, keep_bodies=keep)

    def _url(self, role: str, database: str | None = None) -> str:
        password = self.platform.secret(f"database-{role}")
        return f"postgresql://{role}:{password}@127.0.0.1:{self.platform.database_port}/{database or role}"

    def memory(self, when: str) -> None:
        """What all processes hold: ``memory_started``, ``memory_loaded``, and ``memory_rested`` a minute later."""
        status = self.platform.status()
        row = _row(f"memory_{when}", 0, Outcome(), {}) | {"pss_mb": status["pssMb"]}
        row["processes"] = {item["name"]: item["pssMb"] for item in status["processes"]}
        self.results.append(row)
        parts = ", ".join(f"{name} {size}" for name, size in row["processes"].items())
        print(f"{row['name']:<20}{row['pss_mb']:>14} MB PSS: {parts}", flush=True)

    def _add(self, row: dict[str, Any], first_error: str = "") -> None:
        self.results.append(row)
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f} × {row['ratio_to']}"
        cpu = " ".join(f"{name} {value:.2f}" for name, value in row["cpu_ms"].items() if value >= 0.01)
        times = "".join(f"{row[name]:>9.1f}" for name in ("p50_ms", "p95_ms", "p99_ms"))
        print(
            f"{row['name']:<20}{row['connections']:>4}{row['ops_per_s']:>10.0f}/s"
            f"{times}{row['errors']:>6}  {ratio:<18} {cpu} {first_error}",
            flush=True,
        )


def _first(count: int, maker: Maker) -> Maker:
    left = iter(range(count))
    return lambda: None if next(left, None) is None else maker()


def _per_request(before: Mapping[str, float], after: Mapping[str, float], count: int) -> dict[str, float]:
    return {name: round((after[name] - before.get(name, 0.0)) * 1000 / max(count, 1), 3) for name in after}


def _row(name: str, connections: int, outcome: Outcome, cpu_ms: dict[str, float]) -> dict[str, Any]:
    return {
        "name": name,
        "connections": connections,
        "ops_per_s": round(outcome.per_second, 1),
        "p50_ms": round(outcome.percentile_ms(0.5), 2),
        "p95_ms": round(outcome.percentile_ms(0.95), 2),
        "p99_ms": round(outcome.percentile_ms(0.99), 2),
        "errors": outcome.errors,
        "cpu_ms": cpu_ms,
        "ratio": None,
        "ratio_to": None,
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="./run.sh bench", description=__doc__)
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    parser.add_argument("--seconds", type=float, default=6.0, help="duration of one measurement")
    parser.add_argument("--port-base", type=int, default=26000)
    parser.add_argument("--only", default="", help="order_create,order_flow,order_list,customers,gateway_policy,…")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="superpaas-bench-") as folder:
        # The database runs as another user when we are root, and must reach its folder.
        Path(folder).chmod(0o755)
        os.environ.update(WIDE_LIMITS)
        platform = Platform.start(Path(folder) / "data", options.port_base, web=True)
        try:
            print(
                f"{'':<20}{'conn':>4}{'rate':>12}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'err':>6}"
                "  ratio              CPU ms a request"
            )
            bench = Bench(platform, Path(folder), options.seconds)
            bench.memory("started")
            uvloop.run(bench.all(set(filter(None, options.only.split(",")))))
            bench.memory("loaded")
            time.sleep(REST_SECONDS)
            bench.memory("rested")
        finally:
            platform.stop()
    if options.out is not None:
        options.out.write_text(json.dumps(bench.results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
