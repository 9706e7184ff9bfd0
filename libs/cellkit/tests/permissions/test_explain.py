"""The explanation of rights agrees with what the pipeline does, names roles, and tells nothing it must not."""

import random
import uuid
from typing import Any

import pytest

from cellkit.http.application import Application
from cellkit.permissions.provenance import Provenance, RoleGrant, StaticProvenance
from cellkit.testing import Api

pytestmark = pytest.mark.asyncio
VERBS = ("read", "create", "update", "delete", "submit", "close", "mark", "export")
SCOPES = ("self", "team", "department", "custom", "all")
FIELDS = ("subject", "price", "mobile", "note", "total")


@pytest.fixture
def provenance(cell_app: Application) -> StaticProvenance:
    source = StaticProvenance()
    cell_app.permissions.source = source
    return source


async def order(api: Api, state: str = "draft") -> Any:
    made = await api.must("POST", "/orders", {"subject": "主题一", "price": "10", "mobile": "13812345678"})
    for verb in {"draft": [], "open": ["submit"], "closed": ["submit", "close"]}[state]:
        made = await api.must("POST", f"/orders/{made['id']}/{verb}")
    return made


async def why(api: Api, **query: str) -> Any:
    return await api.must("GET", "/_permissions/explain?" + "&".join(f"{k}={v}" for k, v in query.items()))


async def really(api: Api, action: str, row: dict[str, Any], field: str | None) -> int:
    """What the pipeline answers, its version always right."""
    place = f"/orders/{row['id']}"
    if action == "read":
        return (await api.get(place)).status
    if action == "create":
        body = {"subject": "新", **({field: "1" if field in ("price", "total") else "新值 1234567"} if field else {})}
        return (await api.post("/orders", body)).status
    if action == "update":
        changes = {field or "subject": "2" if field in ("price", "total") else "改动 7654321"}
        return (await api.patch(place, {"version": row["version"], **changes})).status
    if action == "delete":
        return (await api.delete(place, version=row["version"])).status
    if action == "export":
        return (await api.get("/exports/orders?format=csv")).status
    return (await api.post(f"{place}/{action}")).status


class TestAgreement:
    @pytest.mark.parametrize("seed", range(40))
    async def test_what_is_explained_is_what_happens(self, seed: int, api: Api, provenance: StaticProvenance) -> None:
        chance = random.Random(seed)
        departments = ["d1", "d2", "d3"]
        owner = api.as_user(department_id=chance.choice([*departments, None]))
        row = await order(owner, chance.choice(["draft", "open", "closed"]))
        held = [f"guard.order.{verb}" for verb in VERBS if chance.random() < 0.75]
        if chance.random() < 0.2:
            held = [chance.choice(["*", "guard.*", "guard.order.*"])]
        who = owner.user_id if chance.random() < 0.3 else str(uuid.uuid4())
        scope = chance.choice(SCOPES)
        user = api.as_user(
            held,
            user_id=who,
            scopes={chance.choice(["*", "guard.*", "guard.order"]): scope},
            department_id=chance.choice(departments),
            department_ids=tuple(chance.sample(departments, 2)),
            custom_department_ids=dict.fromkeys(("*", "guard.*", "guard.order"), ("d3",)),
            team_user_ids=(who, owner.user_id) if chance.random() < 0.5 else (who,),
            field_rules={
                f"guard.order.{name}": chance.choice(["hide", "mask", "read", "edit"])
                for name in FIELDS
                if chance.random() < 0.4
            },
        )
        action = chance.choice(VERBS)
        field = chance.choice([None, *FIELDS]) if action in ("read", "update", "create") else None
        query = {"user_id": user.user_id, "entity": "guard.order", "id": row["id"], "action": action}
        told = await why(api, **query, **({"field": field} if field else {}))
        own = await why(user, **query, **({"field": field} if field else {}))
        assert (own["allowed"], own["outcome"]) == (told["allowed"], told["outcome"])
        shown = await user.get(f"/orders/{row['id']}") if action == "read" else None
        status = await really(user, action, row, field or ("subject" if action == "update" else None))
        if action == "update" and field is None:
            told = await why(api, **query, field="subject")
        if action == "create" and field != "subject" and user_locks(user, "subject"):
            return
        assert (status < 300) == told["allowed"], (status, told)
        if not told["allowed"]:
            assert status == told["status"], (status, told)
        if shown is not None and shown.status == 200 and field is not None:
            seen = shown.json.get(field)
            kind = "hidden" if field not in shown.json else "masked" if "*" in str(seen) else "clear"
            if seen is not None or kind == "hidden":
                assert kind == told["field"]["shown"]


def user_locks(user: Api, field: str) -> bool:
    document = user.source.documents[user.tenant_id, user.user_id]
    return document.field_rule(f"guard.order.{field}") in ("hide", "read")


