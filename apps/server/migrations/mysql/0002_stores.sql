-- Every change of master data: who, when, how, from what to what. Only ever inserted (Companies
-- (Accounts) Rules r.3(1): an audit trail that cannot be switched off).
CREATE TABLE audit (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY, -- order of writing
  at          BIGINT       NOT NULL,         -- ms since 1970 UTC
  by_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, -- person; null for a program, e.g. the demo seed
  how         VARCHAR(40)  NOT NULL,         -- way in: back-office, import, command-line …
  subject     VARCHAR(40)  NOT NULL,         -- kind of thing: store, staff, product …
  subject_id  VARCHAR(80)  NOT NULL,
  label       VARCHAR(250) COLLATE utf8mb4_unicode_ci NOT NULL, -- name of the thing as people know it
  before_json LONGTEXT,                      -- null when it was created
  after_json  LONGTEXT,                      -- null when it was removed
  KEY audit_subject (subject, subject_id, id), -- history of one thing, or of one kind
  KEY audit_by (by_id, id),                  -- what one person changed
  KEY audit_at (at),                         -- a span of days
  KEY audit_label (label)                    -- search by name reads this, not the documents
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Failed attempts at what anybody may try: signing in, enrolling. A success removes the row.
CREATE TABLE attempt (
  name          VARCHAR(160) NOT NULL PRIMARY KEY, -- what is tried and by whom, e.g. sign-in:address:10.0.0.7
  failures      INT          NOT NULL,
  last_at       BIGINT       NOT NULL,       -- ms UTC; old rows are forgotten by it
  blocked_until BIGINT       NOT NULL,       -- ms UTC; no attempt is looked at before
  KEY attempt_last (last_at)                 -- forgets old rows
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The company. One row; its id is the tenant of every journal entry.
CREATE TABLE company (
  id             CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  legal_name     VARCHAR(200) COLLATE utf8mb4_unicode_ci NOT NULL,
  trade_name     VARCHAR(200) COLLATE utf8mb4_unicode_ci NOT NULL,
  pan            CHAR(10)     NOT NULL,
  rupee_rounding TINYINT      NOT NULL CHECK (rupee_rounding IN (0, 1)),
  upi_id         VARCHAR(330),               -- payee of the UPI QR; null hides UPI at the till
  bill_footer    VARCHAR(400) COLLATE utf8mb4_unicode_ci NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Shops. A row is changed by people and never removed, since bills refer to it.
CREATE TABLE store (
  id        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  no        INT          NOT NULL UNIQUE,    -- key of the store in journal, sales, stock and shifts
  code      VARCHAR(3)   NOT NULL UNIQUE,    -- begins the series codes of its registers
  name      VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL,
  gstin     CHAR(15)     NOT NULL,
  state     CHAR(2)      NOT NULL,           -- two digits; the first two of the GSTIN
  region_id VARCHAR(36)  NOT NULL,
  address   VARCHAR(300) COLLATE utf8mb4_unicode_ci NOT NULL,
  city      VARCHAR(80)  COLLATE utf8mb4_unicode_ci NOT NULL,
  pin       CHAR(6)      NOT NULL,
  phone     VARCHAR(20)  NOT NULL,
  language  VARCHAR(8)   NOT NULL,
  cut_over  CHAR(5)      NOT NULL,           -- HH:MM, local time
  active    TINYINT      NOT NULL CHECK (active IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Billing points of stores. Never removed, never moved to another store.
CREATE TABLE register (
  id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  no       INT          NOT NULL UNIQUE,     -- key of the register in journal, sales and shifts
  store_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number   INT          NOT NULL,            -- 1, 2, 3 … in the store
  name     VARCHAR(80)  COLLATE utf8mb4_unicode_ci NOT NULL,
  active   TINYINT      NOT NULL CHECK (active IN (0, 1)),
  UNIQUE KEY register_number (store_id, number),
  FOREIGN KEY (store_id) REFERENCES store (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a register last told of itself. One row a register, made with it, overwritten by heartbeats.
CREATE TABLE register_status (
  register_id    CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  last_seen_at   BIGINT,
  app            VARCHAR(40),
  clock_skew_ms  BIGINT,                     -- till's wall clock less the server's
  queued_entries INT,                        -- entries that were only on the till
  queued_minor   BIGINT,                     -- and what they sold, in paise
  persisted      TINYINT,                    -- whether the browser promised to keep its storage
  FOREIGN KEY (register_id) REFERENCES register (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One-time codes that enrol a device. Used and ended codes stay, so that a replay is told apart.
CREATE TABLE enrolment_code (
  code_hash   BINARY(32) NOT NULL PRIMARY KEY, -- HMAC-SHA256 of the code; the code itself is kept nowhere
  register_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at  BIGINT     NOT NULL,
  created_by  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, -- person; null from the command line
  expires_at  BIGINT     NOT NULL,
  ended_at    BIGINT,                        -- a newer code took its place
  used_at     BIGINT,
  epoch_id    CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, -- the epoch that it enrolled
  KEY enrolment_code_register (register_id), -- ends the older codes
  FOREIGN KEY (register_id) REFERENCES register (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Series codes that were ever given out or turned up in a certificate (JRN-14a: unique in the GSTIN
-- for ever; here in the whole chain). Rows are never removed or given to another epoch.
CREATE TABLE series_code (
  code        VARCHAR(6) NOT NULL PRIMARY KEY,
  register_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  given_at    BIGINT     NOT NULL,
  FOREIGN KEY (register_id) REFERENCES register (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Epochs that headquarters gave out: lives of a register on a device, and spares for a new life that
-- begins offline (JRN-3, JRN-4). Rows are never removed.
CREATE TABLE register_epoch (
  id                    CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  register_id           CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind                  VARCHAR(8)    NOT NULL CHECK (kind IN ('device', 'spare')),
  state                 VARCHAR(8)    NOT NULL CHECK (state IN ('issued', 'active', 'revoked')),
  series_code           VARCHAR(6)    NOT NULL,
  public_key            VARCHAR(400)  NOT NULL, -- device's ECDSA P-256 key, as in the certificate
  key_id                VARCHAR(64)   NOT NULL,
  certificate           VARCHAR(4000) NOT NULL, -- base64url of the canonical JSON that is signed
  certificate_signature VARCHAR(200)  NOT NULL,
  proved_by             VARCHAR(64)   NOT NULL, -- hash of the code, or the epoch whose key asked for it; 'certificate' when found again after a restore
  issued_at             BIGINT        NOT NULL,
  opened_at             BIGINT,              -- when its first entry was accepted
  revoked_at            BIGINT,
  persisted             TINYINT,             -- storage facts of the device at enrolment
  quota_bytes           BIGINT,
  verifier_key_sealed   VARBINARY(100) NOT NULL, -- key of the device's PIN verifiers, AES-256-GCM
  UNIQUE KEY register_epoch_proof (proved_by, public_key), -- a re-sent enrolment finds its first answer
  KEY register_epoch_register (register_id, issued_at), -- lives of a register
  FOREIGN KEY (register_id) REFERENCES register (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
