"""Rules, templates and what users want: who is told of what, in which words, when and by which way."""

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from notifying_fixtures import Until
from peers import MailServer, Receiver

from cellkit.approval.directory import StaticDirectory
from cellkit.http.application import Application
from cellkit.notifications import rules
from cellkit.notifications.dispatcher import Dispatcher
from cellkit.testing import Api, Clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def rule(api: Api, happens: str, recipients: list[dict[str, str]], **values: Any) -> Any:
    made = await api.must(
        "POST",
        "/notification-rules",
        {
            "name": "规则", "entity": "desk.ticket", "happens": happens, "kind": f"desk.{happens.replace(':', '-')}",
            "recipients": recipients, "skip_actor": False, **values,
        },
    )  # fmt: skip
    # A rule counts from the dispatcher's next look on.
    await api.app.notifications.watcher.load()
    return made


async def ticket(api: Api, **values: Any) -> Any:
    return await api.must("POST", "/tickets", {"subject": "打印机", "price": "12.50", **values})


async def settled(dispatcher: Dispatcher) -> None:
    while await dispatcher.once():
        pass


async def inbox(api: Api) -> Any:
    return (await api.must("GET", "/_notifications"))["items"]


class TestRules:
    async def test_every_kind_of_recipient_each_once(
        self, api: Api, dispatcher: Dispatcher, directory: StaticDirectory
    ) -> None:
        owner = api.as_user(department_id="d1")
        named, assignee, leader, in_role = (api.as_user() for _ in range(4))
        directory.department("d1", leader.user_id)
        directory.person(in_role.user_id, "d1", "support")
        directory.person(named.user_id, "d1", "support")
        await rule(
            api,
            "created",
            [
                {"type": "owner"}, {"type": "creator"}, {"type": "user", "value": named.user_id},
                {"type": "role", "value": "support"}, {"type": "field", "value": "assignee"}, {"type": "leader"},
            ],
        )  # fmt: skip
        made = await ticket(owner, assignee=assignee.user_id)
        await settled(dispatcher)
        for person in (owner, named, assignee, leader, in_role):
            [item] = await inbox(person)
            assert item["title"] == f"工单 {made['number']} 已新建"
            assert item["entity_id"] == made["id"]
        assert await inbox(api) == []

    async def test_states_actions_and_conditions(self, api: Api, dispatcher: Dispatcher) -> None:
        reader = api.as_user()
        to = [{"type": "user", "value": reader.user_id}]
        await rule(api, "state:done", to, condition='subject == "大" and price == null', must_read=True)
        await rule(api, "finish", to, kind="desk.finished")
        await rule(api, "updated", to, condition="price > 100")
        await rule(api, "deleted", to, active=False)
        small, large = await ticket(api), await ticket(api, subject="大")
        for made in (small, large):
            await api.must("POST", f"/tickets/{made['id']}/finish")
        other = await ticket(api)
        other = await api.must("PATCH", f"/tickets/{other['id']}", {"price": "100", "version": 1})
        other = await api.must("PATCH", f"/tickets/{other['id']}", {"price": "100.01", "version": 2})
        await api.must("DELETE", f"/tickets/{other['id']}")
        await settled(dispatcher)
        found = sorted((item["kind"], item["entity_id"], item["must_read"]) for item in await inbox(reader))
        assert found == sorted(
            [
                ("desk.finished", small["id"], False), ("desk.finished", large["id"], False),
                ("desk.state-done", large["id"], True), ("desk.updated", other["id"], False),
            ]
        )  # fmt: skip

    async def test_not_the_one_who_did_it(self, api: Api, dispatcher: Dispatcher) -> None:
        await rule(api, "created", [{"type": "owner"}], skip_actor=True)
        await ticket(api)
        await settled(dispatcher)
        assert await inbox(api) == []

    async def test_nothing_is_kept_where_no_rule_waits(self, api: Api, dispatcher: Dispatcher) -> None:
        await dispatcher.watcher.load()
        await rule(api.tenant_b, "created", [{"type": "owner"}])
        made = await ticket(api)
        async with dispatcher._engine.database.session(api.tenant_id) as connection:
            waiting = await connection.fetchval("SELECT count(*) FROM kit_notification_trigger")
        assert waiting == 0
        assert made["id"]

    async def test_groups_are_told_although_no_user_is(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until
    ) -> None:
        code = f"c-{uuid.uuid4().hex[:6]}"
        await api.must(
            "POST", "/notification-channels",
            {"code": code, "name": "群", "type": "wecom", "url": receiver.url, "kinds": []},
        )  # fmt: skip
        await rule(api, "created", [{"type": "field", "value": "assignee"}], channels=[code])
        await ticket(api)

        async def arrived() -> list[Any]:
            await settled(dispatcher)
            return receiver.taken

        assert len(await until(arrived)) == 1

    async def test_what_cannot_be_is_refused(self, api: Api) -> None:
        user = [{"type": "owner"}]
        wrong: list[tuple[str, dict[str, Any]]] = [
            ("entity", {"entity": "desk.nothing"}),
            ("happens", {"happens": "explode"}),
            ("happens", {"happens": "state:gone"}),
            ("recipients", {"recipients": []}),
            ("recipients[0].type", {"recipients": [{"type": "everybody"}]}),
            ("recipients[0].value", {"recipients": [{"type": "field", "value": "subject"}]}),
            ("recipients[1].value", {"recipients": [*user, {"type": "role"}]}),
            ("condition", {"condition": "price >"}),
            ("condition", {"condition": "colour == 1"}),
            ("condition", {"condition": 'card == "1"'}),
            ("kind", {"kind": "Not a kind"}),
            ("channels", {"channels": "robot"}),
        ]
        for field, change in wrong:
            body = {
                "name": "x", "entity": "desk.ticket", "happens": "created", "kind": "x", "recipients": user, **change,
            }  # fmt: skip
            answer = await api.post("/notification-rules", body)
            assert answer.status == 422, change
            assert answer.json["details"][0]["field"] == field

    async def test_a_condition_is_no_way_to_hidden_values(self, api: Api) -> None:
        author = api.as_user(["desk.*"], field_rules={"desk.ticket.price": "hide"})
        body = {
            "name": "x", "entity": "desk.ticket", "happens": "created", "kind": "x", "condition": "price > 100",
            "recipients": [{"type": "user", "value": author.user_id}],
        }  # fmt: skip
        answer = await author.post("/notification-rules", body)
        assert answer.status == 422
        assert answer.json["details"][0]["rule"] == "permission"


