"""Channels against real peers: what stands on the wire, what becomes of refusals, nothing lost."""

import base64
import hashlib
import hmac
import json
import ssl
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from notifying_fixtures import Until
from peers import MailServer, Receiver, certificate

from cellkit.notifications.channels.addresses import AddressRefused, Networks
from cellkit.notifications.channels.posting import Poster
from cellkit.notifications.dispatcher import Dispatcher
from cellkit.testing import Api, Clock

pytestmark = pytest.mark.asyncio
SECRET = "SEC0123456789abcdef"


async def channel(api: Api, kind: str, **values: Any) -> Any:
    body = {"code": f"c-{uuid.uuid4().hex[:8]}", "name": "渠道", "type": kind, **values}
    return await api.must("POST", "/notification-channels", body)


async def reader_with_mail(api: Api, address: str = "zhang@example.com", **settings: Any) -> Api:
    reader = api.as_user()
    await reader.must("PUT", "/_notifications/preferences", {"email": address, **settings})
    return reader


async def tell(api: Api, reader: Api, **values: Any) -> Any:
    made = await api.must("POST", "/tickets", {"subject": "打印机 <b>坏</b>", "price": "12.50", **values})
    await api.must("POST", f"/tickets/{made['id']}/tell", {"user": reader.user_id})
    return made


async def deliveries(api: Api, **query: str) -> Any:
    return (await api.must("GET", "/_notifications/deliveries?" + "&".join(f"{k}={v}" for k, v in query.items())))[
        "items"
    ]


class TestMail:
    async def test_chinese_subject_and_name_plain_and_html(
        self, api: Api, dispatcher: Dispatcher, mail_server: MailServer, until: Until
    ) -> None:
        reader = await reader_with_mail(api)
        await channel(
            api, "email", host="127.0.0.1", port=mail_server.port, security="none", sender="erp@example.com",
            sender_name="超级平台", link_base="https://erp.example.com/",
        )  # fmt: skip
        made = await tell(api, reader)

        async def arrived() -> list[Any]:
            return mail_server.mails

        [mail] = await until(arrived)
        assert mail["Subject"] == f"工单 {made['number']}"
        assert mail["From"] == "超级平台 <erp@example.com>"
        assert mail["To"] == "zhang@example.com"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert b"Subject: =?utf-8?" in mail_server.raw[0]
        assert mail_server.raw[0].isascii()
        plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert rich is not None
        assert "打印机 <b>坏</b>：12.50" in plain.get_content()
        assert f"https://erp.example.com/desk/tickets/{made['id']}" in plain.get_content()
        assert "打印机 &lt;b&gt;坏&lt;/b&gt;" in rich.get_content()
        [sent] = await until(lambda: deliveries(api, state="sent"))
        assert sent["user_id"] == reader.user_id
        assert sent["kind"] == "desk.ticket.told"

    async def test_a_line_break_in_a_subject_makes_no_header(
        self, api: Api, dispatcher: Dispatcher, mail_server: MailServer, until: Until
    ) -> None:
        reader = await reader_with_mail(api)
        await channel(api, "email", host="127.0.0.1", port=mail_server.port, security="none", sender="erp@example.com")
        await api.must(
            "POST", "/notification-templates",
            {"kind": "desk.ticket.told", "name": "模板", "title_zh": "{subject}", "text_zh": "{number}"},
        )  # fmt: skip
        await tell(api, reader, subject="a\r\nBcc: all@example.com")

        async def arrived() -> list[Any]:
            return mail_server.mails

        [mail] = await until(arrived)
        assert mail["Bcc"] is None
        assert mail["Subject"] == "a Bcc: all@example.com"

    async def test_starttls_with_login_checks_the_certificate(
        self, api: Api, dispatcher: Dispatcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: Until
    ) -> None:
        certificate_file, key_file = certificate(tmp_path)
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate_file, key_file)
        server = await MailServer().start(tls, password="good")
        try:
            reader = await reader_with_mail(api)
            made = await channel(
                api, "email", host="localhost", port=server.port, security="starttls", sender="erp@example.com",
                username="erp", password="good",
            )  # fmt: skip
            await tell(api, reader)
            [dead] = await until(lambda: deliveries(api, state="dead"))
            assert "证书" in dead["last_error"]
            assert server.mails == []
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate_file))
            await api.must("POST", f"/_notifications/deliveries/{dead['id']}/replay")

            async def arrived() -> list[Any]:
                return server.mails

            await until(arrived)
            assert server.logins == [("erp", True)]
            changed = {"password": "bad", "version": made["version"]}
            await api.must("PATCH", f"/notification-channels/{made['id']}", changed)
            await tell(api, reader)
            [dead] = await until(lambda: deliveries(api, state="dead"))
            assert "535" in dead["last_error"]
            assert "bad" not in dead["last_error"]
        finally:
            await server.stop()

    async def test_for_now_and_for_good(
        self, api: Api, dispatcher: Dispatcher, mail_server: MailServer, clock: Clock, until: Until
    ) -> None:
        reader = await reader_with_mail(api)
        await channel(api, "email", host="127.0.0.1", port=mail_server.port, security="none", sender="erp@example.com")
        mail_server.answers = ["451 try later", "554 never"]
        await tell(api, reader)
        [waiting] = await until(lambda: deliveries(api, state="pending"))
        waiting = await until(lambda: _tried(api, waiting["id"]))
        assert "451" in waiting["last_error"]
        clock.advance(seconds=11)
        dispatcher.wake()
        [dead] = await until(lambda: deliveries(api, state="dead"))
        assert "554" in dead["last_error"]
        api.language = "en-US"
        assert "554 never" in (await deliveries(api, state="dead"))[0]["last_error"]
        assert dead["attempts"] == 2

    async def test_only_to_allowed_domains(
        self, api: Api, dispatcher: Dispatcher, mail_server: MailServer, until: Until
    ) -> None:
        reader = await reader_with_mail(api, "x@elsewhere.example")
        await channel(
            api, "email", host="127.0.0.1", port=mail_server.port, security="none", sender="erp@example.com",
            allowed_domains="example.com example.cn",
        )  # fmt: skip
        await tell(api, reader)
        [dead] = await until(lambda: deliveries(api, state="dead"))
        assert "域名" in dead["last_error"]
        assert mail_server.mails == []


