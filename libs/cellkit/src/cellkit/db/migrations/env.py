"""Alembic environment shared by the kit and the cells: the caller hands over the connection and the metadata."""

from alembic import context

config = context.config
connection = config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=config.attributes.get("metadata"),
    version_table=config.attributes["version_table"],
    include_object=config.attributes.get("include_object"),
    process_revision_directives=config.attributes.get("process_revision_directives"),
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
