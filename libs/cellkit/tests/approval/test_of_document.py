"""The approvals of one document: for whoever may read it, and for nobody else."""

from __future__ import annotations

import pytest
from approval_fixtures import Company, users

pytestmark = pytest.mark.asyncio


async def test_whoever_reads_a_document_finds_its_approvals_the_newest_first(company: Company) -> None:
    await company.steps({"who": users(company.carl)})
    purchase, first = await company.submitted()
    await company.act(company.carl, first, "reject", comment="重做")
    other, _ = await company.submitted()
    path = f"/_approvals?box=document&entity=fleet.purchase&document_id={purchase}"
    found = await company.maker.must("GET", path)
    assert [(item["id"], item["status"]) for item in found["items"]] == [(first, "rejected")]
    running = await company.maker.must("GET", f"/_approvals?box=document&entity=fleet.purchase&document_id={other}")
    assert [item["status"] for item in running["items"]] == ["running"]


async def test_what_is_asked_has_to_be_a_document_that_may_be_read(company: Company) -> None:
    purchase, _ = await company.submitted()
    for query in (
        f"box=document&entity=fleet.nothing&document_id={purchase}",
        "box=document&entity=fleet.purchase&document_id=x",
        "box=document&entity=fleet.purchase",
        f"box=todo&document_id={purchase}",
    ):
        assert (await company.maker.get(f"/_approvals?{query}")).status == 400, query
    path = f"/_approvals?box=document&entity=fleet.purchase&document_id={purchase}"
    stranger = company.api.as_user(permissions=["fleet.purchase.read"], scope="self")
    assert (await stranger.must("GET", path))["items"] == []
    nobody = company.api.as_user(permissions=["fleet.note.read"])
    assert (await nobody.get(path)).status == 403
