-- What Google's calendars say, event by event; what people are told; what may be asked.

-- How far a calendar's events were read (see 0005). Events that ended before `since` are not known.
ALTER TABLE cursors ADD COLUMN since INTEGER;
ALTER TABLE cursors ADD COLUMN zone TEXT;                  -- the calendar's own
-- Set when so much of a calendar was gone or moved at once that nothing was applied until an admin looks.
ALTER TABLE cursors ADD COLUMN braked_at INTEGER;
ALTER TABLE cursors ADD COLUMN brake TEXT;                 -- the sentence
ALTER TABLE cursors ADD COLUMN brake_released INTEGER NOT NULL DEFAULT 0 CHECK (brake_released IN (0, 1));

-- Every event that is known to be in a calendar: people's entries, and what Google has of our visits.
CREATE TABLE calendar_events (
    calendar_id    TEXT NOT NULL,
    event_id       TEXT NOT NULL,
    etag           TEXT,
    starts_at      INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL CHECK (ends_at > starts_at),
    all_day        INTEGER NOT NULL CHECK (all_day IN (0, 1)),
    -- why it takes its owner's time; none: it takes none (marked free, declined, a working location)
    reason         TEXT,
    title          TEXT NOT NULL,         -- of a person's entry only where the clinic shows titles
    updated_at     INTEGER,               -- by Google's clock
    appointment_id TEXT,                  -- whose event it is, if it bears our mark
    PRIMARY KEY (calendar_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX calendar_events_by_time ON calendar_events (calendar_id, starts_at, ends_at);
-- What people put into their calendars, without the many visits: what a day of the grid names, answered from the
-- index alone.
CREATE INDEX calendar_events_of_people
    ON calendar_events (calendar_id, starts_at, ends_at, all_day, reason, title, appointment_id)
    WHERE appointment_id IS NULL;
-- The few that last longer than the longest day has hours (25), so that the others are found near their start.
CREATE INDEX calendar_events_long ON calendar_events (calendar_id, ends_at)
    WHERE ends_at - starts_at > 90000;
CREATE INDEX calendar_events_by_appointment ON calendar_events (appointment_id)
    WHERE appointment_id IS NOT NULL;

-- Events that a read has brought and that could not be judged then, because something was still under way:
-- the next read asks about each of them by itself.
CREATE TABLE events_to_read (
    calendar_id    TEXT NOT NULL,
    event_id       TEXT NOT NULL,
    appointment_id TEXT,                  -- not before no operation on it is open
    due_at         INTEGER NOT NULL,
    PRIMARY KEY (calendar_id, event_id)
) STRICT, WITHOUT ROWID;

-- What people are told. Admins see all of it, a doctor what concerns them.
CREATE TABLE notices (
    notice_no      INTEGER PRIMARY KEY,
    at             INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    sentence       TEXT NOT NULL,
    doctor_id      TEXT REFERENCES doctors (doctor_id),
    appointment_id TEXT REFERENCES appointments (appointment_id),
    calendar_id    TEXT
) STRICT;

CREATE INDEX notices_by_time ON notices (at);
-- What is unread about a thing is not told twice.
CREATE INDEX notices_by_appointment ON notices (appointment_id);

-- Who has read what.
CREATE TABLE notice_reads (
    notice_no INTEGER NOT NULL REFERENCES notices (notice_no) ON DELETE CASCADE,
    reader    TEXT NOT NULL,
    read_at   INTEGER NOT NULL,
    PRIMARY KEY (notice_no, reader)
) STRICT, WITHOUT ROWID;

-- Requests to Google, by account ('': the only one) and minute (seconds since 1970 / 60).
CREATE TABLE requests (
    account TEXT NOT NULL,
    minute  INTEGER NOT NULL,
    used    INTEGER NOT NULL,
    PRIMARY KEY (account, minute)
) STRICT, WITHOUT ROWID;

-- Where Google tells us that a calendar has changed. A row stands before Google is asked, so that no
-- channel is open that nobody knows of. The token is kept as its SHA-256.
CREATE TABLE watch_channels (
    channel_id  TEXT NOT NULL PRIMARY KEY,
    calendar_id TEXT NOT NULL,
    listener    TEXT NOT NULL,         -- the address on this machine at which its program listens
    resource_id TEXT,                  -- Google's name for what is watched; none: it has not answered yet
    token_hash  BLOB NOT NULL CHECK (length(token_hash) = 32),
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX watch_channels_by_calendar ON watch_channels (calendar_id, expires_at);

-- When it was noticed that the database had been put back from a backup: operations that were open by then
-- wait until mirror and calendars were compared, since an old journal must not call off what stands by now.
ALTER TABLE meta ADD COLUMN restored_at INTEGER;

-- When the event of one visit was read by itself, outside of the sync, for somebody who is to choose about it.
CREATE TABLE event_looks (
    calendar_id TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    looked_at   INTEGER NOT NULL,
    PRIMARY KEY (calendar_id, event_id)
) STRICT, WITHOUT ROWID;

-- What a choice in the repair pane can be taken back to: the time that the visit had before Google's was
-- taken, and why it was to be called off before that was let be.
ALTER TABLE repair_items ADD COLUMN former_start INTEGER;
ALTER TABLE repair_items ADD COLUMN former_end INTEGER;
ALTER TABLE repair_items ADD COLUMN dropped_reason TEXT;

DROP INDEX audit_acts;
CREATE INDEX audit_acts ON audit (desk, at)
    WHERE action IN ('book', 'rebook', 'cancel', 'move', 'took_time', 'ignored');
