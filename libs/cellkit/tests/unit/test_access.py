"""Role documents: permissions, scopes, and a cache that neither forgets a refusal nor fails with identity."""

from __future__ import annotations

import asyncio

import pytest

from cellkit.context import Caller, current_caller
from cellkit.errors import CellNotIncluded, Forbidden, Unauthorized, Unavailable
from cellkit.ops import access
from cellkit.ops.access import Fetched, Grants, RoleDocument, RoleDocuments, StaticRoleSource

TENANT, USER = "t1", "u1"


def document(*permissions: str, **more: object) -> RoleDocument:
    return RoleDocument(user_id=USER, tenant_id=TENANT, permissions=permissions, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "asked", "allowed"),
    [
        ("crm.lead.read", "crm.lead.read", True),
        ("crm.lead.read", "crm.lead.update", False),
        ("crm.lead.*", "crm.lead.update", True),
        ("crm.lead.*", "crm.leads.update", False),
        ("crm.*", "crm.lead.update", True),
        ("crm.*", "crm", False),
        ("crm.*", "erp.item.read", False),
        ("crm.*.read", "crm.lead.read", True),
        ("crm.*.read", "crm.lead.update", False),
        ("crm.*.read", "crm.lead.line.read", False),
        ("*", "crm.lead.read", True),
        ("*", "platform.identity.read", False),
        ("*", "platform.*", False),
        ("*", access.INBOX_PERMISSION, False),
        ("*.identity.read", "platform.identity.read", False),
        ("*.lead.read", "crm.lead.read", True),
        ("platform.*", "platform.identity.read", True),
        ("platform.*", "crm.lead.read", False),
        ("platform.identity.*", "platform.identity.read", True),
    ],
)
def test_permissions(held: str, asked: str, allowed: bool) -> None:
    held_document = document(held)
    assert held_document.allows(asked) is allowed
    assert held_document.allows(asked) is allowed, "the remembered answer"


@pytest.mark.parametrize(
    ("held", "granted", "covered"),
    [
        ("crm.*", "crm.lead.*", True),
        ("crm.lead.*", "crm.*", False),
        ("crm.*.read", "crm.lead.*", False),
        ("*", "*", True),
        ("crm.*", "*", False),
        ("*", "platform.identity.*", False),
    ],
)
def test_a_pattern_is_covered_only_entirely(held: str, granted: str, covered: bool) -> None:
    assert Grants((held,)).match(granted) is covered


def test_require_names_the_missing_permission() -> None:
    with pytest.raises(Forbidden) as refused:
        document("crm.lead.read").require("crm.lead.delete")
    assert refused.value.details("zh-CN") == {"permission": "crm.lead.delete"}


def test_scope_falls_back_from_entity_to_cell_to_general() -> None:
    rights = document(
        scopes={"*": "all", "crm.*": "department", "crm.lead": "custom"},
        department_ids=("d1", "d2"),
        custom_department_ids={"crm.lead": ("d9",)},
    )
    assert rights.scope("crm.lead") == "custom"
    assert rights.scope_departments("crm.lead") == ("d9",)
    assert rights.scope("crm.quote") == "department"
    assert rights.scope_departments("crm.quote") == ("d1", "d2")
    assert rights.scope("erp.item") == "all"
    assert document().scope("crm.lead") == "self"


def test_parse_reads_the_contracts_json() -> None:
    rights = RoleDocument.parse(
        b'{"userId":"u","tenantId":"t","version":"7","username":"li","displayName":"Li","departmentId":null,'
        b'"departmentIds":[],"teamUserIds":["u"],"roles":["sales"],"permissions":["crm.lead.*"],'
        b'"scopes":{"*":"self"},"customDepartmentIds":{},"fieldRules":{"crm.customer.mobile":"mask"},'
        b'"language":"zh-CN","timeZone":"Asia/Shanghai","later":"field"}'
    )
    assert rights.allows("crm.lead.read")
    assert rights.field_rule("crm.customer.mobile") == "mask"
    assert rights.field_rule("crm.customer.name") is None


class Source:
    """A source that counts, waits and fails on demand."""

    def __init__(self) -> None:
        self.calls: list[str | None] = []
        self.permissions: tuple[str, ...] = ("crm.lead.read",)
        self.failure: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, tenant_id: str, user_id: str, etag: str | None) -> Fetched | None:
        self.calls.append(etag)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        current = '"' + ",".join(self.permissions) + '"'
        return None if etag == current else Fetched(document(*self.permissions), current)


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(access, "time", made)
    return made


async def test_a_document_is_fresh_for_five_seconds_then_confirmed_by_etag(clock: Clock) -> None:
    source = Source()
    cache = RoleDocuments(source)
    await cache.get(TENANT, USER)
    clock.now += 4.9
    await cache.get(TENANT, USER)
    assert source.calls == [None]
    clock.now += 0.2
    assert (await cache.get(TENANT, USER)).allows("crm.lead.read")
    assert source.calls == [None, '"crm.lead.read"']
    source.permissions = ("erp.item.read",)
    clock.now += 5.1
    assert not (await cache.get(TENANT, USER)).allows("crm.lead.read")


