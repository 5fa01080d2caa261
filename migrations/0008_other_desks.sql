-- Desks with databases of their own, and what Google shows only later.

-- Set once an event of another database of this clinic was met: from then on every booking takes the
-- full protocol, whatever the configuration says.
ALTER TABLE meta ADD COLUMN full_protocol INTEGER NOT NULL DEFAULT 0 CHECK (full_protocol IN (0, 1));

-- Times that were settled a moment ago and are looked at again for some minutes: Google does not promise
-- that a list shows what was written just before, and a request may land late.
CREATE TABLE second_looks (
    appointment_id TEXT NOT NULL PRIMARY KEY REFERENCES appointments (appointment_id),
    starts_at      INTEGER NOT NULL,   -- the time that was settled
    ends_at        INTEGER NOT NULL,
    settled_at     INTEGER NOT NULL,
    looks          INTEGER NOT NULL,   -- made so far
    due_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX second_looks_by_due ON second_looks (due_at);

-- Somebody was told that this is recorded and that the program goes on trying: what it came to in the
-- end, if it came to nothing, is for a person.
ALTER TABLE operations ADD COLUMN promised INTEGER NOT NULL DEFAULT 0 CHECK (promised IN (0, 1));

-- The event that a repair item is about, where it is not the visit's own: a hold that was left.
ALTER TABLE repair_items ADD COLUMN event_id TEXT;
