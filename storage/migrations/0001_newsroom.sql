-- The shapes of the newsroom. A shipped migration is history: change the schema by adding the next file.
-- *_at are unix seconds (UTC); *_json are JSON; NULL only where a comment says what it means.

CREATE TABLE setting (              -- what editors changed in the chat; wins over the environment
  channel_id INTEGER NOT NULL,      -- 0: the whole newsroom
  name       TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by INTEGER NOT NULL,
  PRIMARY KEY (channel_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
  id         INTEGER PRIMARY KEY,
  chat       TEXT    NOT NULL UNIQUE,   -- @name or the number, as the operator wrote it
  title      TEXT    NOT NULL DEFAULT '',
  language   TEXT    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE chat (                 -- what is known of a chat that the bot writes to
  id              INTEGER PRIMARY KEY,  -- Telegram's own number
  name            TEXT,                 -- @name; NULL: it has none
  last_message_id INTEGER NOT NULL DEFAULT 0,
  rights_json     TEXT    NOT NULL DEFAULT '{}',
  moved_to        INTEGER,              -- NULL: still here; else the supergroup it became
  heard_at        INTEGER NOT NULL
) STRICT;

CREATE TABLE source (
  id               INTEGER PRIMARY KEY,
  url              TEXT    NOT NULL UNIQUE,
  name             TEXT    NOT NULL,
  kind             TEXT    NOT NULL CHECK (kind IN ('feed', 'sitemap', 'page', 'preview', 'channel', 'push', 'desk')),
  family           TEXT    NOT NULL,    -- sources of one family are one voice
  language         TEXT,                -- NULL: as each report says
  section          TEXT,                -- NULL: as each report says
  timezone         TEXT,                -- NULL: the newsroom's
  weight           REAL    NOT NULL DEFAULT 1.0,
  own              INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1)),  -- 1: the newsroom's own site
  state            TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'gone')),
  etag             TEXT,                -- NULL: the server gave none
  last_modified    TEXT,                -- NULL: the server gave none
  added_at         INTEGER NOT NULL,
  first_contact_at INTEGER,             -- NULL: never read yet, so what it holds is history
  polled_at        INTEGER,             -- NULL: never tried
  due_at           INTEGER NOT NULL,
  fresh_at         INTEGER,             -- NULL: never anything new
  failures         INTEGER NOT NULL DEFAULT 0,
  trouble          TEXT,                -- NULL: the last poll went well
  trouble_at       INTEGER              -- NULL: no trouble; else since when
) STRICT;
CREATE INDEX source_due ON source (due_at) WHERE state = 'active';

CREATE TABLE story (
  id         INTEGER PRIMARY KEY,
  version    INTEGER NOT NULL,          -- of its state
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  merged_into INTEGER REFERENCES story (id)  -- NULL: a story of its own
) STRICT;
CREATE INDEX story_changed ON story (changed_at);

CREATE TABLE item (
  id           INTEGER PRIMARY KEY,     -- in the order of arrival
  source_id    INTEGER NOT NULL REFERENCES source (id),   -- who told it first
  story_id     INTEGER REFERENCES story (id),             -- NULL: not news (promo, roundup, digest)
  kind         TEXT    NOT NULL CHECK (kind IN ('news', 'promo', 'roundup', 'digest')),
  version      INTEGER NOT NULL,        -- the one that stands
  published_at INTEGER NOT NULL,
  seen_at      INTEGER NOT NULL,
  history      INTEGER NOT NULL CHECK (history IN (0, 1)),   -- 1: there before the source was first read
  important    INTEGER NOT NULL DEFAULT 0 CHECK (important IN (0, 1)),  -- marked so by the newsroom
  twin_id      INTEGER REFERENCES item (id),  -- NULL: no twin in the other language
  withdrawn_at INTEGER,                 -- NULL: it stands
  withdrawn_because TEXT                -- NULL: it stands
) STRICT;
CREATE INDEX item_seen ON item (seen_at);
CREATE INDEX item_story ON item (story_id);
CREATE INDEX item_published ON item (published_at);

