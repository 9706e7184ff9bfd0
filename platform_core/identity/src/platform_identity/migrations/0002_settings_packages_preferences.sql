-- What a tenant may use: a package names cells and features and sets quotas. Without a package, and where a value is
-- null, nothing is limited.
CREATE TABLE packages (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    cells text[],
    features text[] NOT NULL DEFAULT '{}',
    most_users integer CHECK (most_users > 0),
    storage_bytes bigint CHECK (storage_bytes > 0),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX packages_code ON packages (lower(code));

ALTER TABLE tenants ADD COLUMN package_id uuid REFERENCES packages (id);
CREATE INDEX tenants_package ON tenants (package_id) WHERE package_id IS NOT NULL;

-- Only what differs from the defaults that the service itself knows.
ALTER TABLE tenants ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
ALTER TABLE tenants ADD COLUMN settings_version integer NOT NULL DEFAULT 1;

-- Asked at login, at every refresh and for every role document; one place says when a password has to be changed.
CREATE FUNCTION password_is_due(must_change boolean, changed_at timestamptz, settings jsonb)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT must_change OR coalesce(
        nullif((settings ->> 'password_expire_days')::integer, 0) IS NOT NULL
        AND changed_at < now() - make_interval(days => (settings ->> 'password_expire_days')::integer), false)
$$;

-- How long a session lives without being used, in seconds: the platform's own time, or less where the tenant says so.
CREATE FUNCTION unused_seconds(platforms double precision, settings jsonb)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT least(platforms, nullif((settings ->> 'session_idle_minutes')::integer, 0) * 60::double precision)
$$;

-- Until when an access token of the session may be alive: an ended session is told to the cells for as long.
ALTER TABLE sessions ADD COLUMN tokens_until timestamptz NOT NULL DEFAULT now() + interval '1 hour';
CREATE INDEX sessions_ended ON sessions (tenant_id, user_id, tokens_until) WHERE ended_at IS NOT NULL;
-- The list of live sessions goes by the time they were last used, or begun.
CREATE INDEX sessions_live ON sessions (tenant_id, last_used_at, id) WHERE ended_at IS NULL;

CREATE TABLE user_preferences (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    value jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
ALTER TABLE user_preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_preferences FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON user_preferences
    USING (tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid)
    WITH CHECK (tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid);
