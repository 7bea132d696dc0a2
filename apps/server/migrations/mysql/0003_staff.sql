-- People who work for the chain. Changed by people with staff.write; never removed, since bills refer to
-- them. Secrets are hashed or sealed: a copy of the database alone signs nobody in.
CREATE TABLE staff (
  id              CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  login           VARCHAR(60)  NOT NULL UNIQUE, -- name to sign in with, lower case
  name            VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL,
  role            VARCHAR(20)  NOT NULL,    -- one of the fixed roles; what it allows stands in code
  all_stores      TINYINT      NOT NULL CHECK (all_stores IN (0, 1)), -- 0: those of staff_store
  active          TINYINT      NOT NULL CHECK (active IN (0, 1)),
  language        VARCHAR(8)   NOT NULL,
  password_hash   VARCHAR(200),             -- Argon2id with pepper and its parameters; null: no back office
  pin_salt        VARBINARY(32),            -- PBKDF2-SHA256 of the PIN for tills; null: no PIN
  pin_iterations  INT,
  pin_sealed      VARBINARY(100),           -- its output under AES-256-GCM: needed to make each device's verifier
  last_sign_in_at BIGINT,                   -- back office, ms UTC
  KEY staff_name (name)                     -- the list in its usual order
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Stores that a person works for. Replaced with the person; store_id is checked when it is written.
CREATE TABLE staff_store (
  staff_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  store_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (staff_id, store_id),
  KEY staff_store_store (store_id, staff_id), -- a store's people: roster and filter
  FOREIGN KEY (staff_id) REFERENCES staff (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Signed-in browsers. A row ends with signing out, a new password, switching the person off, or time.
CREATE TABLE session (
  id_hash    BINARY(32) NOT NULL PRIMARY KEY, -- SHA-256 of the cookie's 32 random bytes
  staff_id   CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT     NOT NULL,
  expires_at BIGINT     NOT NULL,           -- moves on while the session is used
  KEY session_staff (staff_id),             -- ends a person's sessions
  KEY session_expiry (expires_at),          -- forgets old ones
  FOREIGN KEY (staff_id) REFERENCES staff (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
