-- What delivery must remember across a restart: whom it asked, how long a parcel may be late, where it may not write.

ALTER TABLE outbox ADD COLUMN stale_at INTEGER;   -- NULL: it is never too late; else later than this an editor is asked
ALTER TABLE outbox ADD COLUMN asked_at INTEGER;   -- NULL: nobody is asked; else since when it waits for an editor's word
ALTER TABLE outbox ADD COLUMN update_id INTEGER;  -- NULL: it goes out unasked; else the update from Telegram it answers
CREATE INDEX outbox_waiting ON outbox (priority, due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_wished ON outbox (priority, id) WHERE wanted_version > 1;
CREATE INDEX outbox_doubt ON outbox (chat) WHERE state = 'doubt';
CREATE INDEX outbox_asked ON outbox (asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX outbox_update ON outbox (update_id) WHERE update_id IS NOT NULL;

ALTER TABLE message ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;  -- to make it show what it should
ALTER TABLE message ADD COLUMN trouble TEXT;      -- NULL: the last try went well; else the last word of Telegram

CREATE INDEX chat_name ON chat (name COLLATE NOCASE) WHERE name IS NOT NULL;

CREATE TABLE trouble (                  -- where the bot cannot write now, until a person mends it
  chat     TEXT    NOT NULL PRIMARY KEY,   -- as parcels name it: @name or number; '*': Telegram as a whole
  kind     TEXT    NOT NULL CHECK (kind IN ('right', 'removed', 'absent', 'copy', 'token')),
  reason   TEXT    NOT NULL,               -- Telegram's word
  since_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
