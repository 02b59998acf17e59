-- Step 2 of the store: what people add by hand. Notes are private to the store, rulings are words on single claims.

CREATE TABLE notes (
    project TEXT PRIMARY KEY,
    text    TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- `said` is the claim ruled on, `instead` what is right in its place (both as JSON). The latest word on a claim counts.
CREATE TABLE rulings (
    n       INTEGER PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id),
    claim   TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'correct')),
    said    TEXT NOT NULL CHECK (json_valid(said)),
    instead TEXT CHECK (CASE WHEN verdict = 'correct' THEN json_valid(instead) ELSE instead IS NULL END),
    by      TEXT NOT NULL,
    at      TEXT NOT NULL,
    why     TEXT NOT NULL
) STRICT;
CREATE INDEX rulings_by_article ON rulings (article, claim);

-- What is looked at first: claims that the reader was not sure of; posts by the day they were last confirmed.
CREATE INDEX claims_in_doubt ON claims (sure) WHERE sure < 0.7;
CREATE INDEX posts_by_confirmed ON posts (confirmed);
