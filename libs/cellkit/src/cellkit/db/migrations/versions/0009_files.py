"""Files.

Revision ID: kit_0009
"""

from cellkit.db.migrate import run_all

revision = "kit_0009"
down_revision = "kit_0008"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_file_blob (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    sha256 BYTEA NOT NULL,
    size BIGINT NOT NULL,
    sealed_key BYTEA,
    scan TEXT NOT NULL,
    scan_note TEXT,
    scan_tries INTEGER DEFAULT '0' NOT NULL,
    scan_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_kit_file_blob_sha256 UNIQUE (tenant_id, sha256),
    CONSTRAINT ck_kit_file_blob_scan CHECK (scan IN ('off', 'waiting', 'clean', 'infected', 'failed'))
)
""",
    """
CREATE INDEX ix_kit_file_blob_waiting ON kit_file_blob (created_at) WHERE scan = 'waiting'
""",
    """
ALTER TABLE "kit_file_blob" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_file_blob" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_file_usage (
    tenant_id UUID NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
)
""",
    """
ALTER TABLE "kit_file_usage" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_file_usage" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_file (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    blob_id UUID NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    state TEXT NOT NULL,
    entity TEXT,
    entity_id UUID,
    field TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    bound_at TIMESTAMP WITH TIME ZONE,
    removed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_kit_file_blob FOREIGN KEY(tenant_id, blob_id) REFERENCES kit_file_blob (tenant_id, id),
    CONSTRAINT ck_kit_file_state CHECK (state IN ('loose', 'current', 'superseded', 'removed'))
)
""",
    """
CREATE INDEX ix_kit_file_blob ON kit_file (tenant_id, blob_id)
""",
    """
CREATE INDEX ix_kit_file_entity ON kit_file (tenant_id, entity, entity_id, id)
""",
    """
CREATE INDEX ix_kit_file_loose ON kit_file (created_at) WHERE state = 'loose'
""",
    """
CREATE INDEX ix_kit_file_removed ON kit_file (removed_at) WHERE state = 'removed'
""",
    """
ALTER TABLE "kit_file" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_file" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
