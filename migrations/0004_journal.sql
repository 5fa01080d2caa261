-- What is not yet in step with Google, and how a repeated request is known again.

-- One journalled intent against a calendar.
CREATE TABLE operations (
    operation_id   TEXT NOT NULL PRIMARY KEY,
    appointment_id TEXT NOT NULL REFERENCES appointments (appointment_id),
    calendar_id    TEXT NOT NULL,
    kind           TEXT NOT NULL,                     -- booking, cancellation
    flow           TEXT NOT NULL CHECK (json_valid(flow)), -- the recovery point
    tries          INTEGER NOT NULL CHECK (tries >= 0),
    next_try_at    INTEGER,
    last_error     TEXT,
    created_at     INTEGER NOT NULL,
    -- what an appointment that is booked again was before, for when that is refused
    prior          TEXT CHECK (json_valid(prior)),
    lease_owner    TEXT,                              -- the desk that carries it out
    lease_until    INTEGER,
    done_at        INTEGER,
    outcome        TEXT,
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK ((done_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operations_open ON operations (appointment_id) WHERE done_at IS NULL;
CREATE INDEX operations_by_appointment ON operations (appointment_id);

-- Where a person must choose. A visit has one open item at most.
CREATE TABLE repair_items (
    item_no        INTEGER PRIMARY KEY,
    appointment_id TEXT NOT NULL REFERENCES appointments (appointment_id),
    cause          TEXT NOT NULL,
    sentence       TEXT NOT NULL,
    since          INTEGER NOT NULL,
    resolved_at    INTEGER,
    resolved_by    TEXT,
    how            TEXT,
    CHECK ((resolved_at IS NULL) = (how IS NULL))
) STRICT;

CREATE UNIQUE INDEX repair_items_open ON repair_items (appointment_id) WHERE resolved_at IS NULL;
CREATE INDEX repair_items_by_appointment ON repair_items (appointment_id);

-- The same key with the same parameters answers with the same appointment, for seven days.
CREATE TABLE idempotency_keys (
    key            TEXT NOT NULL PRIMARY KEY,
    fingerprint    TEXT NOT NULL,
    appointment_id TEXT NOT NULL REFERENCES appointments (appointment_id),
    created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_appointment ON idempotency_keys (appointment_id);
