-- The newsroom's own templates, and the pictures that Telegram has already.

CREATE TABLE template (                 -- a file of the newsroom's as it was last tried; no row: the built-in one
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  name       TEXT    NOT NULL,          -- digest.html.j2
  text       TEXT    NOT NULL,          -- '' when it cannot be read
  fault_json TEXT,                      -- NULL: editions are set with it; else what is wrong, and editors were told
  tried_at   INTEGER NOT NULL,
  PRIMARY KEY (channel_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE picture (                  -- a card that was sent: the next time its number at Telegram is enough
  key       TEXT    NOT NULL PRIMARY KEY,
  file_id   TEXT    NOT NULL,
  sent_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
