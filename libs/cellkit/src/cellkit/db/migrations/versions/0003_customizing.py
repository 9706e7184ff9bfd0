"""Custom fields and dictionaries.

Revision ID: kit_0003
"""

from cellkit.db.migrate import run_all

revision = "kit_0003"
down_revision = "kit_0002"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_custom_field (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    owner_id TEXT,
    department_id TEXT,
    source TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    entity TEXT NOT NULL,
    name TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT,
    kind TEXT NOT NULL,
    required BOOLEAN,
    default_value JSONB,
    min_value NUMERIC(24, 6),
    max_value NUMERIC(24, 6),
    scale BIGINT,
    max_length BIGINT,
    choices JSONB,
    dictionary TEXT,
    target TEXT,
    parent TEXT,
    currency TEXT,
    unit TEXT,
    format TEXT,
    in_list BOOLEAN,
    in_search BOOLEAN,
    mask TEXT,
    help_zh TEXT,
    help_en TEXT,
    sequence BIGINT,
    always_editable BOOLEAN,
    active BOOLEAN,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_custom_field PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_kit_custom_field_entity_name UNIQUE (tenant_id, entity, name)
)
""",
    """
CREATE INDEX ix_kit_custom_field_entity ON kit_custom_field (tenant_id, entity, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_custom_field_source ON kit_custom_field (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_custom_field" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_custom_field" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_custom_field_search" ON "kit_custom_field" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_custom_field_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_custom_field" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_dictionary (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    owner_id TEXT,
    department_id TEXT,
    source TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    code TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT,
    note TEXT,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_dictionary PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE UNIQUE INDEX uq_kit_dictionary_code ON kit_dictionary (tenant_id, code)
""",
    """
CREATE UNIQUE INDEX uq_kit_dictionary_source ON kit_dictionary (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_dictionary" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_dictionary" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_dictionary_search" ON "kit_dictionary" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_dictionary_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_dictionary" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_dictionary_item (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    parent_id UUID NOT NULL,
    line_no BIGINT NOT NULL,
    code TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT,
    parent TEXT,
    colour TEXT,
    sequence BIGINT,
    active BOOLEAN,
    valid_from DATE,
    valid_to DATE,
    CONSTRAINT pk_kit_dictionary_item PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_kit_dictionary_item_parent FOREIGN KEY(tenant_id, parent_id) REFERENCES kit_dictionary (tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
)
""",
    """
CREATE INDEX ix_kit_dictionary_item_parent ON kit_dictionary_item (tenant_id, parent_id, line_no)
""",
    """
ALTER TABLE "kit_dictionary_item" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_dictionary_item" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_definition (
    tenant_id UUID NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
)
""",
    """
CREATE INDEX ix_kit_definition_changed ON kit_definition (changed)
""",
    """
ALTER TABLE "kit_definition" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_definition" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE FUNCTION kit_definition_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO kit_definition AS d (tenant_id, changed)
    VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END,
        pg_current_xact_id()::text::bigint)
    ON CONFLICT (tenant_id) DO UPDATE SET changed = excluded.changed WHERE d.changed <> excluded.changed;
    RETURN NULL;
END $$
""",
    """
CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON kit_custom_field FOR EACH ROW EXECUTE FUNCTION kit_definition_changed()
""",
    """
CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON kit_dictionary FOR EACH ROW EXECUTE FUNCTION kit_definition_changed()
""",
    """
CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON kit_dictionary_item FOR EACH ROW EXECUTE FUNCTION kit_definition_changed()
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
