-- Global tables: a login finds its tenant by code, and keys and locks belong to no tenant.
CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    is_operator boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    language text NOT NULL DEFAULT 'zh-CN',
    time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tenants_code ON tenants (lower(code));

CREATE TABLE signing_keys (
    id text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('next', 'current', 'previous', 'retired')),
    private_key text,
    public_key jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz,
    retires_at timestamptz
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state = 'current';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (state) WHERE state = 'next';

-- Keyed by a digest of tenant code and username, so that unknown names lock exactly like known ones.
CREATE TABLE login_locks (
    name_key bytea PRIMARY KEY,
    failures integer NOT NULL,
    locked_until timestamptz,
    last_failure_at timestamptz NOT NULL
);
CREATE INDEX login_locks_age ON login_locks (last_failure_at);

-- Tenant-owned tables, behind the wall below.
CREATE TABLE departments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL,
    parent_id uuid,
    name text NOT NULL,
    path text NOT NULL,
    leader_id uuid,
    sort_order integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES departments (tenant_id, id)
);
CREATE INDEX departments_path ON departments (tenant_id, path text_pattern_ops);
CREATE INDEX departments_leader ON departments (tenant_id, leader_id) WHERE leader_id IS NOT NULL;
CREATE UNIQUE INDEX departments_name
    ON departments (tenant_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name);

CREATE TABLE users (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL,
    username text NOT NULL,
    display_name text NOT NULL,
    department_id uuid,
    password_hash text NOT NULL,
    password_changed_at timestamptz NOT NULL DEFAULT now(),
    must_change_password boolean NOT NULL DEFAULT true,
    is_active boolean NOT NULL DEFAULT true,
    language text NOT NULL DEFAULT 'zh-CN',
    time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
    last_login_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
);
CREATE UNIQUE INDEX users_username ON users (tenant_id, lower(username));
CREATE INDEX users_department ON users (tenant_id, department_id);
ALTER TABLE departments ADD FOREIGN KEY (tenant_id, leader_id) REFERENCES users (tenant_id, id);

CREATE TABLE password_history (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

CREATE TABLE roles (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    permissions text[] NOT NULL DEFAULT '{}',
    default_scope text NOT NULL DEFAULT 'self',
    scopes jsonb NOT NULL DEFAULT '{}',
    custom_department_ids jsonb NOT NULL DEFAULT '{}',
    field_rules jsonb NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX roles_code ON roles (tenant_id, lower(code));

CREATE TABLE user_roles (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE INDEX user_roles_role ON user_roles (tenant_id, role_id);

CREATE TABLE sessions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    sequence integer NOT NULL DEFAULT 0,
    nonce bytea NOT NULL,
    address text NOT NULL DEFAULT '',
    device text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_age ON sessions (expires_at);

CREATE TABLE idempotency (
    tenant_id uuid NOT NULL,
    user_id text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    request_id text NOT NULL,
    body_digest bytea NOT NULL,
    status integer,
    location text,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id, method, path, request_id)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE audit (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id text NOT NULL,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id text NOT NULL,
    before text,
    after text,
    request_id text NOT NULL,
    address text NOT NULL,
    row_hash bytea NOT NULL,
    sequence bigint,
    chain_hash bytea,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX audit_chain ON audit (tenant_id, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX audit_open ON audit (tenant_id, id) WHERE sequence IS NULL;
CREATE INDEX audit_entity ON audit (tenant_id, entity, entity_id, id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL
        AND (to_jsonb(NEW) - '{sequence,chain_hash}'::text[]) = (to_jsonb(OLD) - '{sequence,chain_hash}'::text[])
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- The tenant wall. Forced, because one role may be owner and run-time role at once. The nil tenant is the service's own
-- background work: it seals audit trails and sweeps what is out of date, and sees no other table.
DO $$
DECLARE
    name text;
    own CONSTANT text := 'nullif(current_setting(''cellkit.tenant'', true), '''')::uuid';
    rule text;
BEGIN
    FOREACH name IN ARRAY ARRAY['departments', 'users', 'password_history', 'roles', 'user_roles', 'sessions',
                                'idempotency', 'audit']
    LOOP
        rule := format('tenant_id = %s', own);
        IF name IN ('sessions', 'idempotency', 'audit') THEN
            rule := format('(%s OR %s = ''00000000-0000-0000-0000-000000000000''::uuid)', rule, own);
        END IF;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant_wall ON %I USING (%s) WITH CHECK (%s)', name, rule, rule);
    END LOOP;
END $$;