class TestReasons:
    async def test_the_roles_that_give_and_the_one_that_hides(self, api: Api, provenance: StaticProvenance) -> None:
        row = await order(api)
        user = api.as_user(
            ["guard.order.read"], scope="department", department_ids=("d1",), department_id="d1",
            roles=("sales", "audit"),
            field_rules={"guard.order.price": "hide"},
        )  # fmt: skip
        rules: Any = {"guard.order.price": "hide"}
        provenance.known[user.user_id] = Provenance(
            (
                RoleGrant(
                    code="sales", name="销售", permissions=("guard.order.read",), default_scope="department",
                    field_rules=rules,
                ),
                RoleGrant(code="audit", name="审计", permissions=("guard.audit.read",)),
            ),
            {"d1": "华东区"},
        )  # fmt: skip
        told = await why(api, user_id=user.user_id, entity="guard.order", id=row["id"], field="price")
        assert [item["check"] for item in told["checks"]] == ["tenant", "user", "permission", "scope", "field"]
        by_name = {item["check"]: item for item in told["checks"]}
        assert by_name["permission"]["passed"]
        assert by_name["permission"]["details"]["roles"] == ["sales"]
        assert "“销售”" in by_name["permission"]["reason"]
        assert not by_name["scope"]["passed"]
        assert by_name["scope"]["details"]["departments"] == [{"id": "d1", "name": "华东区"}]
        assert by_name["field"]["details"] == {"rule": "hide", "source": "role", "roles": ["sales"]}
        assert (told["outcome"], told["status"]) == ("NOT_FOUND", 404)
        told = await why(api, user_id=user.user_id, entity="guard.order", id=row["id"], action="close")
        assert "“销售”、“审计”" in told["checks"][2]["reason"]
        api.language = "en-US"
        told = await why(api, user_id=user.user_id, entity="guard.order", action="close")
        assert told["outcome"] == "FORBIDDEN"
        assert told["checks"][2]["reason"].startswith("None of the roles")

    async def test_a_declared_mask_and_a_state(self, api: Api) -> None:
        row = await order(api, "closed")
        user = api.as_user(["guard.*"])
        told = await why(api, user_id=user.user_id, entity="guard.order", id=row["id"], action="update", field="mobile")
        by_name = {item["check"]: item for item in told["checks"]}
        assert by_name["mask"]["details"]["mask"] == "mobile"
        assert by_name["field"]["details"]["source"] == "declaration"
        assert not by_name["state"]["passed"]
        assert "已关闭" in by_name["state"]["reason"]
        assert told["outcome"] == "CONFLICT"

    async def test_a_user_who_is_none(self, api: Api) -> None:
        told = await why(api, user_id=str(uuid.uuid4()), entity="guard.order")
        assert (told["allowed"], told["outcome"]) == (False, "UNAUTHORIZED")


class TestDiscretion:
    async def test_of_oneself_without_a_permission_of_others_with_one(self, api: Api) -> None:
        row = await order(api)
        user, other = api.as_user(["guard.order.read"], scope="self"), api.as_user(["guard.order.read"])
        assert (await why(user, entity="guard.order"))["allowed"]
        answer = await user.get(f"/_permissions/explain?entity=guard.order&user_id={other.user_id}")
        assert answer.status == 403
        there = await why(user, entity="guard.order", id=row["id"])
        nowhere = await why(user, entity="guard.order", id=str(uuid.uuid4()))
        assert there == nowhere
        assert api.user_id not in str(there)

    async def test_who_explains_must_see_the_row_himself(self, api: Api) -> None:
        row = await order(api)
        helper = api.as_user(["guard.permission.explain", "guard.order.read"], scope="self")
        other = api.as_user(["guard.order.read"])
        query = f"/_permissions/explain?entity=guard.order&user_id={other.user_id}&id="
        assert (await helper.get(query + row["id"])).status == 404
        assert (await helper.get(query + str(uuid.uuid4()))).status == 404
        assert (await helper.must("GET", f"/_permissions/explain?entity=guard.order&user_id={other.user_id}"))[
            "allowed"
        ]

    async def test_tenants_apart(self, api: Api) -> None:
        row = await order(api)
        answer = await api.tenant_b.get(
            f"/_permissions/explain?entity=guard.order&id={row['id']}&user_id={api.user_id}"
        )
        assert answer.status == 404

    async def test_what_makes_no_sense_is_refused(self, api: Api) -> None:
        for query in ("", "entity=x.y", "entity=guard.order&action=fly", "entity=guard.order&field=colour",
                      "entity=guard.order&id=7", "entity=guard.order&user_id=7", "entity=guard.order&x=1"):  # fmt: skip
            assert (await api.get(f"/_permissions/explain?{query}")).status == 400, query


class TestMatrix:
    async def test_all_that_can_be_given(self, api: Api) -> None:
        told = await api.must("GET", "/_permissions/matrix?entity=guard.order")
        [entity] = told["entities"]
        verbs = {item["verb"]: (item["label"], item["kind"]) for item in entity["permissions"]}
        assert verbs["read"] == ("查看", "menu")
        assert verbs["submit"] == ("提交", "button")
        assert {"create", "update", "delete", "import", "export", "reveal"} <= verbs.keys()
        keys = {item["key"] for item in entity["fields"]}
        assert {"guard.order.price", "guard.order.lines", "guard.order.lines.phone"} <= keys
        assert entity["scoped"]
        everything = await api.must("GET", "/_permissions/matrix")
        assert {"guard.customer", "guard.notification_rule"} <= {item["key"] for item in everything["entities"]}
        assert (await api.as_user(["guard.order.*"]).get("/_permissions/matrix")).status == 403