async def _tried(api: Api, identity: str) -> dict[str, Any] | None:
    return next((item for item in await deliveries(api) if item["id"] == identity and item["last_error"]), None)


class TestWebhook:
    async def test_signed_json_with_the_same_id_at_every_try(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, clock: Clock, until: Until
    ) -> None:
        key = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
        await channel(api, "webhook", url=f"{receiver.url}/hook?token=t0p", secret=f"whsec_{key}", kinds=["desk.*"])
        receiver.answers = [web.Response(status=503, headers={"Retry-After": "60"}), web.Response(status=204)]
        reader = api.as_user()
        made = await tell(api, reader)

        async def first() -> list[Any]:
            return receiver.taken

        await until(first)
        [waiting] = await until(lambda: deliveries(api, state="pending"))
        assert "HTTP 503" in waiting["last_error"]
        clock.advance(seconds=30)
        await dispatcher.once()
        assert len(receiver.taken) == 1
        clock.advance(seconds=31)
        dispatcher.wake()
        await until(lambda: deliveries(api, state="sent"))
        one, two = receiver.taken
        for taken in (one, two):
            signed = f"{taken.headers['webhook-id']}.{taken.headers['webhook-timestamp']}.".encode() + taken.body
            expected = hmac.new(base64.b64decode(key), signed, hashlib.sha256).digest()
            assert taken.headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
        assert one.headers["webhook-id"] == two.headers["webhook-id"] == two.headers["Idempotency-Key"]
        assert one.headers["webhook-timestamp"] != two.headers["webhook-timestamp"]
        assert one.body == two.body
        body = json.loads(one.body)
        assert body["type"] == "desk.ticket.told"
        [notice] = body["data"]["notifications"]
        assert notice["title"] == f"工单 {made['number']}"
        assert notice["entity_id"] == made["id"]
        assert body["data"]["tenant_id"] == api.tenant_id

    async def test_sent_once_for_all_users_as_its_owner_sees_it(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until
    ) -> None:
        owner = api.as_user(
            ["desk.ticket.read", "desk.notification_channel.*"], field_rules={"desk.ticket.price": "hide"}
        )
        await channel(owner, "webhook", url=receiver.url, secret=SECRET)
        await tell(api, api.as_user(), mobile="13812345678")
        await until(lambda: deliveries(api, state="sent"))
        [taken] = receiver.taken
        [notice] = json.loads(taken.body)["data"]["notifications"]
        assert notice["text"].startswith("打印机 <b>坏</b>：—，138****5678")

    async def test_redirects_are_not_followed_and_4xx_is_final(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until
    ) -> None:
        made = await channel(api, "webhook", url=f"{receiver.url}/a", secret=SECRET)
        receiver.answers = [
            web.Response(status=307, headers={"Location": f"{receiver.url}/b"}),
            web.Response(status=410),
        ]
        for _ in range(2):
            await tell(api, api.as_user())
            await until(lambda: deliveries(api, state="dead"))

        async def both() -> bool:
            return len(await deliveries(api, state="dead", channel_id=made["id"])) == 2

        await until(both)
        assert {taken.path for taken in receiver.taken} == {"/a"}
        assert len(receiver.taken) == 2

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:1/", "http://localhost:1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
            "http://10.0.0.1/", "http://[::ffff:192.168.1.1]/", "http://0x7f.1/", "http://100.64.0.1/",
            "http://[64:ff9b::7f00:1]/", "http://0.0.0.0/", "http://2130706433/",
        ],
    )  # fmt: skip
    async def test_internal_addresses_are_refused(self, url: str) -> None:
        poster = Poster(Networks())
        try:
            with pytest.raises(AddressRefused):
                await poster.post(url, b"{}", {})
        finally:
            await poster.close()

    async def test_a_killed_process_loses_nothing(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, clock: Clock, until: Until
    ) -> None:
        await channel(api, "webhook", url=receiver.url, secret=SECRET)

        async def killed() -> None:
            raise SystemExitInTest

        original = dispatcher.sender._done
        dispatcher.sender._done = _die  # type: ignore[assignment]
        await tell(api, api.as_user())

        async def arrived() -> list[Any]:
            return receiver.taken

        await until(arrived)
        assert [item["state"] for item in await deliveries(api)] == ["sending"]
        dispatcher.sender._done = original  # type: ignore[method-assign]
        clock.advance(seconds=121)
        while await dispatcher.once():
            pass
        [sent] = await deliveries(api)
        assert (sent["state"], sent["attempts"]) == ("sent", 2)
        assert len({taken.headers["Idempotency-Key"] for taken in receiver.taken}) == 1


