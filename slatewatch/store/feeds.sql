-- What `slatewatch update` keeps of feeds, pages and hosts, so that it asks for nothing twice. Times are ISO, UTC.

-- `etag` and `modified` are sent back when the feed is asked again, `hash` is that of its bytes; `reason` says what was
-- wrong the last time.
CREATE TABLE feeds (
    url      TEXT PRIMARY KEY,
    title    TEXT,
    site     TEXT,
    kind     TEXT,
    added    TEXT NOT NULL,
    asked    TEXT,
    changed  TEXT,
    etag     TEXT,
    modified TEXT,
    hash     TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    reason   TEXT
) STRICT, WITHOUT ROWID;

-- What a feed lists, or has listed. `digest` tells when the feed has changed what it says of it.
CREATE TABLE listings (
    feed   TEXT NOT NULL REFERENCES feeds (url),
    url    TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (feed, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_by_url ON listings (url);

-- Pages that listings lead to. waiting: to be asked for; read: the store has its article; empty: no article in it;
-- failed: to be tried again; barred: robots.txt forbids it; dropped: tried so often that it is left.
CREATE TABLE pages (
    url       TEXT PRIMARY KEY,
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'read', 'empty', 'failed', 'barred', 'dropped')),
    listed    TEXT NOT NULL,
    published TEXT,
    title     TEXT,
    asked     TEXT,
    etag      TEXT,
    modified  TEXT,
    failures  INTEGER NOT NULL DEFAULT 0,
    reason    TEXT,
    article   TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX pages_by_state ON pages (state, listed);

-- `resting`: when a host that had enough of us may be asked again; `robots` is its robots.txt, as of `looked`.
CREATE TABLE hosts (
    host     TEXT PRIMARY KEY,
    resting  TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    robots   TEXT,
    looked   TEXT
) STRICT, WITHOUT ROWID;
