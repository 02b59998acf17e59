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

-- Articles of the same words: what part of the one's stands in the other. Which is the copy, their days and credits say.
CREATE TABLE alike (
    left     TEXT NOT NULL REFERENCES articles (id),
    right    TEXT NOT NULL REFERENCES articles (id),
    of_left  REAL NOT NULL,
    of_right REAL NOT NULL,
    PRIMARY KEY (left, right),
    CHECK (left < right)
) STRICT, WITHOUT ROWID;
CREATE INDEX alike_by_right ON alike (right);
