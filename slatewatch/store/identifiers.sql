-- Step 4 of the store: what people, companies and works are called elsewhere. Kept through rebuilds.

-- `thing` is a person's or company's key, a mention of the project, or the folded title of a source work.
CREATE TABLE identifiers (
    about  TEXT NOT NULL CHECK (about IN ('person', 'company', 'project', 'work')),
    thing  TEXT NOT NULL,
    scheme TEXT NOT NULL CHECK (scheme IN ('imdb', 'tmdb', 'wikidata')),
    value  TEXT,
    name   TEXT NOT NULL,
    why    TEXT NOT NULL,
    by     TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (about, thing, scheme)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifiers_by_value ON identifiers (scheme, value);

-- How far another catalogue says that a project is, in its own word: shown beside our own, never in its place.
CREATE TABLE statuses_elsewhere (
    project TEXT NOT NULL,
    scheme  TEXT NOT NULL CHECK (scheme IN ('imdb', 'tmdb')),
    word    TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (project, scheme)
) STRICT, WITHOUT ROWID;
