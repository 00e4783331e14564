-- How editors sit at a draft: what its message shows, who writes words for it, and what can be taken back.

CREATE TABLE sitting (
  edition_id INTEGER PRIMARY KEY REFERENCES edition (id),
  view       TEXT    NOT NULL CHECK (view IN ('lines', 'order', 'line')),
  story_id   INTEGER,                   -- NULL: no line's own screen is shown; else the line's story
  writes     TEXT    CHECK (writes IN ('a', 'b', 'line')),  -- NULL: nobody writes words
  writes_of  INTEGER,                   -- NULL: the words are not a line's; else the line's story
  writer     INTEGER,                   -- NULL: nobody writes words
  until_at   INTEGER,                   -- NULL: nobody writes words; else how long nobody else may
  leads_json TEXT    NOT NULL DEFAULT '{}',  -- {"a": [story, version]}: what an editor's own fragment speaks of
  undo_json  TEXT,                      -- NULL: nothing to take back; else the draft before the last act
  act        TEXT    NOT NULL DEFAULT '',    -- the last one, '' before the first
  acted_at   INTEGER NOT NULL,
  acted_by   INTEGER NOT NULL,
  version    INTEGER NOT NULL           -- of the draft after the last act: a later one is the news' doing
) STRICT;
