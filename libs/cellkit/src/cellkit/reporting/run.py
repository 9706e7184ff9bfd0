"""Run a report for a caller: his scope, his field rights, within limits of groups and time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from cellkit.approval.rights import without_hidden
from cellkit.customizing import table_of
from cellkit.errors import ValidationFailed, problem
from cellkit.expression import Situation, situation_of
from cellkit.http.messages import to_json
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.listing import ListQuery, add_search, parse_list
from cellkit.reporting.binding import Bound, bind, read_parameters
from cellkit.reporting.compiled import MOST_GROUPS, ReportSql, Span, TopKeys, spans
from cellkit.reporting.definition import Definition
from cellkit.reporting.drill import Drill
from cellkit.reporting.errors import ReportFigureTooLarge, ReportTooLarge, ReportTooSlow
from cellkit.reporting.labels import REST, dimension_label, key_label, measure_label, reference_titles
from cellkit.reporting.people import people_titles
from cellkit.reporting.result import OTHERS, Groups, Key, change, figures_of

MOST_SECONDS: float = 15
SIMULTANEOUS = 3
"""Reports that one process runs at a time; the others wait, so that requests keep most sessions."""


@dataclass(slots=True)
class Result:
    """A run's groups and what is needed to show them."""

    bound: Bound
    groups: Groups
    drill: Drill
    titles: dict[str, Any]
    language: str
    truncated: bool = False

    def as_json(self) -> dict[str, Any]:
        """The answer of the run."""
        bound = self.bound
        rows, columns = self.groups.ordered(self.label)
        items = [
            self._item(row, column) for row in rows for column in (*columns, ()) if (row, column) in self.groups.found
        ]
        totals = [self._item((), column) for column in (*columns, ()) if ((), column) in self.groups.found]
        return {
            "entity": bound.table.key,
            "chart": bound.definition.chart,
            "rows": [self._dimension(item) for item in bound.rows],
            "columns": [self._dimension(item) for item in bound.columns],
            "measures": [
                {"name": item.measure.name, "label": measure_label(item, self.language), "kind": item.shown_as}
                for item in bound.measures
            ],
            "items": items,
            "totals": totals,
            "truncated": self.truncated,
        }

    def label(self, index: int, key: Any) -> str:
        """A key of a dimension for people."""
        if key is OTHERS:
            return REST.text(self.language)
        return key_label(self.bound.dimensions[index], key, self.titles, self.language)

    def _dimension(self, item: Any) -> dict[str, Any]:
        field = item.field
        return {
            "name": item.dimension.name,
            "label": dimension_label(item, self.language),
            "kind": item.kind,
            "bucket": item.bucket,
            "to": getattr(field, "to", None),
        }

    def _item(self, row: Key, column: Key) -> dict[str, Any]:
        bound, group = self.bound, self.groups.found[row, column]
        first = len(bound.rows)
        keys = [*zip(bound.rows, row, strict=False), *zip(bound.columns, column, strict=False)]
        others = bool(row) and row[0] is OTHERS
        made: dict[str, Any] = {
            "row": [None if key is OTHERS else key for key in row],
            "row_labels": [self.label(index, key) for index, key in enumerate(row)],
            "column": list(column),
            "column_labels": [self.label(first + index, key) for index, key in enumerate(column)],
            "rest": others,
            "values": figures_of(bound, group.figures),
            "filter": self.drill.filter(keys, rest=others),
        }
        if bound.compare is not None:
            made["before"] = figures_of(bound, group.before)
            made["change"] = {
                item.measure.name: change(now, before)
                for item, now, before in zip(
                    bound.measures, group.figures, group.before or [None] * len(bound.measures), strict=True
                )
            }
        return made


class Reports:
    """Runs reports in one process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = asyncio.Semaphore(SIMULTANEOUS)

    async def bound(self, definition: Definition, role: RoleDocument | None, tenant_id: str) -> Bound:
        """The definition on its document as the tenant has it; raises what is wrong with it."""
        if definition.entity not in self._engine.tables:
            raise ValidationFailed([problem("entity", "unknown", "没有这种单据", "no such entity")])
        return bind(definition, await table_of(self._engine, tenant_id, definition.entity), role)

    async def run(
        self,
        definition: Definition,
        role: RoleDocument,
        language: str,
        given: Mapping[str, Any],
        *,
        search: str = "",
        most: int = MOST_GROUPS,
        cut: bool = False,
    ) -> Result:
        """Run a definition under a role; ``cut``: more groups than ``most`` are left out instead of refused.

        Raises :class:`Forbidden` without the entity's read permission, :class:`FieldNotReadable`,
        :class:`ReportTooLarge`, :class:`ReportTooSlow`, :class:`ValidationFailed`.
        """
        engine = self._engine
        if definition.entity in engine.tables:
            role.require(f"{definition.entity}.read")
        bound = await self.bound(definition, role, role.tenant_id)
        situation = situation_of(engine, role)
        values = read_parameters(definition, bound.table, given, situation)
        situation = replace(situation, parameters=values)
        wanted = {"filter": to_json(bound.filter).decode(), "q": search} if bound.filter or search else {}
        query = parse_list(engine, bound.table, wanted, role, role.tenant_id)
        add_search(bound.table, query, role)
        # Figures and groups made of a field tell it as well as a filter does.
        query.where += without_hidden(role, bound.table, bound.used, query.parameters)
        async with self._turns:
            return await self._fetched(bound, situation, query, role, language, most=most, cut=cut)

    async def _fetched(
        self,
        bound: Bound,
        situation: Situation,
        query: ListQuery,
        role: RoleDocument,
        language: str,
        *,
        most: int,
        cut: bool,
    ) -> Result:
        current, before = spans(bound, situation) or (None, None)
        groups, truncated = Groups(bound), False
        try:
            async with (
                self._engine.database.session(role.tenant_id) as connection,
                # One snapshot, so that totals, comparison and labels agree.
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                await connection.execute(f"SET LOCAL statement_timeout = {int(MOST_SECONDS * 1000)}")
                top = await self._top(connection, bound, situation, query, current)
                for span in (current, before) if before is not None else (current,):
                    sql = ReportSql(bound, situation, query.where, query.parameters, span)
                    text = sql.groups(top, most)
                    records = await connection.fetch(text, *sql.parameters)
                    if len(records) > most:
                        if not cut:
                            raise ReportTooLarge(most)
                        records, truncated = records[:most], True
                    groups.take(records, before=span is before and before is not None)
                titles: dict[str, Any] = {}
                titles |= await reference_titles(self._engine, connection, role, bound, groups.keys())
        except asyncpg.QueryCanceledError as error:
            raise ReportTooSlow(MOST_SECONDS) from error
        except asyncpg.NumericValueOutOfRangeError as error:
            raise ReportFigureTooLarge from error
        titles |= await people_titles(self._engine, role.tenant_id, bound, groups.keys())
        return Result(bound, groups, Drill(bound, situation, current, top), titles, language, truncated)

    @staticmethod
    async def _top(
        connection: Any, bound: Bound, situation: Situation, query: ListQuery, span: Span | None
    ) -> TopKeys | None:
        wanted = bound.definition.top
        if wanted is None:
            return None
        sql = ReportSql(bound, situation, query.where, query.parameters, span)
        text = sql.top_keys(wanted.by, wanted.count)
        records = await connection.fetch(text, *sql.parameters)
        return TopKeys(tuple(record["key"] for record in records), wanted.rest)
