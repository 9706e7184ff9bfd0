"""The guide's own example: one file of at most 120 lines gives everything, with no other code."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from cellkit.testing import Api, cell_fixtures
from tests.contract.discovery import ROOT

EXAMPLE = ROOT / "docs" / "guide" / "examples" / "fleet.py"
LEG = {"day": "2026-12-01", "route": "宁波—杭州", "distance": "160", "fee": "320.50"}

globals().update(cell_fixtures(f"{EXAMPLE.stem}:cell"))


@pytest.fixture(autouse=True, scope="session")
def _on_the_path() -> None:
    sys.path.insert(0, str(EXAMPLE.parent))


@pytest.fixture
async def vehicle(api: Api) -> Any:
    return await api.must("POST", "/vehicles", {"plate": "浙B12345", "kind": "car", "seats": 5}, 201)


@pytest.fixture
async def trip(api: Api, vehicle: Any) -> Any:
    return await api.must("POST", "/trips", body(vehicle), 201)


def body(vehicle: Any, **changed: Any) -> dict[str, Any]:
    return {
        "purpose": "拜访客户",
        "vehicle_id": vehicle["id"],
        "mobile": "13800138000",
        "start": "2026-12-01",
        "finish": "2026-12-02",
        "legs": [LEG, LEG],
        **changed,
    }


async def listed(api: Api, path: str, **query: str) -> Any:
    answer = await api.get(path, **query)
    assert answer.status == 200, answer.body.decode()
    return answer.json


async def imported(api: Api, text: str, mode: str) -> Any:
    answer = await api.call("POST", f"/imports/trips?mode={mode}", text.encode(), headers={"content-type": "text/csv"})
    assert answer.status == 200, answer.body.decode()
    return answer.json


def test_it_is_one_file_of_at_most_120_lines() -> None:
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 120


async def test_a_document_is_numbered_added_up_and_checked(api: Api, vehicle: Any, trip: Any) -> None:
    assert trip["number"] == "YC202612-00001"
    assert trip["amount"] == "641.00"
    assert trip["mobile"] == "138****8000"
    refused = await api.post("/trips", body(vehicle, finish="2026-11-30"))
    assert (refused.status, refused.json["details"][0]["field"]) == (422, "finish")


async def test_list_and_form_metadata(api: Api, trip: Any) -> None:
    page = await api.must("GET", "/trips")
    assert [row["id"] for row in page["items"]] == [trip["id"]]
    assert page["items"][0]["vehicle_label"] == "浙B12345"
    meta = await api.must("GET", f"/api/v1/{api.cell}/_meta")
    entity = next(item for item in meta["entities"] if item["key"] == "fleet.trip")
    fields = {item["name"]: item for item in entity["fields"]}
    assert fields["purpose"]["required"] is True
    assert fields["amount"]["readonly"] is True
    assert [item["key"] for item in entity["states"]][:2] == ["draft", "review"]
    assert [item["label"] for item in entity["lines"][0]["fields"]] == ["日期", "行程", "里程", "费用"]
    assert {"submit", "approve", "complete"} <= {item["verb"] for item in entity["actions"]}
    english = await Api(api.app, api.cell, api.source, api.tenant_id, api.user_id, "en-US").must(
        "GET", f"/api/v1/{api.cell}/_meta"
    )
    assert {item["label"] for item in english["entities"]} >= {"Vehicle", "Vehicle trip"}


async def test_approval(api: Api, trip: Any) -> None:
    submitted = await api.must("POST", f"/trips/{trip['id']}/submit")
    assert submitted["state"] == "review"
    instances = await listed(api, "/_approvals", box="started")
    [instance] = instances["items"]
    details = await api.must("GET", f"/_approvals/{instance['id']}")
    assert details["entity"] == "fleet.trip"
    # Nobody leads a department here, so the task is the administrator's, who may not decide on his own request.
    assert [step["key"] for step in details["steps"]][:1] == ["leader"]


async def test_import_and_export_round_trip(api: Api, vehicle: Any, trip: Any) -> None:
    exported = (await api.get("/exports/trips", lines="true")).body
    rows = list(csv.DictReader(io.StringIO(exported.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "13800138000" not in exported.decode()
    text = "group,purpose,vehicle_id,start,finish,legs.day,legs.route,legs.fee\n"
    text += "1,送货,浙B12345,2026-12-03,2026-12-04,2026-12-03,杭州,100\n"
    wrong = text + "2,,浙B00000,2026-12-03,2026-12-04,2026-12-03,杭州,x\n"
    report = await imported(api, wrong, "dry_run")
    assert {item["field"] for item in report["errors"]} >= {"purpose", "vehicle_id", "legs.fee"}
    assert (await imported(api, text, "all"))["created"] == 1


async def test_report(api: Api, trip: Any) -> None:
    known = await listed(api, "/_reports", entity="fleet.trip")
    [report] = [item for item in known["items"] if "月度费用" in str(item)]
    result = await api.must("GET", f"/_reports/{report['id']}/run")
    assert "641.00" in str(result)


async def test_print(api: Api, trip: Any) -> None:
    meta = await api.must("GET", f"/api/v1/{api.cell}/_meta")
    assert "派车单" in str(meta)
    printed = await api.must("POST", "/_prints/trips", {"print": "dispatch", "ids": [trip["id"]]}, 201)
    answer = await api.get(f"/_files/{printed['file']['id']}")
    assert answer.body.startswith(b"%PDF")


async def test_views(api: Api, trip: Any) -> None:
    found = await listed(api, "/_views", entity="fleet.trip")
    assert {item["kind"] for item in found["items"]} >= {"list", "kanban", "calendar"}


async def test_events_and_audit(api: Api, trip: Any) -> None:
    await api.must("POST", f"/trips/{trip['id']}/submit")
    waiting = await api.must("GET", "/_outbox")
    assert waiting["unrouted"] + waiting["pending"] >= 0
    trail = await listed(api, "/_audit", entity="fleet.trip", entity_id=trip["id"])
    assert [entry["action"] for entry in trail["items"]][::-1][:2] == ["fleet.trip.create", "fleet.trip.submit"]


async def test_permissions(api: Api, trip: Any) -> None:
    nobody = api.as_user(permissions=[])
    assert (await nobody.get("/trips")).status == 403
    reader = api.as_user(permissions=["fleet.trip.read"], scope="self")
    assert (await reader.must("GET", "/trips"))["items"] == []
    assert (await reader.get(f"/trips/{trip['id']}")).status == 404
    assert (await reader.post(f"/trips/{trip['id']}/submit")).status == 403
    assert (await api.tenant_b.get(f"/trips/{trip['id']}")).status == 404


def test_the_guide_shows_it() -> None:
    for guide in ("docs/guide/sdk.md", "docs/en/guide/sdk.md"):
        assert "examples/fleet.py" in Path(ROOT, guide).read_text(encoding="utf-8")
