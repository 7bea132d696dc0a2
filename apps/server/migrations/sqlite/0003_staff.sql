-- People who work for the chain. Changed by people with staff.write; never removed, since bills refer to
-- them. Secrets are hashed or sealed: a copy of the database alone signs nobody in.
CREATE TABLE staff (
  id              TEXT    NOT NULL PRIMARY KEY,
  login           TEXT    NOT NULL UNIQUE,  -- name to sign in with, lower case
  name            TEXT    NOT NULL,
  role            TEXT    NOT NULL,         -- one of the fixed roles; what it allows stands in code
  all_stores      INTEGER NOT NULL CHECK (all_stores IN (0, 1)), -- 0: those of staff_store
  active          INTEGER NOT NULL CHECK (active IN (0, 1)),
  language        TEXT    NOT NULL,
  password_hash   TEXT,                     -- Argon2id with pepper and its parameters; null: no back office
  pin_salt        BLOB,                     -- PBKDF2-SHA256 of the PIN for tills; null: no PIN
  pin_iterations  INTEGER,
  pin_sealed      BLOB,                     -- its output under AES-256-GCM: needed to make each device's verifier
  last_sign_in_at INTEGER                   -- back office, ms UTC
) STRICT;
CREATE INDEX staff_name ON staff (name);    -- the list in its usual order

-- Stores that a person works for. Replaced with the person; store_id is checked when it is written.
CREATE TABLE staff_store (
  staff_id TEXT NOT NULL REFERENCES staff (id),
  store_id TEXT NOT NULL,
  PRIMARY KEY (staff_id, store_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_store_store ON staff_store (store_id, staff_id); -- a store's people: roster and filter

-- Signed-in browsers. A row ends with signing out, a new password, switching the person off, or time.
CREATE TABLE session (
  id_hash    BLOB    NOT NULL PRIMARY KEY,  -- SHA-256 of the cookie's 32 random bytes
  staff_id   TEXT    NOT NULL REFERENCES staff (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL               -- moves on while the session is used
) STRICT;
CREATE INDEX session_staff ON session (staff_id);     -- ends a person's sessions
CREATE INDEX session_expiry ON session (expires_at);  -- forgets old ones
