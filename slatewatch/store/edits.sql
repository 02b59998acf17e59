-- The claims of each version of an article that was edited, the present one too. `said` is the claim as JSON.
CREATE TABLE version_claims (
    article TEXT NOT NULL REFERENCES articles (id),
    hash    TEXT NOT NULL,
    claim   TEXT NOT NULL,
    said    TEXT NOT NULL CHECK (json_valid(said)),
    PRIMARY KEY (article, hash, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_first_seen ON versions (first_seen);
