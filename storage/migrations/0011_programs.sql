-- What each channel publishes. The environment seeds the first channel's digest and roundup; what editors set in the
-- chat stands here and wins.

ALTER TABLE channel ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'off'));
ALTER TABLE channel ADD COLUMN sections_json TEXT NOT NULL DEFAULT '[]';  -- folded; []: everything
ALTER TABLE channel ADD COLUMN signature TEXT NOT NULL DEFAULT '';        -- below editions; '': the built-in words
ALTER TABLE channel ADD COLUMN quiet_from TEXT;                           -- NULL: it may speak at night
ALTER TABLE channel ADD COLUMN quiet_until TEXT;                          -- NULL: it may speak at night
ALTER TABLE channel ADD COLUMN picture TEXT NOT NULL DEFAULT 'none' CHECK (picture IN ('none', 'preview', 'card'));
ALTER TABLE channel ADD COLUMN pins INTEGER NOT NULL DEFAULT 0 CHECK (pins IN (0, 1));  -- 1: each roundup, until the next
ALTER TABLE channel ADD COLUMN discussion INTEGER;                        -- NULL: no group is linked
ALTER TABLE channel ADD COLUMN paused_at INTEGER;                         -- NULL: not paused
ALTER TABLE channel ADD COLUMN paused_by INTEGER;                         -- NULL: not paused

CREATE TABLE rubric (                   -- an edition as editors want it; no row: as the environment says
  channel_id    INTEGER NOT NULL REFERENCES channel (id),
  name          TEXT    NOT NULL,       -- digest, roundup, morning, weekly, reads, section:…
  walls_json    TEXT    NOT NULL,       -- ["09:00", "13:00"]; []: it is not wanted
  days_json     TEXT    NOT NULL DEFAULT '[1,2,3,4,5,6,7]',  -- 1 Monday to 7 Sunday
  size          INTEGER NOT NULL,
  sections_json TEXT    NOT NULL DEFAULT '[]',  -- folded; []: everything
  since_at      INTEGER NOT NULL,       -- walls and days stand since then: no earlier slot of theirs is owed
  changed_at    INTEGER NOT NULL,
  changed_by    INTEGER NOT NULL,
  PRIMARY KEY (channel_id, name)
) STRICT, WITHOUT ROWID;
