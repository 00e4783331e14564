-- Editors' word on what is one story: what the bot was not sure of, what they did, and the way back from it.

ALTER TABLE item ADD COLUMN part_id INTEGER REFERENCES story (id);  -- NULL: the story's own; else the one merged into it

CREATE TABLE likely (                   -- two reports that may tell one event: the editors are asked
  item_id  INTEGER NOT NULL REFERENCES item (id),   -- the newcomer
  other_id INTEGER NOT NULL REFERENCES item (id),   -- the nearest report of the other story
  at       INTEGER NOT NULL,
  PRIMARY KEY (item_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX likely_other ON likely (other_id);

CREATE TABLE story_act (                -- in the order in which they were done
  id          INTEGER PRIMARY KEY,
  act         TEXT    NOT NULL CHECK (act IN ('merge', 'split', 'apart', 'undo')),
  story_id    INTEGER NOT NULL REFERENCES story (id),   -- the one that stays
  other_id    INTEGER NOT NULL REFERENCES story (id),   -- merged into it, split off it, or set apart from it
  before_json TEXT    NOT NULL,         -- {"items": [[id, story, part]], "links": …, "posts": …, "lines": …, "sent": …}
  editor      INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  undone_at   INTEGER                   -- NULL: it stands
) STRICT;
CREATE INDEX story_act_story ON story_act (story_id);
CREATE INDEX story_act_other ON story_act (other_id);
