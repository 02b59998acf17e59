-- The readers beside `maker` that made the same claim, as a JSON list of their names.

ALTER TABLE claims ADD COLUMN also TEXT CHECK (also IS NULL OR json_valid(also));
