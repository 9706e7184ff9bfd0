-- Settings that operators change at run time; each change is a version with all values that differ from the defaults.
CREATE TABLE configuration_versions (
    version     bigint PRIMARY KEY,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    actor       text NOT NULL,
    action      text NOT NULL,
    reason      text NOT NULL,
    content     jsonb NOT NULL,
    difference  jsonb NOT NULL
);
