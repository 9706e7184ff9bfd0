"""Fixtures of the cell whose documents are approved, and the steps that its tests begin with."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cellkit.approval.directory import Directory, StaticDirectory
from cellkit.testing import Api, cell_fixtures

globals().update(cell_fixtures("approval_cell:cell"))


class Company:
    """A tenant with departments and people: ``root`` (led by ``boss``) above ``team`` (led by ``head``)."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.directory = StaticDirectory()
        api.app.engine.approvals.directory = Directory(self.directory)
        self.root, self.team = str(uuid.uuid4()), str(uuid.uuid4())
        self.boss = self.user(self.root, "finance")
        self.head = self.user(self.team)
        self.maker = self.user(self.team)
        self.anna = self.user(self.team, "finance")
        self.ben = self.user(self.team, "finance")
        self.carl = self.user(self.team)
        self.directory.department(self.root, self.boss.user_id)
        self.directory.department(self.team, self.head.user_id, self.root)

    def user(self, department: str | None = None, *roles: str, permissions: tuple[str, ...] = ("fleet.*",)) -> Api:
        """Somebody who may do everything in the cell, but administers no flows."""
        verbs = (
            "read",
            "create",
            "update",
            "delete",
            "submit",
            "approve",
            "reject",
            "withdraw",
            "close",
            "rename",
            "settle",
        )
        held = tuple(f"fleet.{name}.{verb}" for name in ("purchase", "note", "plain") for verb in verbs)
        made = self.api.as_user(
            held if permissions == ("fleet.*",) else permissions, department_id=department, display_name="某人"
        )
        self.directory.person(made.user_id, department, *roles)
        return made

    async def flow(self, definition: dict[str, Any], entity: str = "fleet.purchase", **values: Any) -> dict[str, Any]:
        """A published flow."""
        body = {"name": "流程", "entity": entity, "definition": definition, **values}
        made = await self.api.must("POST", "/approval-flows", body)
        return dict(await self.api.must("POST", f"/approval-flows/{made['id']}/publish"))

    async def steps(self, *steps: dict[str, Any], **flow: Any) -> dict[str, Any]:
        """A published flow of steps; keys and names are filled in."""
        filled = [{"key": f"s{place}", "name": f"步骤{place}", **step} for place, step in enumerate(steps, 1)]
        return await self.flow({"steps": filled, **flow})

    async def purchase(self, amount: str = "100", **values: Any) -> dict[str, Any]:
        """A draft of the maker's."""
        body = {"title": "轮胎", "lines": [{"what": "轮胎", "amount": amount}], **values}
        return dict(await self.maker.must("POST", "/purchases", body))

    async def submitted(self, amount: str = "100", approvers: Any = None, **values: Any) -> tuple[str, str]:
        """A submitted purchase: its id and its approval's."""
        made = await self.purchase(amount, **values)
        body = {} if approvers is None else {"approvers": approvers}
        await self.maker.must("POST", f"/purchases/{made['id']}/submit", body)
        items = (await self.maker.get("/_approvals", box="started")).json["items"]
        return made["id"], items[0]["id"] if items else ""

    async def act(self, person: Api, instance: str, action: str, **body: Any) -> Any:
        """An action that must succeed."""
        return await person.must("POST", f"/_approvals/{instance}/{action}", body)

    async def refused(self, person: Api, instance: str, action: str, code: str, **body: Any) -> Any:
        """An action that must be refused."""
        answer = await person.post(f"/_approvals/{instance}/{action}", body)
        assert answer.status >= 400, answer.body.decode()
        assert answer.json["code"] == code, answer.body.decode()
        return answer.json

    async def view(self, instance: str, user: Api | None = None) -> Any:
        """An approval as somebody sees it."""
        return await (user or self.maker).must("GET", f"/_approvals/{instance}")

    async def state(self, purchase: str) -> str:
        """A purchase's state."""
        return str((await self.maker.must("GET", f"/purchases/{purchase}"))["state"])

    async def todo(self, user: Api, **query: Any) -> list[Any]:
        """What waits for somebody."""
        answer = await user.get("/_approvals", **query)
        assert answer.status == 200, answer.body.decode()
        return list(answer.json["items"])


@pytest.fixture
def company(api: Api) -> Company:
    """A tenant with people."""
    return Company(api)


def users(*people: Api) -> dict[str, Any]:
    """These people, in a flow."""
    return {"kind": "users", "users": [person.user_id for person in people]}
