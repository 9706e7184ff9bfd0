CREATE TABLE cells (
    name        text PRIMARY KEY,
    label       jsonb NOT NULL,
    version     text NOT NULL,
    manifest    jsonb NOT NULL,
    light       text NOT NULL CHECK (light IN ('green', 'yellow', 'red')),
    reason      text NOT NULL,
    since       timestamptz NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE instances (
    id          uuid PRIMARY KEY,
    cell        text NOT NULL REFERENCES cells (name) ON DELETE CASCADE,
    url         text NOT NULL,
    version     text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (cell, url)
);

CREATE TABLE light_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cell        text NOT NULL,
    light       text NOT NULL,
    reason      text NOT NULL,
    changed_at  timestamptz NOT NULL
);
CREATE INDEX light_changes_by_cell ON light_changes (cell, id DESC);

CREATE TABLE route_versions (
    version     bigint PRIMARY KEY,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    actor       text NOT NULL,
    action      text NOT NULL,
    content     jsonb NOT NULL,
    difference  jsonb NOT NULL
);
