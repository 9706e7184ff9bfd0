"""Imports as jobs.

Revision ID: kit_0005
"""

from cellkit.db.migrate import run_all

revision = "kit_0005"
down_revision = "kit_0004"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_import (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    document TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sheet BOOLEAN NOT NULL,
    size BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    encoding TEXT NOT NULL,
    rows BIGINT NOT NULL,
    headings JSONB NOT NULL,
    samples BYTEA NOT NULL,
    mapping JSONB NOT NULL,
    reasons JSONB NOT NULL,
    mode TEXT DEFAULT 'all' NOT NULL,
    existing TEXT DEFAULT 'create' NOT NULL,
    state TEXT DEFAULT 'uploaded' NOT NULL,
    documents BIGINT DEFAULT '0' NOT NULL,
    created BIGINT DEFAULT '0' NOT NULL,
    updated BIGINT DEFAULT '0' NOT NULL,
    unchanged BIGINT DEFAULT '0' NOT NULL,
    failed BIGINT DEFAULT '0' NOT NULL,
    error_count BIGINT DEFAULT '0' NOT NULL,
    undone BIGINT DEFAULT '0' NOT NULL,
    kept BIGINT DEFAULT '0' NOT NULL,
    job_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    committed_at TIMESTAMP WITH TIME ZONE,
    committed_by TEXT,
    undone_at TIMESTAMP WITH TIME ZONE,
    undone_by TEXT,
    has_file BOOLEAN DEFAULT true NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ck_kit_import_state CHECK (state IN ('uploaded', 'checked', 'committing', 'committed', 'undone'))
)
""",
    """
CREATE INDEX ix_kit_import_created_by ON kit_import (tenant_id, created_by, id)
""",
    """
CREATE INDEX ix_kit_import_document ON kit_import (tenant_id, document, id)
""",
    """
CREATE INDEX ix_kit_import_files ON kit_import (created_at) WHERE has_file
""",
    """
ALTER TABLE "kit_import" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_import" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_import_mapping (
    tenant_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    document TEXT NOT NULL,
    headings BYTEA NOT NULL,
    mapping JSONB NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, user_id, document, headings)
)
""",
    """
ALTER TABLE "kit_import_mapping" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_import_mapping" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_import_piece (
    tenant_id UUID NOT NULL,
    import_id UUID NOT NULL,
    piece INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, import_id, piece)
)
""",
    """
ALTER TABLE "kit_import_piece" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_import_piece" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_import_problem (
    tenant_id UUID NOT NULL,
    import_id UUID NOT NULL,
    position INTEGER NOT NULL,
    row BIGINT NOT NULL,
    "column" TEXT NOT NULL,
    field TEXT NOT NULL,
    rule TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, position)
)
""",
    """
ALTER TABLE "kit_import_problem" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_import_problem" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
