-- What the practice calendar keeps. Times are seconds since 1970 (UTC) where they bound a search,
-- milliseconds where they date a change.

CREATE TABLE account (
    epoch TEXT NOT NULL              -- names this file: sync tokens of another one are refused
) STRICT;

CREATE TABLE calendar (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    summary     TEXT NOT NULL,
    description TEXT,
    location    TEXT,
    time_zone   TEXT NOT NULL,
    change      INTEGER NOT NULL DEFAULT 0, -- the last change given out; each write takes the next
    oldest      INTEGER NOT NULL DEFAULT 0, -- sync tokens older than this change are gone (410)
    updated_ms  INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
    number      INTEGER PRIMARY KEY,
    calendar    INTEGER NOT NULL REFERENCES calendar (number),
    id          TEXT NOT NULL,
    base        TEXT,                -- the recurring event that this instance departs from
    original_at INTEGER,             -- when the instance would have begun
    change      INTEGER NOT NULL,
    updated_ms  INTEGER NOT NULL,
    status      INTEGER NOT NULL,    -- 0 confirmed, 1 tentative, 2 cancelled
    blocks      INTEGER NOT NULL,    -- 1: counts as busy
    reach       INTEGER NOT NULL,    -- 0: at most a day long, 1: longer, 2: recurring
    start_at    INTEGER NOT NULL,
    end_at      INTEGER NOT NULL,    -- of a recurring event: the end of its last instance
    ical_uid    TEXT,                -- where it is not <id>@google.com
    body        TEXT NOT NULL,       -- the resource as it is answered
    UNIQUE (calendar, id)
) STRICT;

CREATE INDEX event_by_time ON event (calendar, reach, start_at, end_at);
CREATE INDEX event_busy ON event (calendar, reach, start_at, end_at) WHERE blocks = 1;
CREATE INDEX event_by_change ON event (calendar, change);
CREATE INDEX event_instances ON event (calendar, base, original_at) WHERE base IS NOT NULL;
CREATE INDEX event_by_ical_uid ON event (calendar, ical_uid) WHERE ical_uid IS NOT NULL;

-- What a recurring event was before its times or rule changed: tells a program that synchronises
-- single instances which of them are gone.
CREATE TABLE former (
    calendar    INTEGER NOT NULL REFERENCES calendar (number),
    id          TEXT NOT NULL,
    change      INTEGER NOT NULL,    -- the change that ended it
    body        TEXT NOT NULL,
    PRIMARY KEY (calendar, id, change)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    id            TEXT PRIMARY KEY,
    calendar      INTEGER NOT NULL REFERENCES calendar (number),
    resource_id   TEXT NOT NULL,
    address       TEXT NOT NULL,
    token         TEXT,
    expiration_ms INTEGER NOT NULL,
    messages      INTEGER NOT NULL DEFAULT 0
) STRICT;