class TestTemplates:
    async def test_the_tenants_words_replace_the_cells(self, api: Api, dispatcher: Dispatcher) -> None:
        reader = api.as_user()
        await api.must(
            "POST",
            "/notification-templates",
            {
                "kind": "desk.ticket.told", "name": "转交", "title_zh": "{by}转来 {number}",
                "text_zh": "主题：{subject}",
                "title_en": "{by} sent {number}", "must_read": True,
            },
        )  # fmt: skip
        made = await ticket(api)
        await api.must("POST", f"/tickets/{made['id']}/tell", {"user": reader.user_id})
        await settled(dispatcher)
        [item] = await inbox(reader)
        assert (item["title"], item["text"]) == (f"张三转来 {made['number']}", "主题：打印机")
        assert item["must_read"]
        reader.language = "en-US"
        [item] = await inbox(reader)
        assert (item["title"], item["text"]) == (f"张三 sent {made['number']}", "主题：打印机")

    async def test_braces_are_placeholders_only(self, api: Api) -> None:
        for title in ("{number", "{__class__}", "{a.b}", "{0}", "{number!r}"):
            body = {"kind": uuid.uuid4().hex[:8], "name": "x", "title_zh": title, "text_zh": "x"}
            answer = await api.post("/notification-templates", body)
            assert answer.status == 422, title
            assert answer.json["details"][0]["field"] == "title_zh"


