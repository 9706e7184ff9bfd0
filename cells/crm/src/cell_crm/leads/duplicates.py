"""Finding the same person or company among the leads, above the caller's row scope.

Exact matches go through indexes (blind ones for encrypted fields), similar company names through a trigram index and
RapidFuzz; a batch costs the same number of queries as a single lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cell_crm.common.names import most_similar
from cell_crm.common.work import masked_owner, memo, serialise
from cell_crm.leads.errors import DuplicateLead
from cell_crm.leads.rules import IDENTIFYING, IDENTIFYING_LABELS
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_SIMILAR_PER_NAME = 20

_EXACT = """
SELECT id, number, owner_id, state, mobile_blind, email_blind, credit_code, company_key FROM crm_lead
WHERE tenant_id = $1 AND state <> 'invalid'
    AND (mobile_blind = ANY($2::bytea[]) OR email_blind = ANY($3::bytea[])
        OR credit_code = ANY($4::text[]) OR company_key = ANY($5::text[]))
ORDER BY id
LIMIT 5000
"""

_SIMILAR = """
SELECT s.wanted, s.id, s.company_key FROM (SELECT $1::uuid AS tenant_id) AS t
CROSS JOIN LATERAL crm_lead_similar($2::text[], $3::integer) AS s
WHERE t.tenant_id = $1
"""

_STORED = {"mobile": "mobile_blind", "email": "email_blind"}


def _identity(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    """The identifying values of a lead as they are stored."""
    keys: dict[str, Any] = {name: row.get(name) or None for name in IDENTIFYING}
    for name in _STORED:
        if keys[name] is not None and work.engine.keys is not None:
            keys[name] = work.engine.keys.blind_index(keys[name], str(work.tenant_id), f"crm_lead.{name}")
    return keys


async def exact_matches(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]] | None]:
    """For each row the identifying field and the oldest lead that agrees in it, or None. One query for all."""
    wanted = [_identity(work, row) for row in rows]
    columns = [[keys[name] for keys in wanted if keys[name] is not None] for name in IDENTIFYING]
    if not any(columns):
        return [None for _ in rows]
    found: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for lead in await work.rows(_EXACT, *columns):
        for name in IDENTIFYING:
            value = lead[_STORED.get(name, name)]
            if value is not None:
                found.setdefault((name, value), []).append(lead)
    return [_first(found, keys, row.get("id")) for keys, row in zip(wanted, rows, strict=True)]


async def similar_leads(work: Work, keys: Sequence[str]) -> dict[str, list[tuple[UUID, float]]]:
    """Leads whose normalised company name is alike but not equal, best first, with their score (0–100)."""
    if not keys:
        return {}
    candidates: dict[str, list[tuple[UUID, str]]] = {}
    for record in await work.rows(_SIMILAR, sorted(set(keys)), _SIMILAR_PER_NAME):
        candidates.setdefault(record["wanted"], []).append((record["id"], record["company_key"]))
    return {key: most_similar(key, found) for key, found in candidates.items()}


async def check_duplicates(work: Work, rows: Sequence[Row]) -> None:
    """Refuse leads that are known already; mark those whose company looks like a known one (``dup_of_id``)."""
    # Two equal leads arriving at once would each find nothing.
    await serialise(work, "lead", [f"{name} {row[name]}" for row in rows for name in IDENTIFYING if row.get(name)])
    for match in await exact_matches(work, rows):
        if match is not None:
            raise await _refusal(work, *match)
    await _refuse_within(work, rows)
    similar = await similar_leads(work, [row["company_key"] for row in rows if row["company_key"]])
    for row in rows:
        near = [pair for pair in similar.get(row["company_key"], ()) if pair[0] != row.get("id")]
        row["dup_of_id"] = near[0][0] if near else None


async def _refuse_within(work: Work, rows: Sequence[Row]) -> None:
    """Two equal leads in one batch: the second one is refused, though the first is not stored yet."""
    seen: dict[tuple[str, Any], Row] = memo(work).setdefault("new leads", {})
    for row in rows:
        for name in IDENTIFYING:
            if row.get(name):
                other = seen.setdefault((name, row[name]), row)
                if other is not row and other[name] == row[name]:
                    raise await _refusal(work, name, other)


def _first(
    found: Mapping[tuple[str, Any], list[dict[str, Any]]], keys: Mapping[str, Any], own_id: Any
) -> tuple[str, dict[str, Any]] | None:
    for name in IDENTIFYING:
        for lead in found.get((name, keys[name]), ()):
            if lead["id"] != own_id:
                return name, lead
    return None


async def _refusal(work: Work, name: str, lead: Mapping[str, Any]) -> DuplicateLead:
    return DuplicateLead(
        matched_on=IDENTIFYING_LABELS[name],
        field=name.removesuffix("_key"),
        number=lead.get("number") or "",
        owner=await masked_owner(work, lead.get("owner_id")),
        state=lead.get("state") or "new",
    )


async def duplicates_of(work: Work, lead: Row) -> list[dict[str, Any]]:
    """All leads that may be the same as ``lead``: number, masked owner, why, and the score of the company name."""
    entity = "crm.lead"
    found: dict[UUID, dict[str, Any]] = {}
    keys = _identity(work, lead)
    for record in await work.rows(_EXACT, *[[keys[name]] if keys[name] is not None else [] for name in IDENTIFYING]):
        if record["id"] == lead.get("id"):
            continue
        same = [name for name in IDENTIFYING if keys[name] and keys[name] == record[_STORED.get(name, name)]]
        found[record["id"]] = await _told(work, record, [name.removesuffix("_key") for name in same], 100.0)
    if lead["company_key"]:
        near = (await similar_leads(work, [lead["company_key"]])).get(lead["company_key"], [])
        scores = {identity: score for identity, score in near if identity not in found and identity != lead.get("id")}
        for identity, row in (await work.many(entity, scores, lines=False)).items():
            found[identity] = await _told(work, row, ["company"], scores[identity])
    return sorted(found.values(), key=lambda item: (-item["score"], str(item["number"])))


async def _told(work: Work, lead: Mapping[str, Any], matched_on: list[str], score: float) -> dict[str, Any]:
    return {
        "id": lead["id"],
        "number": lead["number"],
        "state": lead["state"],
        "owner": await masked_owner(work, lead["owner_id"]),
        "matched_on": matched_on,
        "score": round(score, 1),
    }
