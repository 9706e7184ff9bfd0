"""Both back ends of the expression language give the same answers: random expressions on random rows."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desk_cell import Order

from cellkit.db.reading import row_of, select_document
from cellkit.expression import Expression, Situation, check, names_of, parse, to_text
from cellkit.http.application import Application
from cellkit.testing import Api

pytestmark = pytest.mark.asyncio
NAMES = names_of(Order, parameters={"limit": "number", "who": "id"})
NUMBERS = ("amount", "margin", "pieces", "version", ":limit")
TEXTS = ("city", "kind", "salesman", "created_by", "number")
WORDS = ("", "a", "A", "上海", "上", "zz%", "_", "'; DROP TABLE desk_order; --", '"', "\\", "é")
UNITS = ("week", "month", "quarter", "year")


class Maker:
    """Makes random expressions that are right in kind."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def condition(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("urgent", "true", "false", "amount > 10", "city is empty", "lines is not empty")
        below = depth - 1
        return self.pick(
            lambda: f"({self.condition(below)}) and ({self.condition(below)})",
            lambda: f"({self.condition(below)}) or ({self.condition(below)})",
            lambda: f"not ({self.condition(below)})",
            lambda: f"{self.number(below)} {self.comparison()} {self.number(below)}",
            lambda: f"{self.text(below)} {self.comparison()} {self.text(below)}",
            lambda: f"{self.day(below)} {self.comparison()} {self.day(below)}",
            lambda: f"partner_id {self.pick('==', '!=')} :who",
            lambda: f"{self.number(below)} {self.pick('in', 'not in')} (1, 2.5, {self.literal()})",
            lambda: f"{self.pick('city', 'salesman')} in ({self.word()}, {self.word()})",
            lambda: f"{self.pick('order_date', 'placed_at')} {self.pick('in', 'not in')} {self.period()}",
            lambda: f"{self.pick(self.number, self.text, self.day)(below)} is {self.pick('', 'not ')}empty",
            lambda: f"{self.pick('contains', 'starts')}({self.text(below)}, {self.text(0)})",
            lambda: f"{self.pick('any', 'all')}({self.line_condition()})",
            lambda: f"urgent {self.pick('==', '!=')} {self.pick('true', 'false')}",
            lambda: f"placed_at {self.comparison()} {self.pick('today', 'now', 'order_date')}",
        )()

    def line_condition(self) -> str:
        return self.pick(
            "lines.quantity > 2", "lines.cost is empty", "lines.quantity > amount", 'lines.item == "a"',
            "not (lines.cost > lines.quantity)",
        )  # fmt: skip

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.pick(*NUMBERS, self.literal())
        below = depth - 1
        return self.pick(
            lambda: f"({self.number(below)} {self.pick('+', '-', '*', '/')} {self.number(below)})",
            lambda: f"-({self.number(below)})",
            lambda: f"abs({self.number(below)})",
            lambda: f"round({self.number(below)}, {self.random.randint(0, 6)})",
            lambda: f"{self.pick('min', 'max', 'coalesce')}({self.number(below)}, {self.number(below)})",
            lambda: f"if({self.condition(below)}, {self.number(below)}, {self.number(below)})",
            lambda: f"length({self.text(below)})",
            lambda: f"({self.day(below)} - {self.day(below)})",
            lambda: f"{self.pick('year', 'month', 'quarter', 'day', 'weekday')}({self.day(below)})",
            lambda: f"{self.pick('sum', 'avg', 'min', 'max')}(lines.{self.pick('quantity', 'cost')})",
            lambda: "sum(lines.quantity * lines.cost - amount)",
            lambda: f"sum(lines.quantity, {self.line_condition()})",
            lambda: self.pick("count(lines)", f"count({self.line_condition()})"),
            lambda: self.number(0),
        )()

    def day(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("order_date", "placed_at", "today", "date(placed_at)")
        below = depth - 1
        return self.pick(
            lambda: f"({self.day(below)} {self.pick('+', '-')} {self.pick('pieces', 'round(amount)', '3', '400')})",
            lambda: f"add_months({self.day(below)}, {self.random.randint(-30, 30)})",
            lambda: f"{self.pick(*UNITS)}_start({self.day(below)})",
            lambda: f"if({self.condition(below)}, order_date, date({self.day(below)}))",
            lambda: f"{self.pick('min', 'max')}(order_date, {self.day(below)})",
            lambda: self.day(0),
        )()

    def text(self, depth: int) -> str:
        if depth <= 0:
            return self.pick(*TEXTS[:1], "salesman", "number", self.word())
        return self.pick(
            lambda: f"coalesce({self.text(depth - 1)}, {self.word()})",
            lambda: f"if({self.condition(depth - 1)}, {self.text(0)}, {self.text(0)})",
            lambda: f"{self.pick('min', 'max')}({self.text(0)}, {self.text(0)})",
            lambda: self.pick("max(lines.item)", "me", "my_department"),
            lambda: self.text(0),
        )()

    def word(self) -> str:
        value = self.random.choice(WORDS).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"'

    def literal(self) -> str:
        return self.pick("0", "1", "-1", "2.5", "0.000001", "99999999999999", "1000.10", "-3.333333")

    def comparison(self) -> str:
        return self.pick("==", "!=", "<", "<=", ">", ">=")

    def period(self) -> str:
        named = [f"{which}_{unit}" for unit in UNITS for which in ("this", "last", "next")]
        return self.pick(*named, "today", "yesterday", "last_days(9)", "next_days(3)", "last_months(2)", "year_to_date")


def rows(maker: Maker) -> list[dict[str, Any]]:
    made = []
    for _ in range(40):
        day = date(2026, 1, 1) + timedelta(days=maker.random.randint(-400, 400))
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=maker.random.randint(-600_000, 600_000))
        made.append(
            {
                "order_date": maker.pick(None, day.isoformat()),
                "placed_at": maker.pick(None, moment.isoformat(), "2026-03-03T16:00:00Z", "2026-03-03T15:59:59Z"),
                "kind": maker.pick(None, "retail", "project"),
                "city": maker.pick(None, *WORDS),
                "urgent": maker.pick(True, False),
                "pieces": maker.pick(None, 0, 3, -7, 9_000_000_000_000_000_000),
                "amount": maker.pick(None, "0", "10.50", "-3.33", "9999999999999999.99"),
                "margin": maker.pick(None, "1", "0.01"),
                "salesman": maker.pick(None, "u-1", "zz"),
                "lines": [
                    {
                        "item": maker.pick("a", "B", "螺丝"),
                        "quantity": maker.pick("0", "2.5", "-1", "0.000001"),
                        "cost": maker.pick(None, "3", "0.01"),
                    }
                    for _ in range(maker.random.randint(0, 3))
                ],
            }
        )
    return made