class SystemExitInTest(Exception):
    """The process ends here."""


async def _die(*_arguments: Any) -> None:
    raise SystemExitInTest


class TestRobots:
    async def test_wecom(self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until) -> None:
        await channel(api, "wecom", url=f"{receiver.url}/cgi-bin/webhook/send?key=k-1", link_base="https://e.cn")
        made = await tell(api, api.as_user(), subject="长" * 200, mobile="13812345678")
        await until(lambda: deliveries(api, state="sent"))
        [taken] = receiver.taken
        assert taken.query == {"key": "k-1"}
        body = json.loads(taken.body)
        assert body["msgtype"] == "text"
        assert set(body) == {"msgtype", "text"}
        content = body["text"]["content"]
        assert content.startswith(f"工单 {made['number']}\n长长")
        assert content.endswith(f"https://e.cn/desk/tickets/{made['id']}")

    async def test_wecom_cuts_at_2048_bytes(self) -> None:
        from cellkit.notifications.channels.robots import cut

        assert len(cut("汉" * 1000, 2048).encode()) <= 2048
        assert cut("汉" * 1000, 2048).endswith("汉…")

    async def test_dingtalk_signs_its_address(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until
    ) -> None:
        await channel(api, "dingtalk", url=f"{receiver.url}/robot/send?access_token=t", secret=SECRET)
        await tell(api, api.as_user())
        await until(lambda: deliveries(api, state="sent"))
        [taken] = receiver.taken
        stamp = taken.query["timestamp"]
        expected = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        assert len(stamp) == 13
        assert taken.query["access_token"] == "t"
        assert taken.query["sign"] == base64.b64encode(expected).decode()
        body = json.loads(taken.body)
        assert body["msgtype"] == "text"
        assert body["at"] == {"isAtAll": False}
        assert body["text"]["content"].startswith("工单 T")

    async def test_dingtalk_example_of_its_document(self) -> None:
        from cellkit.notifications.channels.robots import dingtalk_url

        url = dingtalk_url("https://oapi.dingtalk.com/robot/send?access_token=x", "this is secret", 1577262236757)
        assert parse_qs(urlsplit(url).query)["timestamp"] == ["1577262236757"]
        signed = base64.b64decode(parse_qs(urlsplit(url).query)["sign"][0])
        assert signed == hmac.digest(b"this is secret", b"1577262236757\nthis is secret", "sha256")

    async def test_feishu_signs_in_its_body(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until
    ) -> None:
        receiver.usual = lambda: web.json_response({"StatusCode": 0, "StatusMessage": "success", "code": 0, "msg": ""})
        await channel(
            api, "feishu", url=f"{receiver.url}/open-apis/bot/v2/hook/x", secret=SECRET, link_base="https://e.cn"
        )
        made = await tell(api, api.as_user())
        await until(lambda: deliveries(api, state="sent"))
        body = json.loads(receiver.taken[0].body)
        key = f"{body['timestamp']}\n{SECRET}".encode()
        assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        assert body["msg_type"] == "post"
        post = body["content"]["post"]["zh_cn"]
        assert post["title"] == f"工单 {made['number']}"
        assert post["content"][-1] == [{"tag": "a", "text": "查看", "href": f"https://e.cn/desk/tickets/{made['id']}"}]

    @pytest.mark.parametrize(
        ("maker", "answer", "state", "told"),
        [
            ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "dead", "机器人地址无效"),
            ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "pending", "45009"),
            ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "dead", "安全设置"),
            ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "pending", "130101"),
            ("feishu", {"code": 19021, "msg": "sign match fail"}, "dead", "签名"),
            ("feishu", {"code": 11232, "msg": "frequency limited"}, "pending", "11232"),
            ("wecom", "<html>", "dead", "无法识别"),
        ],
    )
    async def test_answers(
        self, maker: str, answer: Any, state: str, told: str, api: Api, dispatcher: Dispatcher, receiver: Receiver,
        until: Until,
    ) -> None:  # fmt: skip
        receiver.usual = lambda: web.json_response(answer) if isinstance(answer, dict) else web.Response(text=answer)
        await channel(api, maker, url=f"{receiver.url}/x?key=very-secret-key", secret=SECRET)
        await tell(api, api.as_user())

        async def judged() -> list[dict[str, Any]]:
            return [item for item in await deliveries(api, state=state) if item["last_error"]]

        [item] = await until(judged)
        assert told in item["last_error"]
        assert "very-secret-key" not in item["last_error"]

    async def test_twenty_a_minute_the_rest_waits_its_turn(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, clock: Clock, until: Until
    ) -> None:
        await channel(api, "wecom", url=receiver.url)
        for _ in range(23):
            await tell(api, api.as_user())

        async def twenty() -> bool:
            return len(receiver.taken) >= 20 and len(await deliveries(api, limit="100")) == 23

        await until(twenty)
        while await dispatcher.once():
            pass
        assert len(receiver.taken) == 20
        assert len(await deliveries(api, state="pending")) == 3
        clock.advance(seconds=61)
        while await dispatcher.once():
            pass
        assert len(receiver.taken) == 23
        assert len({json.loads(taken.body)["text"]["content"] for taken in receiver.taken}) == 23


