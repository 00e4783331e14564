-- What editors answered about a name, a street or the place of a strike before it went out.

CREATE TABLE flag_answer (
  id        INTEGER PRIMARY KEY,
  kind      TEXT    NOT NULL CHECK (kind IN ('child', 'victim', 'street', 'strike')),
  words     TEXT    NOT NULL,
  sentence  TEXT    NOT NULL,            -- in which they stand: in another one they are asked about anew
  answer    TEXT    NOT NULL CHECK (answer IN ('consent', 'allowed')),
  post_id   INTEGER REFERENCES post (id),    -- NULL: answered in a draft
  story_id  INTEGER REFERENCES story (id),   -- NULL: about no known story
  editor    INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  undone_at INTEGER                      -- NULL: it holds
) STRICT;
CREATE UNIQUE INDEX flag_answer_holds ON flag_answer (sentence, kind, words) WHERE undone_at IS NULL;
CREATE INDEX flag_answer_post ON flag_answer (post_id) WHERE undone_at IS NULL;
