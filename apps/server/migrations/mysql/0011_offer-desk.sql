-- Offers have a life: drafts that people work on or throw away, published ones that never change, stopped ones.

ALTER TABLE offer ADD COLUMN state VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'published' CHECK (state IN ('draft', 'published', 'stopped', 'removed'));
ALTER TABLE offer ADD COLUMN revision INT NOT NULL DEFAULT 1;    -- of a draft, so that two people do not overwrite each other
ALTER TABLE offer ADD COLUMN name VARCHAR(80) NOT NULL DEFAULT ''; -- as in the definition, for the list
ALTER TABLE offer ADD COLUMN from_at BIGINT;                     -- ms UTC, as in the definition; NULL while a draft has none
ALTER TABLE offer ADD COLUMN until_at BIGINT;                    -- NULL: without end
ALTER TABLE offer ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0; -- ms UTC
ALTER TABLE offer ADD COLUMN changed_by CHAR(36) CHARACTER SET ascii COLLATE ascii_bin; -- id of the person; NULL for a program
UPDATE offer SET
  state = CASE active WHEN 1 THEN 'published' ELSE 'stopped' END,
  name = JSON_UNQUOTE(JSON_EXTRACT(definition, '$.name')),
  from_at = JSON_EXTRACT(definition, '$.from'),
  until_at = JSON_EXTRACT(definition, '$.until');
ALTER TABLE offer DROP COLUMN active; -- the next version carries what is published
CREATE INDEX offer_state ON offer (state, changed_at, id); -- the desk's list
