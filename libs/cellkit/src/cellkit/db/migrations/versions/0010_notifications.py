"""Notifications.

Revision ID: kit_0010
"""

from cellkit.db.migrate import run_all

revision = "kit_0010"
down_revision = "kit_0009"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_notification_channel (
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
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    kinds JSONB,
    active BOOLEAN,
    language TEXT,
    link_base TEXT,
    host TEXT,
    port BIGINT,
    security TEXT,
    username TEXT,
    password TEXT,
    sender TEXT,
    sender_name TEXT,
    allowed_domains TEXT,
    url TEXT,
    secret TEXT,
    per_minute BIGINT,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_notification_channel PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE UNIQUE INDEX uq_kit_notification_channel_code ON kit_notification_channel (tenant_id, code)
""",
    """
CREATE UNIQUE INDEX uq_kit_notification_channel_source ON kit_notification_channel (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_notification_channel" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification_channel" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_notification_channel_search" ON "kit_notification_channel" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_notification_channel_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_notification_channel" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_notification_rule (
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
    name TEXT NOT NULL,
    entity TEXT NOT NULL,
    happens TEXT NOT NULL,
    condition TEXT,
    kind TEXT NOT NULL,
    recipients JSONB NOT NULL,
    skip_actor BOOLEAN,
    channels JSONB,
    must_read BOOLEAN,
    active BOOLEAN,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_notification_rule PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_notification_rule_entity ON kit_notification_rule (tenant_id, entity, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_notification_rule_source ON kit_notification_rule (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_notification_rule" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification_rule" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_notification_rule_search" ON "kit_notification_rule" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_notification_rule_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_notification_rule" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_notification_template (
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
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT,
    text_zh TEXT NOT NULL,
    text_en TEXT,
    must_read BOOLEAN,
    active BOOLEAN,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_notification_template PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE UNIQUE INDEX uq_kit_notification_template_kind ON kit_notification_template (tenant_id, kind)
""",
    """
CREATE UNIQUE INDEX uq_kit_notification_template_source ON kit_notification_template (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_notification_template" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification_template" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_notification_template_search" ON "kit_notification_template" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_notification_template_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_notification_template" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_notification (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    batch_id UUID NOT NULL,
    kind TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    details TEXT,
    link TEXT,
    entity TEXT,
    entity_id TEXT,
    must_read BOOLEAN NOT NULL,
    actor TEXT NOT NULL,
    channels TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    routed_at TIMESTAMP WITH TIME ZONE,
    read_at TIMESTAMP WITH TIME ZONE,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    archived_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_notification_batch ON kit_notification (tenant_id, batch_id)
""",
    """
CREATE INDEX ix_kit_notification_created_at ON kit_notification USING brin (created_at) WITH (autosummarize = on)
""",
    """
CREATE INDEX ix_kit_notification_inbox ON kit_notification (tenant_id, user_id, id) WHERE archived_at IS NULL
""",
    """
CREATE INDEX ix_kit_notification_unread ON kit_notification (tenant_id, user_id, must_read, id) WHERE archived_at IS NULL AND read_at IS NULL
""",
    """
CREATE INDEX ix_kit_notification_unrouted ON kit_notification (id) WHERE routed_at IS NULL
""",
    """
CREATE INDEX ix_kit_notification_user ON kit_notification (tenant_id, user_id, id)
""",
    """
ALTER TABLE "kit_notification" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_notification_delivery (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    notification_id UUID NOT NULL,
    channel_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    digest_at TIMESTAMP WITH TIME ZONE,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tried_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ck_kit_notification_delivery_state CHECK (state IN ('pending', 'sending', 'sent', 'dead', 'discarded'))
)
""",
    """
CREATE INDEX ix_kit_notification_delivery_due ON kit_notification_delivery (next_at, id) WHERE state IN ('pending', 'sending')
""",
    """
CREATE INDEX ix_kit_notification_delivery_pace ON kit_notification_delivery (tenant_id, channel_id, tried_at)
""",
    """
CREATE INDEX ix_kit_notification_delivery_state ON kit_notification_delivery (tenant_id, state, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_notification_delivery_once ON kit_notification_delivery (tenant_id, notification_id, channel_id, user_id)
""",
    """
ALTER TABLE "kit_notification_delivery" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification_delivery" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_notification_preference (
    tenant_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    settings JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
)
""",
    """
ALTER TABLE "kit_notification_preference" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification_preference" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_notification_trigger (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    happened TEXT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    details TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_notification_trigger_next ON kit_notification_trigger (next_at, id)
""",
    """
ALTER TABLE "kit_notification_trigger" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_notification_trigger" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