async def test_sql_and_rows_agree(api: Api, cell_app: Application) -> None:
    maker = Maker(20261122)
    for body in rows(maker):
        body["city"] = body["city"] and body["city"].strip()
        await api.must("POST", "/orders", body)
    tenant = uuid.UUID(api.tenant_id)
    situation = Situation(
        datetime(2026, 3, 3, 17, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), "Asia/Shanghai",
        user_id="u-1", department_id=None, parameters={"limit": Decimal("10.5"), "who": uuid.UUID(int=0)},
    )  # fmt: skip
    async with cell_app.engine.database.session(api.tenant_id) as connection:
        records = await connection.fetch(select_document(Order, lines=True) + " ORDER BY t.id", tenant)
        loaded = [row_of(Order, record, lines=True) for record in records]
        truths = 0
        for number in range(700):
            text = getattr(maker, ("condition", "condition", "number", "day", "text")[number % 5])(3)
            made = check(text, NAMES)
            assert parse(to_text(made.node)) == made.node, text
            expected = [made.value(row, situation) for row in loaded]
            if made.kind == "flag":
                truths += sum(expected)
            assert await _by_sql(connection, made, situation, tenant) == [_plain(value) for value in expected], text
    assert truths > 1_000


async def _by_sql(connection: Any, made: Expression, situation: Situation, tenant: uuid.UUID) -> list[Any]:
    parameters: list[Any] = [tenant]
    sql = made.sql(situation, parameters)
    if made.kind == "flag":
        sql = f"({sql}) IS TRUE"
    text = f"SELECT {sql} AS value FROM desk_order t WHERE t.tenant_id = $1 ORDER BY t.id"  # noqa: S608 - its subject
    records = await connection.fetch(text, *parameters)
    return [_plain(record["value"]) for record in records]


def _plain(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) and abs(value) < 10**20 else value


async def test_indexes_serve_plain_conditions(api: Api, cell_app: Application) -> None:
    """Comparisons with fixed values stay as plain as those of filters."""
    situation = Situation(datetime(2026, 3, 3, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), "Asia/Shanghai")
    for text, sql in (
        ("amount >= 5000", '(t."amount" >= $1::numeric)'),
        ('order_date >= "2026-01-01"', '(t."order_date" >= $1::date)'),
        ("order_date in this_month", '(t."order_date" >= $1::date AND t."order_date" < $2::date)'),
        ("placed_at in today", '(t."placed_at" >= $1::timestamptz AND t."placed_at" < $2::timestamptz)'),
        ('placed_at >= "2026-03-01"', '(t."placed_at" >= $1::timestamptz)'),
        ("version == 3", '(t."version" = $1::bigint)'),
        ("3 < version", '(t."version" > $1::bigint)'),
    ):
        assert check(text, NAMES).sql(situation, []) == sql
