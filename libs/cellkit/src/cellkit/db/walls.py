"""SQL that migrations run besides the tables: the tenant wall and the search functions behind it."""

from __future__ import annotations

from cellkit.db.kit_tables import SYSTEM_TENANT

CURRENT_TENANT = "nullif(current_setting('cellkit.tenant', true), '')::uuid"


def tenant_wall(table: str, *, kit: bool = False) -> list[str]:
    """Row-level security for a table; the kit's own tables are open to its background work as well.

    The owner is not subject to it (migrations and the search functions run as owner); services connect as a role
    that owns nothing. Where one role does both, ``force_walls`` is called after the migration.
    """
    rule = f"tenant_id = {CURRENT_TENANT}"
    if kit:
        rule = f"({rule} OR {CURRENT_TENANT} = '{SYSTEM_TENANT}'::uuid)"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant_wall ON "{table}" USING ({rule}) WITH CHECK ({rule})',
    ]


def search_function(table: str) -> list[str]:
    """A trigram index and the function that uses it.

    ``LIKE`` is not leakproof, so under row-level security PostgreSQL may not use an index for it. The function runs
    as the table's owner and keeps the wall itself: it knows no tenant but the connection's own. The index's list of
    pending entries is kept short, because every search reads all of it: after an import it took 15 ms to do so.
    """
    return [
        (
            f'CREATE INDEX "ix_{table}_search" ON "{table}" USING gin (search_text gin_trgm_ops) '
            "WITH (gin_pending_list_limit = 128)"
        ),
        f"""CREATE FUNCTION "{table}_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "{table}" WHERE tenant_id = {CURRENT_TENANT.replace("'", "''")}'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$""",
    ]


FORCE_WALLS = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname = 'public' AND rowsecurity
    LOOP
        EXECUTE 'ALTER TABLE ' || name || ' FORCE ROW LEVEL SECURITY';
    END LOOP;
END $$
"""
