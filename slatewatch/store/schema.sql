-- The store of slatewatch, version 1. docs/store.md describes it. Days and times are ISO text, lists are JSON.
-- Articles, versions, claims, renamings and decisions are what was read and said; everything else is made from them.

CREATE TABLE articles (
    id         TEXT PRIMARY KEY,
    outlet     TEXT,
    url        TEXT,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    author     TEXT,
    published  TEXT,
    modified   TEXT,
    language   TEXT,
    first_seen TEXT NOT NULL,
    clock      TEXT NOT NULL CHECK (clock IN ('published', 'feed', 'first_seen', 'archive')),
    day        TEXT NOT NULL,
    moved      TEXT,
    hash       TEXT NOT NULL,
    version    INTEGER NOT NULL
) STRICT;
CREATE INDEX articles_by_day ON articles (day);
CREATE INDEX articles_by_outlet ON articles (outlet, day);
CREATE INDEX articles_by_url ON articles (url) WHERE url IS NOT NULL;

-- Every version of an article that was edited, the present one too, with what changed since the one before.
CREATE TABLE versions (
    article    TEXT NOT NULL REFERENCES articles (id),
    hash       TEXT NOT NULL,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    published  TEXT,
    modified   TEXT,
    first_seen TEXT NOT NULL,
    diff       TEXT,
    PRIMARY KEY (article, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
    n         INTEGER PRIMARY KEY,
    id        TEXT NOT NULL,
    article   TEXT NOT NULL REFERENCES articles (id),
    mention   TEXT,
    kind      TEXT NOT NULL CHECK (kind IN (
        'credit', 'company', 'based_on', 'open_role', 'status', 'format', 'date', 'location', 'alias',
        'affiliation', 'place', 'known_for', 'representation', 'source')),
    project   TEXT,
    subject   TEXT,
    role      TEXT CHECK (CASE
        WHEN kind IN ('credit', 'open_role') THEN role IN (
            'director', 'writer', 'creator', 'showrunner', 'producer', 'executive_producer',
            'cast', 'composer', 'cinematographer', 'editor', 'crew')
        WHEN kind = 'company' THEN role IN (
            'production', 'studio', 'network', 'distributor', 'financier', 'sales', 'rights')
        WHEN kind = 'based_on' THEN role IN (
            'book', 'novel', 'memoir', 'comic', 'article', 'play', 'podcast', 'game', 'film', 'series',
            'short_story', 'life', 'toy', 'other')
        WHEN kind = 'date' THEN role IN ('start', 'wrap', 'release', 'premiere')
        ELSE role IS NULL END),
    value     TEXT CHECK (CASE
        WHEN kind = 'open_role' THEN value IS NULL
        WHEN kind = 'status' THEN value IN (
            'pitch', 'optioned', 'treatment', 'script', 'development', 'greenlit', 'pre_production', 'filming',
            'post_production', 'completed', 'released', 'turnaround', 'stalled', 'cancelled')
        WHEN kind = 'format' THEN value IN (
            'film', 'series', 'limited_series', 'tv_movie', 'documentary', 'docuseries', 'short', 'special')
        ELSE length(value) > 0 END),
    modality  TEXT CHECK (CASE
        WHEN kind IN ('credit', 'company') THEN modality IN ('attached', 'in_talks', 'interest', 'exited', 'denied')
        ELSE modality IS NULL END),
    character TEXT,
    creators  TEXT CHECK (creators IS NULL OR json_valid(creators)),
    year      INTEGER,
    quote     TEXT NOT NULL,
    start     INTEGER NOT NULL,
    end       INTEGER NOT NULL,
    sure      REAL NOT NULL,
    maker     TEXT NOT NULL,
    CHECK (end - start = length(quote)),
    UNIQUE (article, id)
) STRICT;
CREATE INDEX claims_by_mention ON claims (mention) WHERE mention IS NOT NULL;
CREATE INDEX claims_by_subject ON claims (subject) WHERE subject IS NOT NULL;

CREATE TABLE renamings (
    about   TEXT NOT NULL CHECK (about IN ('person', 'company')),
    old     TEXT NOT NULL,
    new     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id),
    quote   TEXT NOT NULL,
    PRIMARY KEY (old, new, about, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX renamings_by_new ON renamings (new);
CREATE INDEX renamings_by_article ON renamings (article);

-- left and right are mention ids, or keys of people or companies. The latest word on a pair counts; none is deleted.
CREATE TABLE decisions (
    n         INTEGER PRIMARY KEY,
    about     TEXT NOT NULL CHECK (about IN ('project', 'person', 'company')),
    left      TEXT NOT NULL,
    right     TEXT NOT NULL CHECK (left < right),
    judgement TEXT NOT NULL CHECK (judgement IN ('same', 'different', 'unsure')),
    by        TEXT NOT NULL,
    at        TEXT NOT NULL,
    why       TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_left ON decisions (left);
CREATE INDEX decisions_by_right ON decisions (right);

-- One project in one article. A project's id is that of its earliest mention, and every mention's id leads to its project.
CREATE TABLE mentions (
    id      TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id),
    title   TEXT NOT NULL,
    project TEXT,
    sources TEXT NOT NULL CHECK (json_valid(sources)),
    near    TEXT NOT NULL CHECK (json_valid(near)),
    beside  TEXT NOT NULL CHECK (json_valid(beside)),
    called  TEXT NOT NULL CHECK (json_valid(called))
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_article ON mentions (article);
CREATE INDEX mentions_by_project ON mentions (project);

-- Mentions that an edit of their article has taken away, and where their ids lead now.
CREATE TABLE redirects (
    old TEXT PRIMARY KEY,
    new TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a mention may meet others (t: titles, p: and u: people, x: and w: words, n: projects named beside it).
CREATE TABLE keys (
    key     TEXT NOT NULL,
    mention TEXT NOT NULL,
    PRIMARY KEY (key, mention)
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_by_mention ON keys (mention);

-- Pairs of mentions that may be one project though no title says so, with the points and the reasons.
CREATE TABLE links (
    left  TEXT NOT NULL,
    right TEXT NOT NULL,
    score REAL NOT NULL,
    why   TEXT NOT NULL,
    PRIMARY KEY (left, right)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_right ON links (right);

CREATE TABLE projects (
    id           TEXT PRIMARY KEY,
    title        TEXT NOT NULL,
    titles       TEXT NOT NULL CHECK (json_valid(titles)),
    format       TEXT,
    status       TEXT,
    first_day    TEXT NOT NULL,
    last_day     TEXT NOT NULL,
    first_outlet TEXT,
    first_clock  TEXT NOT NULL,
    articles     INTEGER NOT NULL,
    open_roles   TEXT NOT NULL CHECK (json_valid(open_roles)),
    conflicts    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_by_last_day ON projects (last_day);
CREATE INDEX projects_by_title ON projects (title COLLATE NOCASE);

-- Who and what company stands how on which project, after its last article.
CREATE TABLE credits (
    project   TEXT NOT NULL REFERENCES projects (id),
    kind      TEXT NOT NULL CHECK (kind IN ('credit', 'company')),
    role      TEXT NOT NULL,
    key       TEXT NOT NULL,
    name      TEXT NOT NULL,
    modality  TEXT NOT NULL,
    character TEXT,
    since     TEXT NOT NULL,
    confirmed TEXT NOT NULL,
    outlet    TEXT,
    voices    INTEGER NOT NULL,
    PRIMARY KEY (project, kind, role, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX credits_by_key ON credits (key, kind);

-- Posts that stand open.
CREATE TABLE posts (
    project   TEXT NOT NULL REFERENCES projects (id),
    role      TEXT NOT NULL,
    part      TEXT NOT NULL,
    why       TEXT NOT NULL,
    stated    INTEGER NOT NULL,
    since     TEXT NOT NULL,
    confirmed TEXT NOT NULL,
    outlet    TEXT,
    article   TEXT NOT NULL REFERENCES articles (id),
    claim     TEXT NOT NULL,
    PRIMARY KEY (project, role, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_by_role ON posts (role, confirmed);

-- What changed. `noted` is when the store learned of it, `day` that of the article.
CREATE TABLE changes (
    id      TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES projects (id),
    article TEXT NOT NULL REFERENCES articles (id),
    day     TEXT NOT NULL,
    kind    TEXT NOT NULL,
    role    TEXT,
    value   TEXT NOT NULL,
    before  TEXT,
    after   TEXT NOT NULL,
    claim   TEXT,
    noted   TEXT NOT NULL,
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_by_article ON changes (article);
CREATE INDEX changes_by_day ON changes (day);
CREATE INDEX changes_by_noted ON changes (noted);

-- Groups of mentions that were compared and kept apart, near the line: what a person's eye is worth most on.
CREATE TABLE doubts (
    left  TEXT NOT NULL REFERENCES projects (id),
    right TEXT NOT NULL REFERENCES projects (id),
    score REAL NOT NULL,
    why   TEXT NOT NULL,
    PRIMARY KEY (left, right)
) STRICT, WITHOUT ROWID;
CREATE INDEX doubts_by_right ON doubts (right);
CREATE INDEX doubts_by_score ON doubts (score);

-- Titles and names, each once, for searching. `ref` is the key of the title, person or company.
CREATE TABLE entries (
    n    INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('title', 'person', 'company')),
    ref  TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (kind, ref, text)
) STRICT;
CREATE VIRTUAL TABLE entry_words USING fts5 (
    text, content = 'entries', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE quote_words USING fts5 (
    quote, content = 'claims', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2', detail = 'full'
);
