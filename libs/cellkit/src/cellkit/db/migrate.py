"""Bring a cell's database to the declarations' version, and write new revisions.

``python -m cellkit.db.migrate revision erp -m "add price lists"`` compares the declarations of cell ``erp`` with a
throw-away database at the latest revision and writes the next one, tenant walls and search functions included.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import tempfile
from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command, op
from alembic.config import Config
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from cellkit.db.schema import build_metadata, searchable_tables
from cellkit.db.statistics import FIRST_STATISTICS
from cellkit.db.walls import FORCE_WALLS, search_function, tenant_wall
from cellkit.declare.document import Table
from cellkit.features import features, kit_documents

KIT_MIGRATIONS = "cellkit.db:migrations"
KIT_VERSION_TABLE = "kit_version"
CELL_VERSION_TABLE = "cell_version"
_MIGRATION_LOCK = 727_001_001
_T = TypeVar("_T")


def _with_connection(url: str, work: Callable[[sa.Connection], _T]) -> _T:
    """Run ``work`` on one connection of the owner; asyncpg is the only driver, so Alembic runs inside its loop."""

    async def run() -> _T:
        engine = create_async_engine(sa.make_url(url).set(drivername="postgresql+asyncpg"), poolclass=sa.pool.NullPool)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())


def _config(location: str, connection: sa.Connection, version_table: str) -> Config:
    package, folder = location.split(":")
    config = Config()
    # Cells carry only their revisions; the environment is the kit's.
    config.set_main_option("script_location", str(files("cellkit.db") / "migrations"))
    config.set_main_option("version_locations", str(files(package) / folder / "versions"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    return config


def upgrade(url: str, cell_migrations: str | None, *, app_role_is_owner: bool) -> list[str]:
    """Run what is missing; returns the revisions now applied that were not before."""
    applied: list[str] = []

    def work(connection: sa.Connection) -> None:
        # Two instances may start together; the second waits and finds nothing to do.
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        connection.commit()
        for location, version_table in ((KIT_MIGRATIONS, KIT_VERSION_TABLE), (cell_migrations, CELL_VERSION_TABLE)):
            if location is None:
                continue
            config = _config(location, connection, version_table)
            before = _current(connection, version_table)
            head = ScriptDirectory.from_config(config).get_current_head()
            if before != head:
                command.upgrade(config, "head")
                applied.append(f"{before or 'base'} → {head}")
            connection.commit()
        if applied:
            connection.execute(sa.text(FIRST_STATISTICS))
            connection.commit()
        if app_role_is_owner and applied:
            connection.execute(sa.text(FORCE_WALLS))
            connection.commit()
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})
        connection.commit()

    _with_connection(url, work)
    return applied


def create_directly(url: str, tables: Iterable[type[Table]]) -> None:
    """Create the tables of declarations without revisions: for tests and for a cell that is being written."""
    declared = [table for table in tables if not table.kit]
    upgrade(url, None, app_role_is_owner=False)
    searched = set(searchable_tables(declared))

    def work(connection: sa.Connection) -> None:
        metadata = build_metadata(declared)
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            for statement in [
                *tenant_wall(table.name),
                *(search_function(table.name) if table.name in searched else []),
            ]:
                connection.execute(sa.text(statement))
        connection.execute(sa.text(FIRST_STATISTICS))
        connection.commit()

    _with_connection(url, work)


def has_revisions(package: str) -> bool:
    """Whether a cell has revisions of its own; one that is a single file has no package to keep them in."""
    return find_spec(package) is not None and any(
        (Path(str(files(package))) / "migrations" / "versions").glob("[0-9]*.py")
    )


def _current(connection: sa.Connection, version_table: str) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": version_table})
    revision = context.get_current_revision()
    connection.commit()
    return revision


def write_revision(url: str, package: str, tables: Iterable[type[Table]], message: str, revision: str) -> Path:
    """Compare declarations with the database at ``url`` and write the next revision of the cell."""
    declared = [table for table in tables if not table.kit]
    searched = set(searchable_tables(declared))
    folder = Path(str(files(package))) / "migrations" / "versions"
    folder.mkdir(parents=True, exist_ok=True)
    upgrade(url, f"{package}:migrations", app_role_is_owner=False)

    def work(connection: sa.Connection) -> None:
        config = _config(f"{package}:migrations", connection, CELL_VERSION_TABLE)
        config.attributes["metadata"] = build_metadata(declared)
        config.attributes["include_object"] = _include
        config.attributes["process_revision_directives"] = lambda _context, _revision, directives: _add_walls(
            directives, searched
        )
        command.revision(config, message=message, autogenerate=True, rev_id=revision, version_path=str(folder))

    _with_connection(url, work)
    return next(folder.glob(f"{revision}_*.py"))


def kit_statements(name: str) -> list[str]:
    """The SQL that makes a feature's tables, with their walls and searches."""
    feature = next(item for item in features() if item.name == name)
    declared = kit_documents("kit")
    own = {table.table_name for table in feature.documents("kit")}
    own |= {grid.table_name for table in feature.documents("kit") for grid in table.lines.values()}
    made = [table for table in build_metadata(declared).sorted_tables if table.name in own]
    made += feature.tables.sorted_tables if feature.tables is not None else []
    searched = set(searchable_tables(declared))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    statements: list[str] = []
    kinds = [column.type for table in made for column in table.columns]
    types = {str(kind.name): kind for kind in kinds if isinstance(kind, postgresql.ENUM)}
    statements += [str(postgresql.CreateEnumType(kind).compile(dialect=dialect)) for kind in types.values()]
    for table in made:
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        ordered = sorted(table.indexes, key=lambda item: str(item.name))
        statements += [str(CreateIndex(item).compile(dialect=dialect)) for item in ordered]
        statements += tenant_wall(table.name, kit=True)
        statements += search_function(table.name) if table.name in searched else []
    return [*statements, *(statement.strip() for statement in feature.statements)]


