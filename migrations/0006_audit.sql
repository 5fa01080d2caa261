-- Who did what, when. Rows are only added; each carries the hash of the one before, so that a row that
-- was changed or taken out shows. Words never hold notes about a person.
CREATE TABLE audit (
    seq            INTEGER PRIMARY KEY,               -- 1, 2, 3, without a gap
    at             INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    role           TEXT NOT NULL,
    desk           TEXT NOT NULL,
    action         TEXT NOT NULL,
    appointment_id TEXT,
    customer_id    TEXT,
    about          INTEGER REFERENCES audit (seq),    -- the row that this one undoes
    words          TEXT NOT NULL,
    prev_hash      BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash           BLOB NOT NULL CHECK (length(hash) = 32) -- see src/store/audit.rs
) STRICT;

CREATE INDEX audit_by_appointment ON audit (appointment_id, seq) WHERE appointment_id IS NOT NULL;
-- What a desk may want to undo.
CREATE INDEX audit_acts ON audit (desk, at) WHERE action IN ('book', 'rebook', 'cancel');
CREATE INDEX audit_about ON audit (about) WHERE about IS NOT NULL;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- INSERT OR REPLACE would get past the trigger on DELETE.
CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit
WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
