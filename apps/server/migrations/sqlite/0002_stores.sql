-- Every change of master data: who, when, how, from what to what. Only ever inserted (Companies
-- (Accounts) Rules r.3(1): an audit trail that cannot be switched off).
CREATE TABLE audit (
  id          INTEGER NOT NULL PRIMARY KEY,  -- order of writing
  at          INTEGER NOT NULL,              -- ms since 1970 UTC
  by_id       TEXT,                          -- person; null for a program, e.g. the demo seed
  how         TEXT    NOT NULL,              -- way in: back-office, import, command-line …
  subject     TEXT    NOT NULL,              -- kind of thing: store, staff, product …
  subject_id  TEXT    NOT NULL,
  label       TEXT    NOT NULL,              -- name of the thing as people know it
  before_json TEXT,                          -- null when it was created
  after_json  TEXT                           -- null when it was removed
) STRICT;
CREATE INDEX audit_subject ON audit (subject, subject_id, id); -- history of one thing, or of one kind
CREATE INDEX audit_by ON audit (by_id, id);                    -- what one person changed
CREATE INDEX audit_at ON audit (at);                           -- a span of days
CREATE INDEX audit_label ON audit (label);                     -- search by name reads this, not the documents

-- Failed attempts at what anybody may try: signing in, enrolling. A success removes the row.
CREATE TABLE attempt (
  name          TEXT    NOT NULL PRIMARY KEY, -- what is tried and by whom, e.g. sign-in:address:10.0.0.7
  failures      INTEGER NOT NULL,
  last_at       INTEGER NOT NULL,             -- ms UTC; old rows are forgotten by it
  blocked_until INTEGER NOT NULL              -- ms UTC; no attempt is looked at before
) STRICT;
CREATE INDEX attempt_last ON attempt (last_at); -- forgets old rows

-- The company. One row; its id is the tenant of every journal entry.
CREATE TABLE company (
  id             TEXT    NOT NULL PRIMARY KEY,
  legal_name     TEXT    NOT NULL,
  trade_name     TEXT    NOT NULL,
  pan            TEXT    NOT NULL,
  rupee_rounding INTEGER NOT NULL CHECK (rupee_rounding IN (0, 1)),
  upi_id         TEXT,                        -- payee of the UPI QR; null hides UPI at the till
  bill_footer    TEXT    NOT NULL
) STRICT;

-- Shops. A row is changed by people and never removed, since bills refer to it.
CREATE TABLE store (
  id        TEXT    NOT NULL PRIMARY KEY,
  no        INTEGER NOT NULL UNIQUE,          -- key of the store in journal, sales, stock and shifts
  code      TEXT    NOT NULL UNIQUE,          -- begins the series codes of its registers
  name      TEXT    NOT NULL,
  gstin     TEXT    NOT NULL,
  state     TEXT    NOT NULL,                 -- two digits; the first two of the GSTIN
  region_id TEXT    NOT NULL,
  address   TEXT    NOT NULL,
  city      TEXT    NOT NULL,
  pin       TEXT    NOT NULL,
  phone     TEXT    NOT NULL,
  language  TEXT    NOT NULL,
  cut_over  TEXT    NOT NULL,                 -- HH:MM, local time
  active    INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

-- Billing points of stores. Never removed, never moved to another store.
CREATE TABLE register (
  id       TEXT    NOT NULL PRIMARY KEY,
  no       INTEGER NOT NULL UNIQUE,           -- key of the register in journal, sales and shifts
  store_id TEXT    NOT NULL REFERENCES store (id),
  number   INTEGER NOT NULL,                  -- 1, 2, 3 … in the store
  name     TEXT    NOT NULL,
  active   INTEGER NOT NULL CHECK (active IN (0, 1)),
  UNIQUE (store_id, number)
) STRICT;

-- What a register last told of itself. One row a register, made with it, overwritten by heartbeats.
CREATE TABLE register_status (
  register_id    TEXT    NOT NULL PRIMARY KEY REFERENCES register (id),
  last_seen_at   INTEGER,
  app            TEXT,
  clock_skew_ms  INTEGER,                     -- till's wall clock less the server's
  queued_entries INTEGER,                     -- entries that were only on the till
  queued_minor   INTEGER,                     -- and what they sold, in paise
  persisted      INTEGER                      -- whether the browser promised to keep its storage
) STRICT;

-- One-time codes that enrol a device. Used and ended codes stay, so that a replay is told apart.
CREATE TABLE enrolment_code (
  code_hash   BLOB    NOT NULL PRIMARY KEY,   -- HMAC-SHA256 of the code; the code itself is kept nowhere
  register_id TEXT    NOT NULL REFERENCES register (id),
  created_at  INTEGER NOT NULL,
  created_by  TEXT,                           -- person; null from the command line
  expires_at  INTEGER NOT NULL,
  ended_at    INTEGER,                        -- a newer code took its place
  used_at     INTEGER,
  epoch_id    TEXT                            -- the epoch that it enrolled
) STRICT;
CREATE INDEX enrolment_code_register ON enrolment_code (register_id); -- ends the older codes

-- Series codes that were ever given out or turned up in a certificate (JRN-14a: unique in the GSTIN
-- for ever; here in the whole chain). Rows are never removed or given to another epoch.
CREATE TABLE series_code (
  code        TEXT    NOT NULL PRIMARY KEY,
  register_id TEXT    NOT NULL REFERENCES register (id),
  given_at    INTEGER NOT NULL
) STRICT;

-- Epochs that headquarters gave out: lives of a register on a device, and spares for a new life that
-- begins offline (JRN-3, JRN-4). Rows are never removed.
CREATE TABLE register_epoch (
  id                    TEXT    NOT NULL PRIMARY KEY,
  register_id           TEXT    NOT NULL REFERENCES register (id),
  kind                  TEXT    NOT NULL CHECK (kind IN ('device', 'spare')),
  state                 TEXT    NOT NULL CHECK (state IN ('issued', 'active', 'revoked')),
  series_code           TEXT    NOT NULL,
  public_key            TEXT    NOT NULL,     -- device's ECDSA P-256 key, as in the certificate
  key_id                TEXT    NOT NULL,
  certificate           TEXT    NOT NULL,     -- base64url of the canonical JSON that is signed
  certificate_signature TEXT    NOT NULL,
  proved_by             TEXT    NOT NULL,     -- hash of the code, or the epoch whose key asked for it; 'certificate' when found again after a restore
  issued_at             INTEGER NOT NULL,
  opened_at             INTEGER,              -- when its first entry was accepted
  revoked_at            INTEGER,
  persisted             INTEGER,              -- storage facts of the device at enrolment
  quota_bytes           INTEGER,
  verifier_key_sealed   BLOB    NOT NULL,     -- key of the device's PIN verifiers, AES-256-GCM
  UNIQUE (proved_by, public_key)              -- a re-sent enrolment finds its first answer
) STRICT;
CREATE INDEX register_epoch_register ON register_epoch (register_id, issued_at); -- lives of a register
