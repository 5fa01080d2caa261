-- What is known of Google's calendars.

-- How far a calendar's events were read, and which program reads on (of several on one database, one
-- polls each calendar).
CREATE TABLE cursors (
    calendar_id TEXT NOT NULL PRIMARY KEY,
    sync_token  TEXT,
    synced_at   INTEGER,
    lease_owner TEXT,
    lease_until INTEGER,
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT, WITHOUT ROWID;

-- Taken time as free/busy said it; the blocks of a calendar are apart from each other.
CREATE TABLE busy_blocks (
    calendar_id TEXT NOT NULL,
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL CHECK (ends_at > starts_at),
    PRIMARY KEY (calendar_id, starts_at)
) STRICT, WITHOUT ROWID;

-- Which stretch of a calendar was read when: stretches apart from each other, each with its last
-- successful read.
CREATE TABLE calendar_reads (
    calendar_id  TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    window_end   INTEGER NOT NULL CHECK (window_end > window_start),
    read_at      INTEGER NOT NULL,
    PRIMARY KEY (calendar_id, window_start)
) STRICT, WITHOUT ROWID;

-- When a calendar was last asked, and what went wrong if it did. unknown: the calendar itself said
-- that it cannot be read, so that what was read before counts no more.
CREATE TABLE calendar_tries (
    calendar_id TEXT NOT NULL PRIMARY KEY,
    tried_at    INTEGER NOT NULL,
    error       TEXT,
    unknown     INTEGER NOT NULL CHECK (unknown IN (0, 1)),
    CHECK (unknown = 0 OR error IS NOT NULL)
) STRICT, WITHOUT ROWID;