async def test_requests_at_the_same_time_share_one_question(clock: Clock) -> None:
    source = Source()
    source.gate.clear()
    cache = RoleDocuments(source)
    waiting = [asyncio.create_task(cache.get(TENANT, USER)) for _ in range(20)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting[0].cancel()
    source.gate.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert len(source.calls) == 1
    assert isinstance(answers[0], asyncio.CancelledError)
    assert all(isinstance(answer, RoleDocument) for answer in answers[1:])


async def test_a_stale_document_counts_ten_minutes_while_identity_is_away(clock: Clock) -> None:
    source = Source()
    cache = RoleDocuments(source)
    await cache.get(TENANT, USER)
    source.failure = Unavailable()
    clock.now += 599
    assert (await cache.get(TENANT, USER)).allows("crm.lead.read")
    asked = len(source.calls)
    await cache.get(TENANT, USER)
    assert len(source.calls) == asked, "not asked again at once, or every request would wait for the time-out"
    clock.now += 10
    with pytest.raises(Unavailable):
        await cache.get(TENANT, USER)


async def test_a_refusal_ends_even_a_known_document_and_is_remembered(clock: Clock) -> None:
    source = Source()
    cache = RoleDocuments(source)
    await cache.get(TENANT, USER)
    source.failure = Unauthorized()
    clock.now += 5.1
    for _ in range(3):
        with pytest.raises(Unauthorized):
            await cache.get(TENANT, USER)
    assert len(source.calls) == 2
    source.failure = Unavailable()
    clock.now += 5.1
    with pytest.raises(Unauthorized):
        await cache.get(TENANT, USER)


async def test_a_refusal_is_of_the_session_it_was_said_of(clock: Clock) -> None:
    """Somebody asks about a user who is not signed in; the user signs in at that moment, and is let in at once."""
    source = Source()
    cache = RoleDocuments(source)
    source.failure = Unauthorized()
    with pytest.raises(Unauthorized):
        await cache.get(TENANT, USER)
    for session, known in (("s1", False), ("s1", True), ("s2", False)):
        token = current_caller.set(Caller(TENANT, USER, "r", "", "zh-CN", "", session_id=session))
        asked = len(source.calls)
        try:
            with pytest.raises(Unauthorized):
                await cache.get(TENANT, USER)
        finally:
            current_caller.reset(token)
        assert (len(source.calls) == asked) is known
    source.failure = None
    token = current_caller.set(Caller(TENANT, USER, "r", "", "zh-CN", "", session_id="s3"))
    try:
        assert (await cache.get(TENANT, USER)).allows("crm.lead.read")
    finally:
        current_caller.reset(token)


async def test_without_any_document_an_absent_identity_is_said_plainly(clock: Clock) -> None:
    source = Source()
    source.failure = Unavailable()
    with pytest.raises(Unavailable):
        await RoleDocuments(source).get(TENANT, USER)


async def test_the_cache_is_bounded_and_separates_tenants(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_MOST_DOCUMENTS", 3)
    source = Source()
    cache = RoleDocuments(source)
    for number in range(5):
        await cache.get(f"t{number}", USER)
    assert len(source.calls) == 5
    await cache.get("t4", USER)
    assert len(source.calls) == 5
    await cache.get("t0", USER)
    assert len(source.calls) == 6


async def test_a_cells_service_token_delivers_events_and_nothing_else() -> None:
    rights = await RoleDocuments(StaticRoleSource()).get(TENANT, "cell:crm")
    assert rights.allows(access.INBOX_PERMISSION)
    assert not rights.allows("crm.lead.read")
    assert rights.scope("crm.lead") == "self"


async def test_a_cell_outside_the_tenants_package_lets_nobody_in() -> None:
    source = StaticRoleSource(document("*", cells=("erp",)))
    with pytest.raises(CellNotIncluded):
        await RoleDocuments(source, cell="crm").get(TENANT, USER)
    assert await RoleDocuments(source, cell="erp").get(TENANT, USER)
    assert await RoleDocuments(source).get(TENANT, USER), "a service of the platform is in every package"
    assert await RoleDocuments(StaticRoleSource(document("*")), cell="crm").get(TENANT, USER)


@pytest.mark.parametrize(("user", "session", "refused"), [(USER, "s1", True), (USER, "s2", False), ("u9", "s1", False)])
async def test_an_ended_sessions_token_counts_no_more(user: str, session: str, refused: bool) -> None:
    cache = RoleDocuments(StaticRoleSource(document("*", ended_sessions=("s1",))))
    token = current_caller.set(Caller(TENANT, user, "r", "", "zh-CN", "", session_id=session))
    try:
        if refused:
            with pytest.raises(Unauthorized):
                await cache.get(TENANT, USER)
        else:
            assert await cache.get(TENANT, USER)
    finally:
        current_caller.reset(token)
