-- Pages that are looked at again: whether what went out, or will, still stands at its source.

CREATE TABLE recheck (
  item_id   INTEGER PRIMARY KEY REFERENCES item (id),
  asked_at  INTEGER,                    -- NULL: its page was not asked yet
  gone_at   INTEGER,                    -- NULL: not found gone; else since when its page answers that it is
  missed_at INTEGER                     -- NULL: nothing is missing; else since when its own feed does not list it
) STRICT;
CREATE INDEX recheck_open ON recheck (item_id) WHERE gone_at IS NOT NULL OR missed_at IS NOT NULL;
CREATE INDEX outbox_of_stories ON outbox (created_at, story_id, state) WHERE story_id IS NOT NULL;
CREATE INDEX edition_slot ON edition (slot_at);
CREATE INDEX outbox_post_of_story ON outbox (story_id) WHERE post_id IS NOT NULL;