def write_kit_revision(name: str) -> Path:
    """Write the revision of a feature from its declarations, over what stands in its file."""
    folder = Path(str(files("cellkit.db") / "migrations" / "versions"))
    [place] = folder.glob(f"[0-9]*_{name}.py")
    head = place.read_text(encoding="utf-8").partition("STATEMENTS")[0]
    # The compiler indents with tabs and leaves blanks at the ends of lines.
    tidy = ["\n".join(line.rstrip().expandtabs(4) for line in item.splitlines()) for item in kit_statements(name)]
    listed = "".join(f'    """\n{statement}\n""",\n' for statement in tidy)
    place.write_text(
        f"{head}STATEMENTS: list[str] = [\n{listed}]\n\n\ndef upgrade() -> None:\n    run_all(STATEMENTS)\n",
        encoding="utf-8",
    )
    return place


def run_all(statements: Iterable[str]) -> None:
    """Run the statements of a kit revision as they stand, inside Alembic."""
    connection = op.get_bind()
    for statement in statements:
        connection.exec_driver_sql(statement)


def _include(_item: Any, name: str | None, kind: str, *_others: Any) -> bool:
    if kind == "table":
        return not (name or "").startswith(("kit_", "cell_version"))
    return not (kind == "index" and (name or "").endswith("_search"))


def _add_walls(directives: list[Any], searched: set[str]) -> None:
    script = directives[0]
    for operation in list(script.upgrade_ops.ops):
        if isinstance(operation, ops.CreateTableOp):
            statements = tenant_wall(operation.table_name)
            if operation.table_name in searched:
                statements += search_function(operation.table_name)
            script.upgrade_ops.ops.extend(ops.ExecuteSQLOp(statement) for statement in statements)
            if operation.table_name in searched:
                script.downgrade_ops.ops.insert(
                    0, ops.ExecuteSQLOp(f'DROP FUNCTION "{operation.table_name}_search"(text, uuid, integer)')
                )


def main() -> None:
    """Command line of this module."""
    parser = argparse.ArgumentParser(prog="cellkit.db.migrate")
    commands = parser.add_subparsers(dest="command", required=True)
    of_cell = commands.add_parser("revision", help="write a cell's next revision")
    of_cell.add_argument("cell")
    of_cell.add_argument("-m", "--message", required=True)
    of_kit = commands.add_parser("kit", help="write the revision of one of the kit's features")
    of_kit.add_argument("feature")
    options = parser.parse_args()
    if options.command == "kit":
        sys.stdout.write(f"{write_kit_revision(options.feature)}\n")
        return
    from cellkit.testing.postgres import Cluster  # noqa: PLC0415 - only this command needs a throw-away cluster

    cell = importlib.import_module(f"cell_{options.cell}.app").cell
    folder = Path(str(files(cell.package))) / "migrations" / "versions"
    number = len(list(folder.glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as temporary:
        cluster = Cluster()
        cluster.start(Path(temporary))
        try:
            owner_url, _ = cluster.create_database(options.cell)
            written = write_revision(owner_url, cell.package, cell.documents, options.message, f"{number:04}")
            sys.stdout.write(f"{written}\n")
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
