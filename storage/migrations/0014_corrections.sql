-- What becomes of what went out: corrections, withdrawals, and what its source changed since.

CREATE TABLE correction (
  id            INTEGER PRIMARY KEY,
  post_id       INTEGER REFERENCES post (id),   -- NULL: a story that only editions told
  story_id      INTEGER REFERENCES story (id),  -- NULL: about no known story
  kind          TEXT    NOT NULL CHECK (kind IN ('typo', 'data', 'error', 'withdraw')),
  reason        TEXT    NOT NULL DEFAULT '' CHECK (reason IN ('', 'unconfirmed', 'safety', 'request', 'double')),
  state         TEXT    NOT NULL CHECK (state IN ('asked', 'shown', 'leaving', 'done', 'dropped')),
  text          TEXT,                           -- NULL: nobody wrote the new words yet
  entities_json TEXT    NOT NULL DEFAULT '[]',
  line          TEXT    NOT NULL DEFAULT '',    -- that will stand above the new words
  home          TEXT    NOT NULL,               -- the event of the editors' message that shows it
  due_at        INTEGER,                        -- NULL: no withdrawal; else until when it can be taken back
  editor        INTEGER NOT NULL,
  at            INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX correction_open ON correction (home) WHERE state IN ('asked', 'shown', 'leaving');
CREATE INDEX correction_due ON correction (due_at) WHERE state = 'leaving';
CREATE INDEX correction_post ON correction (post_id);

CREATE TABLE site_edit (                -- what became of a post's report at its source after the post went out
  post_id      INTEGER PRIMARY KEY REFERENCES post (id),
  item_version INTEGER NOT NULL,        -- of the report, that editors were told of
  withdrawn    INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  was          TEXT    NOT NULL,
  became       TEXT    NOT NULL,
  open         INTEGER NOT NULL CHECK (open IN (0, 1))  -- 1: the card offers it
) STRICT;

ALTER TABLE outbox ADD COLUMN instead_json TEXT;  -- NULL: nothing; else what it shows when it cannot be deleted
ALTER TABLE edition_line ADD COLUMN mark TEXT NOT NULL DEFAULT '';  -- at the end of its text: «Виправлено о 17:05»
ALTER TABLE story ADD COLUMN sealed_at INTEGER;   -- NULL: open; else hidden since then for people's safety

CREATE INDEX outbox_of_post ON outbox (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX outbox_alert ON outbox (story_id) WHERE reader_id IS NOT NULL;
CREATE INDEX post_gone_out ON post (changed_at) WHERE state IN ('published', 'corrected', 'updated');

-- Whoever tells a sealed story anew, and in whatever way the report joins it, tells nobody.
CREATE TRIGGER item_sealed AFTER UPDATE OF story_id ON item
WHEN NEW.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM story WHERE id = NEW.story_id AND sealed_at IS NOT NULL)
BEGIN
  UPDATE item SET withdrawn_at = NEW.seen_at, withdrawn_because = 'sealed' WHERE id = NEW.id;
END;