class TestPreferences:
    async def test_quiet_hours_and_digests_hold_mail_back_but_not_what_must_be_read(
        self, api: Api, dispatcher: Dispatcher, mail_server: MailServer, clock: Clock
    ) -> None:
        clock.set(datetime(2026, 11, 22, 14, 30, tzinfo=UTC))
        quiet, daily, never = api.as_user(), api.as_user(), api.as_user()
        await quiet.must(
            "PUT", "/_notifications/preferences",
            {"email": "quiet@example.com", "quiet": {"from": "22:00", "to": "08:00"}},
        )  # fmt: skip
        await daily.must(
            "PUT",
            "/_notifications/preferences",
            {"email": "daily@example.com", "digest": "daily", "digest_at": "09:00"},
        )
        await never.must(
            "PUT", "/_notifications/preferences", {"email": "never@example.com", "kinds": {"desk.*": {"email": False}}}
        )
        await api.must(
            "POST", "/notification-channels",
            {
                "code": "mail", "name": "邮件", "type": "email", "host": "127.0.0.1", "port": mail_server.port,
                "security": "none", "sender": "erp@example.com",
            },
        )  # fmt: skip
        made = [await ticket(api) for _ in range(3)]
        for one in made:
            for reader in (quiet, daily, never):
                await api.must("POST", f"/tickets/{one['id']}/tell", {"user": reader.user_id})
        await settled(dispatcher)
        assert mail_server.mails == []
        await api.must("POST", f"/tickets/{made[0]['id']}/tell", {"user": quiet.user_id, "must": "yes"})
        await settled(dispatcher)
        assert [mail["To"] for mail in mail_server.mails] == ["quiet@example.com"]
        clock.set(datetime(2026, 11, 23, 0, 1, tzinfo=UTC))
        await settled(dispatcher)
        assert [mail["To"] for mail in mail_server.mails] == ["quiet@example.com"] * 4
        clock.set(datetime(2026, 11, 23, 1, 1, tzinfo=UTC))
        await settled(dispatcher)
        digest = mail_server.mails[-1]
        assert len(mail_server.mails) == 5
        assert digest["To"] == "daily@example.com"
        assert digest["Subject"] == "3 条通知"
        body = digest.get_body(("plain",))
        assert body is not None
        assert all(one["number"] in body.get_content() for one in made)

    def test_quiet_hours_over_midnight(self) -> None:
        quiet = {"from": "22:00", "to": "08:00"}
        for hour, expected in ((21, 21), (22, 8), (23, 8), (0, 8), (7, 8), (8, 8), (12, 12)):
            moment = datetime(2026, 3, 5, hour, 0, tzinfo=SHANGHAI)
            assert rules.after_quiet(quiet, moment, SHANGHAI).astimezone(SHANGHAI).hour == expected
        noon = {"from": "12:00", "to": "13:30"}
        at = datetime(2026, 3, 5, 12, 15, tzinfo=SHANGHAI)
        assert rules.after_quiet(noon, at, SHANGHAI) == datetime(2026, 3, 5, 13, 30, tzinfo=SHANGHAI)

    def test_the_nearest_word_counts(self) -> None:
        settings = {
            "channels": {"email": False},
            "kinds": {"crm.*": {"email": True}, "crm.lead.*": {"email": False}, "crm.lead.won": {"email": True}},
        }
        wanted = {
            kind: rules.wants(settings, kind, "email") for kind in ("erp.x", "crm.x", "crm.lead.x", "crm.lead.won")
        }
        assert wanted == {"erp.x": False, "crm.x": True, "crm.lead.x": False, "crm.lead.won": True}
        assert rules.wants({}, "crm.x", "email")

    @pytest.mark.parametrize("text", ["a@b.cn", "zhang.san+x@mail.example.com"])
    def test_addresses(self, text: str) -> None:
        assert rules.is_address(text)

    @pytest.mark.parametrize(
        "text",
        ["", "a", "a@b", "a@b.cn\n", "a@b.cn\r\nBcc: c@d.cn", "A <a@b.cn>", "a@b.cn,c@d.cn", "张@b.cn", "a b@c.cn", 5],
    )
    def test_no_addresses(self, text: Any) -> None:
        assert not rules.is_address(text)


class TestKeeping:
    async def test_old_notices_and_deliveries_go_unread_ones_later(
        self, api: Api, dispatcher: Dispatcher, cell_app: Application
    ) -> None:
        reader = api.as_user()
        for _ in range(3):
            made = await ticket(api)
            await api.must("POST", f"/tickets/{made['id']}/tell", {"user": reader.user_id})
        await settled(dispatcher)
        ids = [item["id"] for item in await inbox(reader)]
        await reader.must("POST", "/_notifications/read", {"ids": ids[:1]})
        async with cell_app.engine.database.session(api.tenant_id) as connection:
            for identity, days in zip(ids, (91, 91, 361), strict=True):
                await connection.execute(
                    "UPDATE kit_notification SET created_at = now() - $1 * interval '1 day' WHERE id = $2",
                    days,
                    uuid.UUID(identity),
                )
        await dispatcher.purge()
        assert [item["id"] for item in await inbox(reader)] == ids[1:2]
