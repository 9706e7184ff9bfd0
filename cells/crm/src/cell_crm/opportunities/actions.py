"""What is done with opportunities."""

from __future__ import annotations

from cell_crm.common.parties import check_parties, enabled_products
from cell_crm.common.work import ledger, same
from cell_crm.followups.actions import write_follow_up
from cell_crm.opportunities import rules
from cell_crm.opportunities.errors import (
    AmountMissing,
    PipelineFixed,
    StageFieldsMissing,
    StageGateClosed,
    StageNotAdjacent,
    WonByContract,
)
from cell_crm.owners.actions import set_owner
from cell_crm.pipelines.lookup import default_pipeline, stages_of
from cell_crm.pipelines.rules import first_stage, is_neighbour, missing_fields
from cellkit.declare import Row
from cellkit.pipeline.work import Work


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """Pipeline and first stage of a new opportunity; parties and products."""
    await check_parties(work, row, before)
    if row["lines"]:
        products = await enabled_products(work, row["lines"])
        for line in row["lines"]:
            product = products.get(line["product_id"])
            if line["price"] is None and product is not None:
                line["price"] = product["price"]
    if before is not None:
        if row["pipeline_id"] != before["pipeline_id"]:
            raise PipelineFixed
        return
    if row["pipeline_id"] is None:
        row["pipeline_id"] = (await default_pipeline(work))["id"]
    stage = first_stage(await stages_of(work, row["pipeline_id"]))
    if stage is not None:
        _enter(work, row, stage)


async def move(work: Work, opportunity: Row, parameters: Row) -> None:
    """To the stage before or after."""
    stages = await stages_of(work, opportunity["pipeline_id"])
    current = next(stage for stage in stages if stage["id"] == opportunity["stage_id"])
    wanted = next((stage for stage in stages if same(stage["id"], parameters["stage_id"])), None)
    if wanted is None or not is_neighbour(stages, current, wanted):
        raise StageNotAdjacent(current=current["name"], wanted="?" if wanted is None else wanted["name"])
    if wanted["sequence"] > current["sequence"]:
        missing = missing_fields(wanted, opportunity)
        if missing:
            raise StageFieldsMissing(
                stage=wanted["name"],
                fields="、".join(rules.FIELD_NAMES[name] for name in missing),
                names=",".join(missing),
            )
        if wanted["gated"] and opportunity["passed_stage_id"] != wanted["id"]:
            raise StageGateClosed(stage=wanted["name"])
    _record(work, opportunity, to_stage_id=wanted["id"], to_state="open")
    _enter(work, opportunity, wanted)
    rules.derive_opportunity(opportunity)


async def pass_gate(work: Work, opportunity: Row, _parameters: Row) -> None:
    """A manager lets the opportunity into the next stage, if that has a gate."""
    stages = await stages_of(work, opportunity["pipeline_id"])
    current = next(stage for stage in stages if stage["id"] == opportunity["stage_id"])
    following = [stage for stage in stages if stage["sequence"] > current["sequence"]]
    upcoming = first_stage(following)
    opportunity["passed_stage_id"] = None if upcoming is None else upcoming["id"]


async def follow(work: Work, opportunity: Row, parameters: Row) -> None:
    """A follow-up; the customer's dates are kept up as well."""
    subject = {"customer_id": opportunity["customer_id"], "opportunity_id": opportunity["id"]}
    await write_follow_up(work, opportunity, parameters, **subject)
    customer = await work.get("crm.customer", opportunity["customer_id"])
    customer["last_follow_at"] = work.now
    customer["next_follow_at"] = parameters["next_at"]
    work.change(customer)


async def win(work: Work, opportunity: Row, _parameters: Row) -> None:
    """Business was made."""
    if not opportunity["amount"]:
        raise AmountMissing
    _end(work, opportunity, "won")


async def lose(work: Work, opportunity: Row, parameters: Row) -> None:
    """Somebody else made it, or nobody."""
    opportunity["lost_reason"] = parameters["lost_reason"]
    opportunity["competitor"] = parameters["competitor"] or opportunity["competitor"]
    _end(work, opportunity, "lost")


async def void(work: Work, opportunity: Row, parameters: Row) -> None:
    """It never was one."""
    opportunity["void_reason"] = parameters["reason"]
    _end(work, opportunity, "void")


async def reopen(work: Work, opportunity: Row, parameters: Row) -> None:
    """Back to the stage it ended in; a permission of its own, with a reason."""
    if opportunity["state"] == "won" and await work.value(
        "SELECT EXISTS (SELECT 1 FROM crm_contract WHERE tenant_id = $1 AND opportunity_id = $2 "
        "AND state IN ('effective', 'executing', 'completed'))",
        opportunity["id"],
    ):
        raise WonByContract
    _record(work, opportunity, to_stage_id=opportunity["stage_id"], to_state="open")
    opportunity["reopen_reason"] = parameters["reason"]
    opportunity["lost_reason"] = opportunity["void_reason"] = opportunity["ended_at"] = None
    opportunity["stage_entered_at"] = work.now


async def transfer(work: Work, opportunity: Row, parameters: Row) -> None:
    """To another owner."""
    await set_owner(
        work,
        "opportunity",
        opportunity,
        owner_id=parameters["owner_id"],
        department_id=parameters["department_id"],
        reason=parameters["reason"],
    )


def _enter(work: Work, opportunity: Row, stage: Row) -> None:
    opportunity["stage_id"] = stage["id"]
    opportunity["probability"] = stage["probability"]
    opportunity["stage_sequence"] = stage["sequence"]
    opportunity["furthest_sequence"] = max(opportunity["furthest_sequence"] or 0, stage["sequence"])
    opportunity["stage_entered_at"] = work.now
    opportunity["passed_stage_id"] = None


def _end(work: Work, opportunity: Row, state: str) -> None:
    _record(work, opportunity, to_stage_id=opportunity["stage_id"], to_state=state)
    opportunity["ended_at"] = work.now


def _record(work: Work, opportunity: Row, *, to_stage_id: object, to_state: str) -> None:
    work.append(
        ledger(work, "crm.stage_change"),
        [
            {
                "opportunity_id": opportunity["id"],
                "from_stage_id": opportunity["stage_id"],
                "to_stage_id": to_stage_id,
                "from_state": opportunity["state"],
                "to_state": to_state,
                "dwell_seconds": rules.dwell_seconds(opportunity["stage_entered_at"], work.now),
            }
        ],
    )
