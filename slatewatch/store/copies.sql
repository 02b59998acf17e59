-- What finds copies: made from the articles that state something, and made again with them (`slatewatch add --rebuild`).

-- A MinHash of each text: `size` different runs of words, `least` 90 numbers of 32 bits, little-endian.
CREATE TABLE sketches (
    n       INTEGER PRIMARY KEY,
    article TEXT NOT NULL UNIQUE REFERENCES articles (id),
    size    INTEGER NOT NULL,
    least   BLOB NOT NULL
) STRICT;

-- Where sketches meet: three numbers in a row of the one are those of the other.
CREATE TABLE bands (
    band   INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (band, n)
) STRICT, WITHOUT ROWID;

-- Which article is taken over from which: the earliest that has most of its words, and what part that is.
CREATE TABLE copies (
    article  TEXT PRIMARY KEY REFERENCES articles (id),
    original TEXT NOT NULL REFERENCES articles (id),
    share    REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_by_original ON copies (original);