class TestSettings:
    async def test_secrets_are_never_shown_and_stay_when_sent_back(
        self, api: Api, dispatcher: Dispatcher, receiver: Receiver, until: Until
    ) -> None:
        made = await channel(api, "webhook", url=f"{receiver.url}/hook", secret=SECRET)
        assert made["url"] == made["secret"] == "****"
        read = await api.must("GET", f"/notification-channels/{made['id']}")
        export = await api.get("/exports/notification-channels")
        audit = await api.get("/_audit?entity=desk.notification_channel")
        for text in (json.dumps(read), export.body.decode(), audit.body.decode()):
            assert SECRET not in text
            assert receiver.url not in text
        changed = {"name": "新名", "url": "****", "secret": "****", "version": read["version"]}
        await api.must("PATCH", f"/notification-channels/{made['id']}", changed)
        await api.must("POST", f"/notification-channels/{made['id']}/test")
        await until(lambda: deliveries(api, state="sent"))
        assert receiver.taken[0].path == "/hook"

    async def test_what_cannot_work_is_refused(self, api: Api) -> None:
        for body in (
            {"type": "webhook", "url": "https://example.com"},
            {"type": "webhook", "url": "ftp://example.com", "secret": "x"},
            {"type": "wecom"},
            {"type": "email", "host": "mail.example.com"},
            {"type": "email", "host": "h", "sender": "a@b.cn", "username": "u", "password": "p", "security": "none"},
            {"type": "email", "host": "h", "sender": "not an address"},
            {"type": "wecom", "url": "https://example.com", "kinds": ["%"]},
        ):
            answer = await api.post("/notification-channels", {"code": "x", "name": "x", **body})
            assert answer.status == 422, body

    async def test_an_internal_mail_server_needs_the_operators_word(
        self, api: Api, cell_app: Any, until: Until
    ) -> None:
        reader = await reader_with_mail(api)
        await channel(api, "email", host="localhost", port=25, security="none", sender="erp@example.com")
        await tell(api, reader)
        [dead] = await until(lambda: deliveries(api, state="dead"))
        assert "内部网络" in dead["last_error"]

    async def test_deliveries_need_their_permission(self, api: Api) -> None:
        nobody = api.as_user(["desk.ticket.*"])
        assert (await nobody.get("/_notifications/deliveries")).status == 403
        assert (await nobody.post(f"/_notifications/deliveries/{uuid.uuid4()}/replay")).status == 403
        assert (await api.post(f"/_notifications/deliveries/{uuid.uuid4()}/replay")).status == 404
        assert (await api.get("/_notifications/deliveries?state=x")).status == 400
        assert (await api.get("/_notifications/deliveries?channel_id=x")).status == 400
