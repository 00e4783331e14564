-- Editions that editors see before they go out.

ALTER TABLE edition ADD COLUMN fragment_a TEXT;      -- NULL: made from the first story; else an editor's own
ALTER TABLE edition ADD COLUMN fragment_b TEXT;      -- NULL: made from the second story; else an editor's own
ALTER TABLE edition ADD COLUMN touched_at INTEGER;   -- NULL: no editor changed the draft
ALTER TABLE edition ADD COLUMN approved_at INTEGER;  -- NULL: no editor approved the draft
ALTER TABLE edition ADD COLUMN held_at INTEGER;      -- NULL: it goes at its time; else it waits for an editor's word
ALTER TABLE edition ADD COLUMN settled_by INTEGER;   -- NULL: nobody approved, held or skipped it
ALTER TABLE edition ADD COLUMN checked_at INTEGER;   -- NULL: not looked at again since it was drafted
ALTER TABLE edition ADD COLUMN reminded_at INTEGER;  -- NULL: nobody was reminded that it waits
ALTER TABLE edition ADD COLUMN alarmed_at INTEGER;   -- NULL: no alarm was raised that it still waits

CREATE TABLE draft_line (               -- a candidate of a draft, in the order that editors see
  edition_id  INTEGER NOT NULL REFERENCES edition (id),
  story_id    INTEGER NOT NULL REFERENCES story (id),
  place       INTEGER NOT NULL,         -- from 1
  chosen      INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  touched     INTEGER NOT NULL DEFAULT 0 CHECK (touched IN (0, 1)),  -- 1: an editor decided on it
  version     INTEGER NOT NULL,         -- the state of the story when it was last looked at
  own_text    TEXT,                     -- NULL: the story's headline; else an editor's own words
  own_version INTEGER,                  -- NULL: no own words; else the state that they speak of
  PRIMARY KEY (edition_id, story_id)
) STRICT, WITHOUT ROWID;
