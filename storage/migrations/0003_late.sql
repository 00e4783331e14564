-- What is overdue after a gap is asked about in one message; what an editor chose there can be taken back.

CREATE TABLE late (
  id         INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  state      TEXT    NOT NULL CHECK (state IN ('open', 'answered', 'settled', 'replaced')),
  version    INTEGER NOT NULL DEFAULT 1,  -- of what editors decided: buttons carry it
  act        TEXT,                        -- NULL: nobody chose yet; else what an editor chose
  gap_from   INTEGER,                     -- NULL: the bot was there all the time
  gap_until  INTEGER,                     -- NULL: the bot was there all the time
  asked_at   INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by INTEGER NOT NULL             -- Telegram's number of the editor; 0: the bot itself
) STRICT;
CREATE INDEX late_live ON late (channel_id) WHERE state IN ('open', 'answered');

CREATE TABLE late_entry (
  late_id    INTEGER NOT NULL REFERENCES late (id),
  place      INTEGER NOT NULL,            -- from 1, by the time that passed
  post_id    INTEGER REFERENCES post (id),      -- NULL: an edition
  edition_id INTEGER REFERENCES edition (id),   -- NULL: a post
  due_at     INTEGER NOT NULL,            -- the time that passed
  outcome    TEXT    NOT NULL DEFAULT '', -- what the choice made of it; '': nothing
  became_at  INTEGER,                     -- NULL: it has no new time
  mark       INTEGER,                     -- NULL: nothing to take back; else by what one sees that it still stands so
  PRIMARY KEY (late_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX late_entry_post ON late_entry (post_id, due_at) WHERE post_id IS NOT NULL;
CREATE INDEX late_entry_edition ON late_entry (edition_id) WHERE edition_id IS NOT NULL;

CREATE INDEX post_missed ON post (channel_id) WHERE state = 'missed';
