"""When each tenant last defined something."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

metadata = sa.MetaData()

kit_definition = sa.Table(
    "kit_definition",
    metadata,
    sa.Column("tenant_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("changed", sa.BigInteger, nullable=False),
    sa.Index("ix_kit_definition_changed", "changed"),
)

# One row a tenant and change, whatever writes: requests, imports, restores.
STATEMENTS = (
    """CREATE FUNCTION kit_definition_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO kit_definition AS d (tenant_id, changed)
    VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END,
        pg_current_xact_id()::text::bigint)
    ON CONFLICT (tenant_id) DO UPDATE SET changed = excluded.changed WHERE d.changed <> excluded.changed;
    RETURN NULL;
END $$""",
    *(
        f"CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION kit_definition_changed()"
        for table in ("kit_custom_field", "kit_dictionary", "kit_dictionary_item")
    ),
)
