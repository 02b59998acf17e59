-- Step 3 of the store: what people watch for, what was found, and who has been told of it.

-- `id` cannot be guessed: whoever knows it may read the watch's feed. Changes noted up to `looked` have been looked at.
CREATE TABLE watches (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    asked      TEXT NOT NULL,
    conditions TEXT NOT NULL CHECK (json_valid(conditions)),
    made       TEXT NOT NULL,
    looked     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A changed fact that some watch is for, as it was when it was found. `mention` leads to its project for good.
CREATE TABLE alerts (
    id      TEXT PRIMARY KEY,
    mention TEXT NOT NULL,
    title   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    role    TEXT,
    value   TEXT NOT NULL,
    before  TEXT,
    after   TEXT NOT NULL,
    day     TEXT NOT NULL,
    noted   TEXT NOT NULL,
    found   TEXT NOT NULL,
    article TEXT NOT NULL,
    claim   TEXT,
    quote   TEXT NOT NULL,
    outlet  TEXT,
    url     TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_by_noted ON alerts (noted);

-- `silent`: the store knew it when the watch was made, so that nobody is told.
CREATE TABLE matches (
    alert  TEXT NOT NULL REFERENCES alerts (id),
    watch  TEXT NOT NULL REFERENCES watches (id),
    silent INTEGER NOT NULL CHECK (silent IN (0, 1)),
    PRIMARY KEY (alert, watch)
) STRICT, WITHOUT ROWID;
CREATE INDEX matches_by_watch ON matches (watch);

-- `channel` is the terminal, or a mail address or webhook as a hash: neither stands in a store that is passed on.
CREATE TABLE deliveries (
    alert   TEXT NOT NULL REFERENCES alerts (id),
    channel TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (alert, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_channel ON deliveries (channel, at);
