"""The kit's revisions make what the kit declares, no less and no more."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cellkit.db import kit_tables, migrate
from cellkit.db.schema import build_metadata
from cellkit.features import features, kit_documents
from cellkit.testing.sharing import cluster_of


def declared() -> sa.MetaData:
    """Every table of the kit."""
    together = build_metadata(kit_documents("kit"))
    for metadata in (kit_tables.metadata, *(feature.tables for feature in features())):
        for table in metadata.sorted_tables if metadata is not None else ():
            table.to_metadata(together)
    return together


def test_a_migrated_database_is_what_is_declared(pytestconfig: pytest.Config) -> None:
    cluster = cluster_of(pytestconfig)
    urls = cluster.create_database(f"kit_{uuid.uuid4().hex[:8]}")
    assert migrate.upgrade(urls.owner, None, app_role_is_owner=False)
    found: list[Any] = []

    def compare(connection: sa.Connection) -> None:
        def include(_item: Any, name: str | None, kind: str, *_others: Any) -> bool:
            return not (kind == "index" and (name or "").endswith("_search")) and name != migrate.KIT_VERSION_TABLE

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": include})
        found.extend(compare_metadata(context, declared()))

    migrate._with_connection(urls.owner, compare)
    assert found == []


def test_every_kit_table_is_behind_the_tenant_wall(pytestconfig: pytest.Config) -> None:
    cluster = cluster_of(pytestconfig)
    database = f"kit_{uuid.uuid4().hex[:8]}"
    urls = cluster.create_database(database)
    migrate.upgrade(urls.owner, None, app_role_is_owner=False)
    open_tables = cluster.sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'kit\\_%' AND NOT relrowsecurity", database
    )
    assert open_tables.split() == [migrate.KIT_VERSION_TABLE]
    assert cluster.sql("SELECT count(*) FROM pg_policies WHERE policyname = 'tenant_wall'", database).strip() == str(
        len(declared().tables)
    )


def test_rows_of_a_new_table_are_found_by_their_key(pytestconfig: pytest.Config) -> None:
    cluster = cluster_of(pytestconfig)
    database = f"kit_{uuid.uuid4().hex[:8]}"
    migrate.upgrade(cluster.create_database(database).owner, None, app_role_is_owner=False)
    names = sorted(
        name
        for name, table in declared().tables.items()
        if [(column.name, str(column.type)) for column in table.primary_key] == [("tenant_id", "UUID"), ("id", "UUID")]
    )
    assert len(names) > 5
    for name in names:
        asked = f'SELECT 1 FROM ONLY "{name}" x WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE OF x'  # noqa: S608
        explained = cluster.sql(
            f"SET plan_cache_mode = force_generic_plan; PREPARE one(uuid, uuid) AS {asked}; "
            f"EXPLAIN EXECUTE one('{uuid.uuid4()}', '{uuid.uuid4()}')",
            database,
        )
        assert "((tenant_id = $1) AND (id = $2))" in explained, f"{name}: {explained}"
