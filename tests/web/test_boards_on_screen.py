"""What is dragged on a board is saved: another day, another span, another column, another parent."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company, Person, eventually

CRM = "/api/v1/crm"


def customer(person: Person, name: str) -> dict[str, Any]:
    """A customer."""
    return dict(person.post(f"{CRM}/customers", {"name": name}))


def board(apps: Apps, page: Page, person: Person, entity: str, plural: str, kind: str) -> None:
    """Open the entity's first view of this kind."""
    views = person.get(f"{CRM}/_views", entity=entity)["items"]
    view = next(view for view in views if view["kind"] == kind)
    SignIn(page, apps.client).enter(person, f"/c/crm/{plural}?view={view['id']}")


def drag(page: Page, what: Locator, right: float, down: float = 0) -> None:
    """With the mouse, as a hand does it: slowly away, then there, then let go."""
    box = what.bounding_box()
    assert box
    x, y = box["x"] + min(box["width"] / 2, 40), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 4, steps=4)
    page.mouse.move(x + right, y + down, steps=12)
    page.mouse.up()


def centre(where: Locator) -> tuple[float, float]:
    """The middle of an element on the screen."""
    box = where.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_an_event_goes_to_another_day(apps: Apps, company: Company, new_page: NewPage) -> None:
    admin = company.admin
    buyer = customer(admin, "甲公司")
    # A month's own days, so that both are on show whatever day it is.
    month = admin.post(f"{CRM}/opportunities", {"name": "水泵项目", "customer_id": buyer["id"]})["created_at"][:8]
    [row] = admin.get(f"{CRM}/opportunities")["items"]
    row = admin.patch(f"{CRM}/opportunities/{row['id']}", {"expected_date": f"{month}10", "version": row["version"]})
    page = new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/crm/opportunities?" in request.url else None)
    board(apps, page, admin, "crm.opportunity", "opportunities", "calendar")
    event = page.get_by_role("button").filter(has_text="水泵项目")
    expect(event).to_be_visible()
    days = page.locator("[data-date]")
    (from_x, from_y), (to_x, to_y) = (
        centre(days.locator(f"visible=true >> xpath=self::*[@data-date='{month}{day}']")) for day in ("10", "12")
    )
    before = len(asked)
    drag(page, event, to_x - from_x, to_y - from_y)
    there = f"{CRM}/opportunities/{row['id']}"
    assert eventually(lambda: admin.get(there)["expected_date"] == f"{month}12")
    # The month is asked for once: a calendar that reloads whenever it is drawn asks for ever.
    page.wait_for_timeout(1000)
    assert len(asked) == before <= 2
    page.reload()
    expect(event).to_be_visible()
    assert centre(event)[0] > from_x + 100


def test_a_bar_goes_to_other_days(apps: Apps, company: Company, new_page: NewPage) -> None:
    admin = company.admin
    body = {"name": "供货合同", "customer_id": customer(admin, "甲公司")["id"]}
    contract = admin.post(f"{CRM}/contracts", body | {"start_date": "2026-03-02", "end_date": "2026-03-20"})
    page = new_page()
    board(apps, page, admin, "crm.contract", "contracts", "gantt")
    bar = page.locator(".gantt_task_line")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    assert box
    day = box["width"] / 19

    drag(page, bar, day * 3)
    there = f"{CRM}/contracts/{contract['id']}"
    moved = eventually(lambda: (found := admin.get(there))["version"] > contract["version"] and found)
    assert (moved["start_date"], moved["end_date"]) == ("2026-03-05", "2026-03-23")

    # By its end: it becomes longer.
    bar.hover()
    drag(page, bar.locator(".task_end_date"), day * 2)
    longer = eventually(lambda: (found := admin.get(there))["version"] > moved["version"] and found)
    assert (longer["start_date"], longer["end_date"]) == ("2026-03-05", "2026-03-25")
    # And once more, to where no bar has been: the chart makes room.
    drag(page, bar, day * 9)
    later = eventually(lambda: (found := admin.get(there))["version"] > longer["version"] and found)
    # To the day or the one beside it: the first points of so long a drag may be lost to its beginning.
    assert (later["start_date"], later["end_date"]) in {("2026-03-13", "2026-04-02"), ("2026-03-14", "2026-04-03")}


def test_a_card_goes_to_another_column(apps: Apps, company: Company, new_page: NewPage) -> None:
    admin = company.admin
    body = {"name": "水泵项目", "customer_id": customer(admin, "甲公司")["id"], "amount": "100"}
    row = admin.post(f"{CRM}/opportunities", body)
    page = new_page(expected=["422"])
    board(apps, page, admin, "crm.opportunity", "opportunities", "kanban")
    columns = page.get_by_role("list", name="阶段看板").get_by_role("listitem")
    card = columns.nth(0).get_by_role("article")
    expect(card).to_contain_text("水泵项目")
    # What the stage asks for is missing: the card goes back, and the reason is told.
    card.drag_to(columns.nth(1))
    expect(page.get_by_text("须填写：需求")).to_be_visible()
    expect(card).to_contain_text("水泵项目")
    row = admin.patch(f"{CRM}/opportunities/{row['id']}", {"need": "两台水泵", "version": row["version"]})
    page.reload()
    card.drag_to(columns.nth(1))
    expect(columns.nth(1).get_by_role("article")).to_contain_text("水泵项目")
    moved = eventually(
        lambda: (found := admin.get(f"{CRM}/opportunities/{row['id']}"))["version"] > row["version"] and found
    )
    stages = admin.get(f"{CRM}/stages", sort="sequence")["items"]
    assert (row["stage_id"], moved["stage_id"]) == (stages[0]["id"], stages[1]["id"])


def test_a_row_goes_below_another(apps: Apps, company: Company, new_page: NewPage) -> None:
    admin = company.admin
    group, works = customer(admin, "甲集团"), customer(admin, "乙工厂")
    page = new_page()
    board(apps, page, admin, "crm.customer", "customers", "tree")
    tree = page.get_by_role("treegrid")
    tree.get_by_role("row").filter(has_text="乙工厂").drag_to(tree.get_by_role("row").filter(has_text="甲集团"))
    there = f"{CRM}/customers/{works['id']}"
    assert eventually(lambda: admin.get(there)["parent_customer_id"] == group["id"])
    expect(tree.get_by_role("row").filter(has_text="乙工厂")).to_have_attribute("aria-level", "2")
    page.get_by_role("button", name="撤销").click()
    assert eventually(lambda: admin.get(there)["parent_customer_id"] is None)
