-- Visits. Stored in order of their start, so that a day among a million lies on a few pages
-- together; what is asked of every row comes first in it, long texts last.
CREATE TABLE appointments (
    -- starts_at * 65536 and a number that tells those of one second apart; changes with the start
    place               INTEGER PRIMARY KEY,
    starts_at           INTEGER NOT NULL CHECK (starts_at = place >> 16),
    ends_at             INTEGER NOT NULL,
    -- written with OR: for an IN list each write would build a table of its own
    status              TEXT NOT NULL CHECK (status = 'confirmed' OR status = 'pending'
                                             OR status = 'cancelled' OR status = 'refused'),
    sync_state          TEXT NOT NULL CHECK (sync_state = 'synced' OR sync_state = 'sync_pending'
                                             OR sync_state = 'needs_repair'),
    -- Stands in another visit's time, since somebody moved it there in Google; it then has, or had, a
    -- row in repair_items.
    in_conflict         INTEGER NOT NULL DEFAULT 0 CHECK (in_conflict IN (0, 1)),
    buffer_before       INTEGER NOT NULL CHECK (buffer_before BETWEEN 0 AND 120), -- minutes
    buffer_after        INTEGER NOT NULL CHECK (buffer_after BETWEEN 0 AND 120),
    rev                 INTEGER NOT NULL CHECK (rev >= 0),
    attempt             INTEGER NOT NULL CHECK (attempt >= 0),
    source              TEXT NOT NULL CHECK (source = 'desk' OR source = 'adopted' OR source = 'demo'),
    doctor_id           TEXT NOT NULL REFERENCES doctors (doctor_id),
    appointment_id      TEXT NOT NULL,
    zone                TEXT NOT NULL,
    doctor_name         TEXT NOT NULL,
    customer_id         TEXT NOT NULL REFERENCES customers (customer_id),
    customer_name       TEXT NOT NULL,
    service_id          TEXT REFERENCES services (service_id),
    service_name        TEXT NOT NULL,
    google_calendar_id  TEXT NOT NULL,
    google_event_id     TEXT,
    etag                TEXT,
    created_at          INTEGER NOT NULL,
    created_by          TEXT NOT NULL,
    cancelled_at        INTEGER,
    cancellation_reason TEXT,
    reason              TEXT NOT NULL,
    -- a day at most: whoever looks for visits in a stretch need not look further back
    CHECK (ends_at > starts_at AND ends_at - starts_at <= 86400)
) STRICT;

CREATE UNIQUE INDEX appointments_by_id ON appointments (appointment_id);
-- Covers the overlap trigger, slot search and the month.
CREATE INDEX appointments_by_doctor ON appointments
    (doctor_id, starts_at, ends_at, status, buffer_before, buffer_after);
CREATE INDEX appointments_by_customer ON appointments (customer_id, starts_at);
-- The few that last longer than two hours: for all others a stretch is widened by two hours only.
CREATE INDEX appointments_long ON appointments (starts_at) WHERE ends_at - starts_at > 7200;
CREATE INDEX appointments_unsettled ON appointments (sync_state) WHERE sync_state <> 'synced';
CREATE INDEX appointments_in_conflict ON appointments (doctor_id) WHERE in_conflict = 1;

-- No two visits of a doctor conflict (domain::service::conflict says what that is): one's visit may
-- not meet the other's visit and buffers. Only what is marked in_conflict passes. 93600 s is the
-- longest visit and the longest buffer, 7200 s the longest buffer.
CREATE TRIGGER appointments_no_overlap_insert BEFORE INSERT ON appointments
WHEN new.status IN ('pending', 'confirmed') AND new.in_conflict = 0
BEGIN
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointments AS o INDEXED BY appointments_by_doctor
        WHERE o.doctor_id = new.doctor_id
          AND o.starts_at > new.starts_at - 93600 AND o.starts_at < new.ends_at + 7200
          AND o.status IN ('pending', 'confirmed')
          AND ((new.starts_at < o.ends_at + 60 * o.buffer_after
                AND o.starts_at - 60 * o.buffer_before < new.ends_at)
            OR (o.starts_at < new.ends_at + 60 * new.buffer_after
                AND new.starts_at - 60 * new.buffer_before < o.ends_at)));
END;

-- On UPDATE only what takes new time is looked at: a visit that keeps its time can be confirmed
-- although another was moved onto it.
CREATE TRIGGER appointments_no_overlap_update
BEFORE UPDATE OF starts_at, ends_at, status, in_conflict, buffer_before, buffer_after, doctor_id
ON appointments
WHEN new.status IN ('pending', 'confirmed') AND new.in_conflict = 0
 AND (old.status NOT IN ('pending', 'confirmed') OR old.in_conflict = 1
   OR new.starts_at <> old.starts_at OR new.ends_at <> old.ends_at
   OR new.buffer_before <> old.buffer_before OR new.buffer_after <> old.buffer_after
   OR new.doctor_id <> old.doctor_id)
BEGIN
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointments AS o INDEXED BY appointments_by_doctor
        WHERE o.doctor_id = new.doctor_id
          AND o.starts_at > new.starts_at - 93600 AND o.starts_at < new.ends_at + 7200
          AND o.status IN ('pending', 'confirmed')
          AND o.place <> old.place
          AND ((new.starts_at < o.ends_at + 60 * o.buffer_after
                AND o.starts_at - 60 * o.buffer_before < new.ends_at)
            OR (o.starts_at < new.ends_at + 60 * new.buffer_after
                AND new.starts_at - 60 * new.buffer_before < o.ends_at)));
END;
