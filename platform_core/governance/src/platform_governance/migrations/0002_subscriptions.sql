-- When a cell first wanted a type of event: what was said after that moment must reach it, also from a producer that
-- learns of the subscription later.
CREATE TABLE subscriptions (
    cell        text NOT NULL REFERENCES cells (name) ON DELETE CASCADE,
    type        text NOT NULL,
    since       timestamptz NOT NULL,
    PRIMARY KEY (cell, type)
);

INSERT INTO subscriptions (cell, type, since)
SELECT DISTINCT cells.name, entry ->> 'type', cells.registered_at
FROM cells CROSS JOIN LATERAL jsonb_array_elements(coalesce(cells.manifest -> 'subscribes', '[]')) AS entry;
