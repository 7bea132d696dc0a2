-- The server's own check of a PIN, beside what it needs to make the tills' verifiers. Written with every
-- PIN; a PIN of an older release gets it when it is next set.
ALTER TABLE staff ADD COLUMN pin_hash VARCHAR(200); -- Argon2id with pepper and its parameters, bound to the person; null: none
