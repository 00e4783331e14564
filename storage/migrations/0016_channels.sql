-- Channels and their schedules, set by editors in the chat.

ALTER TABLE channel ADD COLUMN version INTEGER NOT NULL DEFAULT 1;  -- counts what editors changed, schedule and all
ALTER TABLE channel ADD COLUMN changed_at INTEGER;       -- NULL: no editor changed anything
ALTER TABLE channel ADD COLUMN changed_by INTEGER;       -- NULL: no editor changed anything

-- 0: as the environment says again; of the row only since_at counts.
ALTER TABLE rubric ADD COLUMN own INTEGER NOT NULL DEFAULT 1 CHECK (own IN (0, 1));

CREATE TABLE channel_wish (             -- what of a channel editors set themselves; no row: as the environment says
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  field      TEXT    NOT NULL,          -- language, sections, signature, quiet, picture, pins
  at         INTEGER NOT NULL,
  editor     INTEGER NOT NULL,
  PRIMARY KEY (channel_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE welcome (                  -- a channel that made the bot its administrator, and what editors said to it
  chat_id  INTEGER PRIMARY KEY,         -- Telegram's own number
  name     TEXT,                        -- NULL: it has no @name
  title    TEXT    NOT NULL,
  state    TEXT    NOT NULL CHECK (state IN ('quiet', 'asked', 'declined', 'taken', 'left')),
  rights   TEXT    NOT NULL,            -- those the bot has there, with spaces between: post edit delete
  added_by INTEGER NOT NULL,            -- who made it so
  at       INTEGER NOT NULL,
  asked_at INTEGER                      -- NULL: the editors were not asked, another question stood unanswered
) STRICT;
