-- What editors think of a story before it goes out, and readers of what went out.

CREATE TABLE vote (                     -- an editor's 🔥 or ✍ on a card, or on the message that the card was made from
  post_id    INTEGER NOT NULL REFERENCES post (id),
  editor     INTEGER NOT NULL,          -- Telegram's own number
  message_id INTEGER NOT NULL,          -- of the editors' chat: taken away there, it is taken back
  at         INTEGER NOT NULL,
  PRIMARY KEY (post_id, editor, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_of_story ON post (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX outbox_below ON outbox (json_extract(payload_json, '$.reply_parameters.message_id')) WHERE post_id IS NOT NULL;

CREATE TABLE reaction (                 -- how readers reacted to a message of ours in a channel, as Telegram last told
  chat_id     INTEGER NOT NULL,
  message_id  INTEGER NOT NULL,
  counts_json TEXT    NOT NULL,         -- {"❤": 41, "🔥": 12}: what anybody may choose
  total       INTEGER NOT NULL,         -- with custom and paid ones
  changed_at  INTEGER NOT NULL,
  untold      INTEGER NOT NULL CHECK (untold IN (0, 1)),  -- 1: the post's card does not show it yet
  told_at     INTEGER,                  -- NULL: never; else when the card was last painted
  PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reaction_changed ON reaction (changed_at);
CREATE INDEX reaction_untold ON reaction (told_at) WHERE untold = 1;

CREATE TABLE reaction_age (             -- how many there were when the post was so old: the channel's own curve
  chat_id     INTEGER NOT NULL,
  message_id  INTEGER NOT NULL,
  age_minutes INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  echo        REAL,                     -- NULL: nothing to compare with; else a multiple of what posts of that age had
  at          INTEGER NOT NULL,
  PRIMARY KEY (chat_id, message_id, age_minutes)
) STRICT, WITHOUT ROWID;
CREATE INDEX reaction_age_at ON reaction_age (at);
CREATE INDEX outbox_posted ON outbox (done_at) WHERE post_id IS NOT NULL;
