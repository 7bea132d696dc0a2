-- Offers have a life: drafts that people work on or throw away, published ones that never change, stopped ones.

ALTER TABLE offer ADD COLUMN state TEXT NOT NULL DEFAULT 'published' CHECK (state IN ('draft', 'published', 'stopped', 'removed'));
ALTER TABLE offer ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;   -- of a draft, so that two people do not overwrite each other
ALTER TABLE offer ADD COLUMN name TEXT NOT NULL DEFAULT '';         -- as in the definition, for the list
ALTER TABLE offer ADD COLUMN from_at INTEGER;                       -- ms UTC, as in the definition; NULL while a draft has none
ALTER TABLE offer ADD COLUMN until_at INTEGER;                      -- NULL: without end
ALTER TABLE offer ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0; -- ms UTC
ALTER TABLE offer ADD COLUMN changed_by TEXT;                       -- id of the person; NULL for a program
UPDATE offer SET
  state = CASE active WHEN 1 THEN 'published' ELSE 'stopped' END,
  name = json_extract(definition, '$.name'),
  from_at = json_extract(definition, '$.from'),
  until_at = json_extract(definition, '$.until');
ALTER TABLE offer DROP COLUMN active; -- the next version carries what is published
CREATE INDEX offer_state ON offer (state, changed_at, id); -- the desk's list
