-- Indexes in the very order in which the pages go through lists, so that a page reads what it shows and sorts nothing.
DROP INDEX changes_by_day;
CREATE INDEX changes_by_day ON changes (day DESC, article);
-- A list of names is read from this one alone.
DROP INDEX credits_by_key;
CREATE INDEX credits_by_key ON credits (kind, key, confirmed, name);
-- Who is said to belong to a company.
CREATE INDEX claims_by_object ON claims (value) WHERE subject IS NOT NULL;
