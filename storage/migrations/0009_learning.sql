-- What the editors' decisions taught, night by night. What is told to learn or not stands in `setting`.

CREATE TABLE lesson (
  id               INTEGER PRIMARY KEY,
  channel_id       INTEGER NOT NULL REFERENCES channel (id),
  local_date       TEXT    NOT NULL,    -- of the newsroom's calendar, YYYY-MM-DD: one lesson a night
  at               INTEGER NOT NULL,
  since_at         INTEGER,             -- NULL: no decision yet; else the oldest list that taught
  decisions        INTEGER NOT NULL,
  days             INTEGER NOT NULL,
  leanings_json TEXT    NOT NULL,    -- {"section:Окупація": 0.4, "signal:sources": -0.1}
  agreed           REAL,                -- NULL: too few decisions to keep any aside; else the share that it foretold
  agreed_plain     REAL,                -- NULL: too few; else the share foretold without it
  used             INTEGER NOT NULL CHECK (used IN (0, 1)),
  UNIQUE (channel_id, local_date)
) STRICT;

CREATE INDEX decision_at ON decision (channel_id, at);
CREATE INDEX decision_candidate_story ON decision_candidate (story_id);
