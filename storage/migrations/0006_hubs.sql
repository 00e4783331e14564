-- Sources whose hub rings when they have news (WebSub): what was asked of the hub, until when it rings, what came.

CREATE TABLE hub_subscription (
  source_id    INTEGER PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
  hub          TEXT    NOT NULL,
  topic        TEXT    NOT NULL,        -- the name by which the hub knows the feed
  token        TEXT    NOT NULL UNIQUE, -- the part of our address that nobody else can guess
  secret       TEXT    NOT NULL,        -- what the hub signs with
  state        TEXT    NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'asked', 'confirmed', 'refused')),
  tries        INTEGER NOT NULL DEFAULT 0,   -- requests since the hub last confirmed
  due_at       INTEGER NOT NULL,        -- when to ask, or to ask again
  asked_at     INTEGER,                 -- NULL: never
  confirmed_at INTEGER,                 -- NULL: never
  ends_at      INTEGER,                 -- NULL: it does not ring; else until when it promised to
  pushed_at    INTEGER,                 -- NULL: never; the last push with a right signature
  told_at      INTEGER,                 -- NULL: never; the last push that brought anything new
  missed_at    INTEGER,                 -- NULL: never; the last poll that found what no push had brought
  forged       INTEGER NOT NULL DEFAULT 0,   -- pushes with a wrong signature or none
  reason       TEXT                     -- NULL: nothing is wrong; else why the last request came to nothing
) STRICT;
CREATE INDEX hub_subscription_due ON hub_subscription (due_at);
