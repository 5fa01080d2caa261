-- Moves of visits to another time.

-- The new time of a visit that is being moved: taken for everybody else until the move has ended.
CREATE TABLE held_times (
    appointment_id TEXT NOT NULL PRIMARY KEY REFERENCES appointments (appointment_id),
    doctor_id      TEXT NOT NULL REFERENCES doctors (doctor_id),
    starts_at      INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    buffer_before  INTEGER NOT NULL CHECK (buffer_before BETWEEN 0 AND 120), -- minutes
    buffer_after   INTEGER NOT NULL CHECK (buffer_after BETWEEN 0 AND 120),
    CHECK (ends_at > starts_at AND ends_at - starts_at <= 86400)
) STRICT, WITHOUT ROWID;

-- The same rule as between visits (see 0003).
CREATE TRIGGER held_times_no_overlap BEFORE INSERT ON held_times
BEGIN
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointments AS o INDEXED BY appointments_by_doctor
        WHERE o.doctor_id = new.doctor_id
          AND o.starts_at > new.starts_at - 93600 AND o.starts_at < new.ends_at + 7200
          AND o.status IN ('pending', 'confirmed')
          AND o.appointment_id <> new.appointment_id
          AND ((new.starts_at < o.ends_at + 60 * o.buffer_after
                AND o.starts_at - 60 * o.buffer_before < new.ends_at)
            OR (o.starts_at < new.ends_at + 60 * new.buffer_after
                AND new.starts_at - 60 * new.buffer_before < o.ends_at)));
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM held_times AS o
        WHERE o.doctor_id = new.doctor_id AND o.appointment_id <> new.appointment_id
          AND ((new.starts_at < o.ends_at + 60 * o.buffer_after
                AND o.starts_at - 60 * o.buffer_before < new.ends_at)
            OR (o.starts_at < new.ends_at + 60 * new.buffer_after
                AND new.starts_at - 60 * new.buffer_before < o.ends_at)));
END;

CREATE TRIGGER appointments_no_held_time_insert BEFORE INSERT ON appointments
WHEN new.status IN ('pending', 'confirmed') AND new.in_conflict = 0
BEGIN
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM held_times AS o
        WHERE o.doctor_id = new.doctor_id AND o.appointment_id <> new.appointment_id
          AND ((new.starts_at < o.ends_at + 60 * o.buffer_after
                AND o.starts_at - 60 * o.buffer_before < new.ends_at)
            OR (o.starts_at < new.ends_at + 60 * new.buffer_after
                AND new.starts_at - 60 * new.buffer_before < o.ends_at)));
END;

CREATE TRIGGER appointments_no_held_time_update
BEFORE UPDATE OF starts_at, ends_at, status, in_conflict, buffer_before, buffer_after, doctor_id
ON appointments
WHEN new.status IN ('pending', 'confirmed') AND new.in_conflict = 0
 AND (old.status NOT IN ('pending', 'confirmed') OR old.in_conflict = 1
   OR new.starts_at <> old.starts_at OR new.ends_at <> old.ends_at
   OR new.buffer_before <> old.buffer_before OR new.buffer_after <> old.buffer_after
   OR new.doctor_id <> old.doctor_id)
BEGIN
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM held_times AS o
        WHERE o.doctor_id = new.doctor_id AND o.appointment_id <> new.appointment_id
          AND ((new.starts_at < o.ends_at + 60 * o.buffer_after
                AND o.starts_at - 60 * o.buffer_before < new.ends_at)
            OR (o.starts_at < new.ends_at + 60 * new.buffer_after
                AND new.starts_at - 60 * new.buffer_before < o.ends_at)));
END;

-- A move can be undone as well.
DROP INDEX audit_acts;
CREATE INDEX audit_acts ON audit (desk, at) WHERE action IN ('book', 'rebook', 'cancel', 'move');
