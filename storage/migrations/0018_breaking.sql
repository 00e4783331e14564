-- What the channel was told outside the bot's plans: by people's own hands, in answer to a post, at once.

CREATE TABLE by_hand (                  -- a post that a person made in a channel of ours
  chat_id    INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL REFERENCES channel (id),
  item_id    INTEGER NOT NULL REFERENCES item (id),
  toll_json  TEXT    NOT NULL,          -- what it counts, as in story_version
  at         INTEGER NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX by_hand_at ON by_hand (channel_id, at);
CREATE INDEX by_hand_item ON by_hand (item_id);

CREATE TABLE guarded (                  -- an editor let the post out, and nothing spoke against it or they said so
  post_id INTEGER PRIMARY KEY REFERENCES post (id),
  at      INTEGER NOT NULL              -- what was told later than that they did not know
) STRICT;

CREATE TABLE hand_edit (                -- a post of the bot that a person changed in its channel
  chat_id       INTEGER NOT NULL,
  message_id    INTEGER NOT NULL,
  post_id       INTEGER NOT NULL REFERENCES post (id),
  text          TEXT    NOT NULL,
  entities_json TEXT    NOT NULL,
  at            INTEGER NOT NULL,
  PRIMARY KEY (chat_id, message_id)     -- no row: it shows the bot's own words, or an editor decided
) STRICT, WITHOUT ROWID;
CREATE INDEX hand_edit_post ON hand_edit (post_id);

CREATE INDEX post_in_queue ON post (channel_id, due_at) WHERE state IN ('queued', 'publishing');

CREATE TABLE post_below (               -- a post that goes out in reply to another message of its channel
  post_id    INTEGER PRIMARY KEY REFERENCES post (id),
  message_id INTEGER NOT NULL
) STRICT;

CREATE TABLE following (                -- a post's story as editors were last offered to tell it anew
  post_id   INTEGER PRIMARY KEY REFERENCES post (id),
  version   INTEGER NOT NULL,           -- the story's state that was offered, or left as it is
  state     TEXT    NOT NULL CHECK (state IN ('offered', 'left', 'over')),  -- over: never again
  item_id   INTEGER NOT NULL DEFAULT 0, -- the newest report of the story that the card was looked at with
  settled_json TEXT NOT NULL DEFAULT '[]'  -- reports that contradict, and that an editor has answered
) STRICT;

CREATE TABLE breaking (                 -- a post that leaves as breaking news when its grace is over
  post_id INTEGER PRIMARY KEY REFERENCES post (id),
  text    TEXT    NOT NULL,             -- as the channel will read it
  entities_json TEXT NOT NULL,
  silent  INTEGER NOT NULL CHECK (silent IN (0, 1)),  -- before it: what is taken back rings as before
  at      INTEGER NOT NULL
) STRICT;