CREATE TABLE item_version (
  item_id  INTEGER NOT NULL REFERENCES item (id),
  version  INTEGER NOT NULL,
  url      TEXT    NOT NULL,            -- '': it has no page
  title    TEXT    NOT NULL,
  lead     TEXT    NOT NULL,
  language TEXT    NOT NULL,
  sections_json TEXT NOT NULL,
  image    TEXT,                        -- NULL: no picture
  author   TEXT,                        -- NULL: not named
  seen_at  INTEGER NOT NULL,
  PRIMARY KEY (item_id, version)
) STRICT, WITHOUT ROWID;

CREATE VIEW item_now AS                 -- an item as it stands, with who told it
SELECT item.id, item.version, item.kind, item.story_id, item.source_id, item.published_at, item.seen_at, item.history,
       item.important, item.withdrawn_at, v.url, v.title, v.lead, v.language, v.sections_json, v.image, v.author,
       v.seen_at AS version_at, source.name AS source, source.family, source.own, source.weight
  FROM item
  JOIN item_version AS v ON v.item_id = item.id AND v.version = item.version
  JOIN source ON source.id = item.source_id;

CREATE TABLE item_key (                 -- every identity an item was ever known by, for ever
  key     TEXT    NOT NULL PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES item (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_source (              -- who else carried the same page
  item_id   INTEGER NOT NULL REFERENCES item (id),
  source_id INTEGER NOT NULL REFERENCES source (id),
  seen_at   INTEGER NOT NULL,
  PRIMARY KEY (item_id, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE story_version (            -- each state a story was in, and the report that told it
  story_id     INTEGER NOT NULL REFERENCES story (id),
  version      INTEGER NOT NULL,
  item_id      INTEGER NOT NULL REFERENCES item (id),
  item_version INTEGER NOT NULL,
  toll_json    TEXT    NOT NULL,        -- {"killed": 2, "wounded": 10}
  as_of        INTEGER NOT NULL,        -- the publication that it speaks of
  at           INTEGER NOT NULL,        -- since when we know: windows of editions go by it
  PRIMARY KEY (story_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE story_link (               -- an editor's word on two items, kept for ever
  item_id  INTEGER NOT NULL REFERENCES item (id),
  other_id INTEGER NOT NULL REFERENCES item (id),
  together INTEGER NOT NULL CHECK (together IN (0, 1)),   -- 1: must link, 0: cannot link
  editor   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (item_id, other_id),
  CHECK (item_id < other_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE edition (
  id         INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  rubric     TEXT    NOT NULL,          -- digest, roundup …
  local_date TEXT    NOT NULL,          -- of the newsroom's calendar, YYYY-MM-DD
  wall_time  TEXT    NOT NULL,          -- of the newsroom's wall clock, HH:MM
  slot_at    INTEGER NOT NULL,
  from_at    INTEGER NOT NULL,          -- what came in [from_at, until_at)
  until_at   INTEGER NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('drafted', 'approved', 'held', 'out', 'skipped', 'missed', 'withdrawn')),
  title      TEXT    NOT NULL DEFAULT '',
  version    INTEGER NOT NULL DEFAULT 1,
  made_at    INTEGER NOT NULL,
  UNIQUE (channel_id, rubric, local_date, wall_time)
) STRICT;

CREATE TABLE edition_line (             -- a story and the state of it that was told
  edition_id    INTEGER NOT NULL REFERENCES edition (id),
  place         INTEGER NOT NULL,       -- from 1
  story_id      INTEGER NOT NULL REFERENCES story (id),
  story_version INTEGER NOT NULL,
  part          INTEGER NOT NULL,       -- which message of the edition, from 1
  headline      TEXT    NOT NULL,       -- the story's, as the channel read it
  text          TEXT    NOT NULL,       -- the whole line
  PRIMARY KEY (edition_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX edition_line_story ON edition_line (story_id);

CREATE TABLE editor (                   -- who acts at the desk, by the name that others see there
  id      INTEGER PRIMARY KEY,          -- Telegram's own number
  name    TEXT    NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE post (                     -- one thing that an editor puts into the channel
  id           INTEGER PRIMARY KEY,
  channel_id   INTEGER NOT NULL REFERENCES channel (id),
  story_id     INTEGER REFERENCES story (id),   -- NULL: about no known story
  state        TEXT    NOT NULL CHECK (state IN ('candidate', 'draft', 'pending', 'queued', 'publishing', 'published',
                 'corrected', 'updated', 'withdrawn', 'rejected', 'held', 'failed', 'missed')),
  version      INTEGER NOT NULL,        -- of its content
  row_version  INTEGER NOT NULL,        -- of the row: every change counts, buttons carry it
  due_at       INTEGER,                 -- NULL: no time yet
  local_date   TEXT,                    -- NULL: no time yet; the wall time it was promised for
  wall_time    TEXT,                    -- NULL: no time yet
  silent       INTEGER NOT NULL DEFAULT 1 CHECK (silent IN (0, 1)),
  pinned       INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  in_roundup   INTEGER NOT NULL DEFAULT 1 CHECK (in_roundup IN (0, 1)),
  embargo_at   INTEGER,                 -- NULL: none
  item_id      INTEGER REFERENCES item (id),    -- NULL: not made from a known report
  undo_json    TEXT,                    -- NULL: nothing to undo; else the state and time before the last act
  created_at   INTEGER NOT NULL,
  created_by   INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  changed_by   INTEGER NOT NULL
) STRICT;
CREATE INDEX post_due ON post (due_at) WHERE state IN ('queued', 'publishing', 'held');

CREATE TABLE post_version (             -- content is held from acceptance; deleting the source loses nothing
  post_id       INTEGER NOT NULL REFERENCES post (id),
  version       INTEGER NOT NULL,
  text          TEXT    NOT NULL,
  entities_json TEXT    NOT NULL,
  media_json    TEXT    NOT NULL,       -- [{"kind": "photo", "file_id": …}]
  url           TEXT,                   -- NULL: not made from a link
  section       TEXT    NOT NULL DEFAULT '',  -- as the linked page names it
  at            INTEGER NOT NULL,
  editor        INTEGER NOT NULL,
  sealed        INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1)),  -- 1: hidden for people's safety
  PRIMARY KEY (post_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE reader (
  id          INTEGER PRIMARY KEY,      -- Telegram's own number; nothing else of the person is kept
  language    TEXT    NOT NULL,
  state       TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'gone')),
  careful     INTEGER NOT NULL DEFAULT 0 CHECK (careful IN (0, 1)),
  pace        TEXT    NOT NULL DEFAULT 'evening' CHECK (pace IN ('now', 'twice', 'evening')),
  quiet_from  TEXT    NOT NULL DEFAULT '22:00',
  quiet_until TEXT    NOT NULL DEFAULT '07:00',
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE subscription (
  reader_id INTEGER NOT NULL REFERENCES reader (id) ON DELETE CASCADE,
  kind      TEXT    NOT NULL CHECK (kind IN ('city', 'section', 'word')),
  value     TEXT    NOT NULL,
  since_at  INTEGER NOT NULL,
  PRIMARY KEY (reader_id, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (                   -- all that goes out unasked
  id               INTEGER PRIMARY KEY,
  intent           TEXT    NOT NULL UNIQUE,   -- the event; it cannot happen twice
  chat             TEXT    NOT NULL,          -- @name or number
  method           TEXT    NOT NULL,          -- Telegram's own name of it
  payload_json     TEXT    NOT NULL,          -- its parameters but the chat
  priority         INTEGER NOT NULL,          -- 0 breaking, 1 editions and posts, 2 cards and notes, 3 alerts
  state            TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'sent', 'refused', 'doubt', 'dropped')),
  due_at           INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  claimed_at       INTEGER,             -- NULL: never tried
  done_at          INTEGER,             -- NULL: not ended
  tries            INTEGER NOT NULL DEFAULT 0,
  reason           TEXT,                -- NULL: nothing went wrong; else the last word of Telegram or the network
  after_message_id INTEGER,             -- NULL: not claimed; else the last id known in the chat before the call
  wanted_version   INTEGER NOT NULL DEFAULT 1,  -- desired state of what was sent: the newest wins, once it was sent
  wanted_json      TEXT,                -- NULL: as it was sent; else the parameters it should show now
  unwanted_at      INTEGER,             -- NULL: it should stand; else since when it should not
  part             INTEGER NOT NULL DEFAULT 1,
  edition_id       INTEGER REFERENCES edition (id),   -- NULL: not of an edition
  post_id          INTEGER REFERENCES post (id),      -- NULL: not of a post
  story_id         INTEGER REFERENCES story (id),     -- NULL: not about one story
  story_version    INTEGER,                           -- NULL: not about one story
  reader_id        INTEGER                            -- NULL: not to a reader; no reference, so that /forget may erase
) STRICT;
CREATE INDEX outbox_open ON outbox (priority, due_at, id) WHERE state IN ('waiting', 'claimed', 'doubt');
CREATE INDEX outbox_edition ON outbox (edition_id, part);

CREATE TABLE message (                  -- what stands in a chat because of the bot; an album is many of one send
  chat_id        INTEGER NOT NULL,
  message_id     INTEGER NOT NULL,
  outbox_id      INTEGER REFERENCES outbox (id),  -- NULL: an answer, or seen in the channel
  place          INTEGER NOT NULL DEFAULT 1,      -- within the album
  kind           TEXT    NOT NULL,                -- text, photo …
  sent_at        INTEGER NOT NULL,
  shown_version  INTEGER NOT NULL DEFAULT 1,      -- of what its outbox row wants
  gone_at        INTEGER,                         -- NULL: it stands
  PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_outbox ON message (outbox_id);

CREATE TABLE "update" (                 -- what came from Telegram; stored before it is confirmed
  update_id   INTEGER PRIMARY KEY,
  body        TEXT,                     -- NULL: done, so the private text is erased
  received_at INTEGER NOT NULL,
  done_at     INTEGER,                  -- NULL: to do
  tries       INTEGER NOT NULL DEFAULT 0,
  trouble     TEXT                      -- NULL: none
) STRICT;
CREATE INDEX update_open ON "update" (update_id) WHERE done_at IS NULL;

CREATE TABLE decision (                 -- every candidate list, from the first day on: what learning learns from
  id         INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  rubric     TEXT    NOT NULL,
  edition_id INTEGER REFERENCES edition (id),   -- NULL: a list that became no edition
  size       INTEGER NOT NULL,                  -- how many places there were
  at         INTEGER NOT NULL
) STRICT;

CREATE TABLE decision_candidate (
  decision_id   INTEGER NOT NULL REFERENCES decision (id),
  place         INTEGER NOT NULL,       -- by our judgement, from 1
  story_id      INTEGER NOT NULL REFERENCES story (id),
  story_version INTEGER NOT NULL,
  importance    REAL    NOT NULL,       -- 0 to 10
  features_json TEXT    NOT NULL,       -- {"sources": 1.5, …}: contributions that sum up
  chosen        INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  editor_act    TEXT,                   -- NULL: left alone; else kept, dropped, raised …
  editor_at     INTEGER,                -- NULL: left alone
  PRIMARY KEY (decision_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (                  -- who did what, from, to
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  actor   INTEGER NOT NULL,             -- Telegram's number of the editor; 0: the bot itself
  act     TEXT    NOT NULL,
  subject TEXT    NOT NULL,             -- post:12, source:3 …
  was     TEXT    NOT NULL DEFAULT '',
  became  TEXT    NOT NULL DEFAULT '',
  reason  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX journal_subject ON journal (subject, id);

CREATE TABLE heartbeat (                -- a gap in it is an outage
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  started_at INTEGER NOT NULL,
  beat_at    INTEGER NOT NULL,
  stopped_at INTEGER                    -- NULL: running, or it died
) STRICT;

-- Search keys, not text: lemmas of title and lead; rowid is item.id * 65536 + version, so newest first costs nothing.
CREATE VIRTUAL TABLE item_search USING fts5 (title, lead, content = '', tokenize = 'unicode61');
