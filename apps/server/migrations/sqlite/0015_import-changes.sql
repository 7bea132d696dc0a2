-- What an import of prices or MRPs changes: the first of them; all are in the data folder. NULL: none.
ALTER TABLE import_run ADD COLUMN changes_json TEXT;
