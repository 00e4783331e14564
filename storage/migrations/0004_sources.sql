-- What is known of a source's habits: how it is read, how often it publishes, what the editors were alarmed of.

ALTER TABLE source ADD COLUMN selector TEXT;            -- NULL: the rows of its page are found; else the operator's way
ALTER TABLE source ADD COLUMN gap_seconds INTEGER;      -- NULL: too few items yet; else what usually lies between two
ALTER TABLE source ADD COLUMN moves_to TEXT;            -- NULL: it stays; else where the last poll was sent for ever
ALTER TABLE source ADD COLUMN mislabelled_at INTEGER;   -- NULL: its dates mean what they say; else since when we know
                                                        -- that it calls the time on its wall UTC
ALTER TABLE source ADD COLUMN empty_polls INTEGER NOT NULL DEFAULT 0;  -- in a row, each well and without an entry
ALTER TABLE source ADD COLUMN alarm TEXT CHECK (alarm IN ('errors', 'rows', 'empty', 'silent'));  -- NULL: all is well
ALTER TABLE source ADD COLUMN alarm_at INTEGER;         -- NULL: all is well; else since when it is not

CREATE INDEX item_source_newest ON item_source (source_id, item_id);
