-- The clinic: doctors, services, and the identity of this database.
-- Everywhere in this schema a moment is INTEGER seconds since 1970 in UTC, a zone is the TEXT of an
-- IANA name, an id is TEXT, and a yes or no is 0 or 1.

-- One row: which database this is. Events in Google carry it, so that two databases of one clinic
-- know each other's.
CREATE TABLE meta (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    database_id TEXT NOT NULL
) STRICT;

-- A random UUID (version 4), made here so that two programs that create the file at once agree.
INSERT INTO meta (one, database_id)
SELECT 1, substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-a'
          || substr(h, 18, 3) || '-' || substr(h, 21, 12)
FROM (SELECT lower(hex(randomblob(16))) AS h);

CREATE TABLE doctors (
    doctor_id          TEXT NOT NULL PRIMARY KEY,
    doctor_name        TEXT NOT NULL CHECK (doctor_name <> ''),
    name_folded        TEXT NOT NULL,           -- small letters without accents
    google_calendar_id TEXT NOT NULL CHECK (google_calendar_id <> ''),
    specialty          TEXT NOT NULL,
    kind               TEXT NOT NULL CHECK (kind IN ('doctor', 'consultant', 'trainer', 'therapist')),
    zone               TEXT NOT NULL,
    hours              TEXT NOT NULL CHECK (json_valid(hours)), -- seven lists of windows, Monday first
    slot_minutes       INTEGER NOT NULL CHECK (slot_minutes BETWEEN 1 AND 1440),
    active             INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Names are how people ask for a doctor.
CREATE UNIQUE INDEX doctors_by_name ON doctors (name_folded) WHERE active = 1;

CREATE TABLE services (
    service_id    TEXT NOT NULL PRIMARY KEY,
    service_name  TEXT NOT NULL CHECK (service_name <> ''),
    name_folded   TEXT NOT NULL,
    minutes       INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    buffer_before INTEGER NOT NULL CHECK (buffer_before BETWEEN 0 AND 120), -- minutes
    buffer_after  INTEGER NOT NULL CHECK (buffer_after BETWEEN 0 AND 120),
    active        INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX services_by_name ON services (name_folded) WHERE active = 1;
