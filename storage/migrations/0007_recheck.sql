-- What is withdrawn by mistake comes back, a site that is down withdraws nothing, and a clock put right is noticed.

ALTER TABLE recheck ADD COLUMN listed_at INTEGER;  -- NULL: no feed listed it while it was withdrawn; else when one did
ALTER TABLE source ADD COLUMN clock_proofs INTEGER NOT NULL DEFAULT 0;  -- of a source that was mislabelled: entries in
                                                                        -- a row that only a right clock explains

CREATE TABLE site_down (                -- sites that answer of everything that it is gone: nothing of them is withdrawn
  site     TEXT    NOT NULL PRIMARY KEY,   -- https://host/
  since_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX item_withdrawn ON item (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
