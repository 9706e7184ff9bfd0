"""Look up leads by a similar company name.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The similarity operator is not leakproof, so under row-level security PostgreSQL would not use an index for it. The
# function runs as the owner and keeps the wall itself: it knows no tenant but the connection's own. 0.44 is what one
# character more in a name of five gives, the lowest of all single changes that RapidFuzz scores 90 or more; names
# whose lengths differ more cannot reach that score at all.
_FUNCTION = """
CREATE FUNCTION crm_lead_similar(names text[], most integer)
RETURNS TABLE (wanted text, id uuid, company_key text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET pg_trgm.similarity_threshold = 0.44 AS $$
    SELECT n.name, near.id, near.company_key
    FROM unnest(names) AS n (name)
    CROSS JOIN LATERAL (
        SELECT l.id, l.company_key FROM crm_lead l
        WHERE l.tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid
            AND l.company_key % n.name AND l.company_key <> n.name
            AND length(l.company_key) BETWEEN length(n.name) * 9 / 11 AND length(n.name) * 11 / 9 + 1
            AND l.state <> 'invalid'
        ORDER BY similarity(l.company_key, n.name) DESC, l.id
        LIMIT most
    ) AS near
$$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX ix_crm_lead_company_similar ON crm_lead USING gin (company_key gin_trgm_ops)")
    op.execute(_FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION crm_lead_similar(text[], integer)")
    op.execute("DROP INDEX ix_crm_lead_company_similar")
