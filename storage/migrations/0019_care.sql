-- How editors look after what goes out: pauses, who writes at a post, and what is not to stand for ever.

CREATE TABLE pause (                    -- a channel that only urgent news went to for a while; one message each
  id         INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  since_at   INTEGER NOT NULL,
  since_by   INTEGER NOT NULL,
  ended_at   INTEGER,                   -- NULL: it lasts
  ended_by   INTEGER,                   -- NULL: it lasts
  act        TEXT    NOT NULL DEFAULT '' CHECK (act IN ('', 'resume', 'spread')),  -- how it ended
  version    INTEGER NOT NULL DEFAULT 1 -- of what editors decided: buttons carry it
) STRICT;
CREATE UNIQUE INDEX pause_lasting ON pause (channel_id) WHERE ended_at IS NULL;

CREATE TABLE pause_entry (              -- a post whose time fell into the pause, and what its end made of it
  pause_id  INTEGER NOT NULL REFERENCES pause (id),
  post_id   INTEGER NOT NULL REFERENCES post (id),
  due_at    INTEGER NOT NULL,           -- the time that passed
  mark      INTEGER NOT NULL,           -- while the post's row has this version, the end can be taken back
  PRIMARY KEY (pause_id, post_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE post ADD COLUMN stays_hours INTEGER;   -- NULL: it stays; else it is taken away so long after it went out
CREATE INDEX post_leaves ON post (stays_hours) WHERE stays_hours IS NOT NULL;
CREATE INDEX post_embargo ON post (embargo_at) WHERE embargo_at IS NOT NULL;

CREATE TABLE pin (                      -- messages of ours at the top of a chat, newest last; wanted, then done
  id         INTEGER PRIMARY KEY,
  intent     TEXT    NOT NULL,          -- the event whose message it is
  chat       TEXT    NOT NULL,
  place      TEXT    NOT NULL,          -- what it takes turns with: of these one stands
  wanted     INTEGER NOT NULL CHECK (wanted IN (0, 1)),
  done       INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
  trouble    TEXT,                      -- NULL: it may be tried; else Telegram's last word
  at         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pin_event ON pin (intent);
CREATE INDEX pin_wanted ON pin (id) WHERE wanted <> done AND trouble IS NULL;

CREATE TABLE lease (                    -- who writes new words for a post, and what they are before they are saved
  post_id      INTEGER PRIMARY KEY REFERENCES post (id),
  editor       INTEGER NOT NULL,
  until_at     INTEGER NOT NULL,        -- from then on anybody may
  titled       INTEGER NOT NULL DEFAULT 0 CHECK (titled IN (0, 1)),  -- 1: the reply is the headline alone
  content_json TEXT                     -- NULL: nothing was written yet; else what would be saved
) STRICT;
CREATE INDEX lease_until ON lease (until_at);

ALTER TABLE post_version ADD COLUMN below INTEGER NOT NULL DEFAULT 0 CHECK (below IN (0, 1));  -- 1: preview below text

CREATE TABLE board_look (               -- what the editors' board shows instead of the queue, for a while; one row
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  view     TEXT    NOT NULL CHECK (view IN ('day', 'pick', 'order')),
  day      TEXT,                        -- NULL: no other day; else YYYY-MM-DD of the newsroom's calendar
  post_id  INTEGER REFERENCES post (id),  -- NULL: no post is moved
  until_at INTEGER NOT NULL
) STRICT;

CREATE TABLE habit (                    -- what the whole newsroom decided in the chat; no row: off
  name       TEXT    NOT NULL PRIMARY KEY CHECK (name IN ('four_eyes')),
  is_on      INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  changed_at INTEGER NOT NULL,
  changed_by INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE approval (                 -- a post that waits, or waited, for a second editor
  post_id   INTEGER PRIMARY KEY REFERENCES post (id),
  asked_at  INTEGER NOT NULL,
  asked_by  INTEGER NOT NULL,           -- whoever may not approve it
  offered   INTEGER NOT NULL DEFAULT 0 CHECK (offered IN (0, 1))  -- 1: its card offers to go without a second one
) STRICT;
