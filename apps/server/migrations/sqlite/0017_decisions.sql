-- Whose journal an epoch is: a till's, or one of this server's own (JRN-20).
ALTER TABLE journal_epoch ADD COLUMN kind TEXT NOT NULL DEFAULT 'till'
  CHECK (kind IN ('till', 'hq', 'recovery', 'store-server'));

-- Epochs of the journals that this server writes itself (JRN-20c). The one with the highest n of its journal
-- is in force, and its row is locked by whoever writes, so that several processes write in turn.
CREATE TABLE own_journal (
  kind          TEXT    NOT NULL CHECK (kind IN ('hq', 'recovery', 'store-server')),
  store_no      INTEGER NOT NULL,        -- 0: of the whole chain
  n             INTEGER NOT NULL,        -- 1, 2, 3 …: two processes that begin an epoch together begin one
  epoch         BLOB    NOT NULL UNIQUE,
  generation_no INTEGER NOT NULL,        -- in force when it was opened: after a restore another epoch begins
  certificate   TEXT    NOT NULL,        -- signed by the enrolment key, as any epoch's
  certificate_signature TEXT NOT NULL,
  private_key   BLOB    NOT NULL,        -- signs its checkpoints; PKCS 8, sealed
  opened_at     INTEGER NOT NULL,        -- ms UTC
  PRIMARY KEY (kind, store_no, n)
) STRICT, WITHOUT ROWID;

-- Slots of declared holes that a named person gave up (JRN-9d). Out of hole-lost entries.
CREATE TABLE journal_hole_lost (
  store_no     INTEGER NOT NULL,
  epoch        BLOB    NOT NULL,
  from_seq     INTEGER NOT NULL,
  to_seq       INTEGER NOT NULL,
  by_epoch     BLOB    NOT NULL,         -- place of the entry that says so
  by_seq       INTEGER NOT NULL,
  PRIMARY KEY (by_epoch, by_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_hole_lost_epoch ON journal_hole_lost (epoch, from_seq); -- the marks of an epoch

-- Declarations that a device is gone (JRN-21); the last one of an epoch rules. Out of handover entries.
CREATE TABLE journal_handover (
  store_no    INTEGER NOT NULL,
  epoch       BLOB    NOT NULL,
  register    TEXT    NOT NULL,
  declaration TEXT    NOT NULL CHECK (declaration IN ('clean', 'tail-unknown', 'stolen')),
  after_seq   INTEGER NOT NULL,          -- last seq that anybody heard of
  reason      TEXT    NOT NULL,
  staff       TEXT,
  at          INTEGER NOT NULL,          -- ms UTC
  by_epoch    BLOB    NOT NULL,
  by_seq      INTEGER NOT NULL,
  PRIMARY KEY (by_epoch, by_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_handover_register ON journal_handover (register, at); -- the register's page

-- Bill numbers that went with their device (JRN-14b). Out of handover entries. A bill that arrives all the same issues its number.
CREATE TABLE journal_number_lost (
  number   TEXT    NOT NULL,
  epoch    BLOB    NOT NULL,
  store_no INTEGER NOT NULL,
  by_epoch BLOB    NOT NULL,
  by_seq   INTEGER NOT NULL,
  PRIMARY KEY (number, epoch)
) STRICT, WITHOUT ROWID;

-- Bills that bear a number of more than one bill, the first one too (JRN-14c). Written by the accept path.
CREATE TABLE journal_number_bearer (
  number     TEXT    NOT NULL,
  epoch      BLOB    NOT NULL,
  identity   BLOB    NOT NULL,
  store_no   INTEGER NOT NULL,
  kind       TEXT    NOT NULL,           -- letter of the document
  renumbered TEXT,                       -- its new number; NULL: keeps the old one, or waits
  PRIMARY KEY (number, epoch, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_number_bearer_open ON journal_number_bearer (renumbered, number, epoch); -- the job that renumbers
CREATE INDEX journal_number_bearer_bill ON journal_number_bearer (identity); -- the bill's page

-- Incidents that a person has looked at and closed with a remark. Nothing else changes by it.
CREATE TABLE incident_closed (
  id       BLOB    NOT NULL PRIMARY KEY, -- of the incident
  store_no INTEGER NOT NULL,
  at       INTEGER NOT NULL,             -- ms UTC
  staff    TEXT    NOT NULL,
  remark   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The same of discrepancies.
CREATE TABLE discrepancy_closed (
  identity BLOB    NOT NULL,
  n        INTEGER NOT NULL,
  kind     TEXT    NOT NULL,             -- of the discrepancy: a rebuild by a newer release may find another one as n
  store_no INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  staff    TEXT    NOT NULL,
  remark   TEXT    NOT NULL,
  PRIMARY KEY (identity, n, kind)
) STRICT, WITHOUT ROWID;

-- A series code may belong to one of this server's journals and to no register.
CREATE TABLE series_code_again (
  code        TEXT    NOT NULL PRIMARY KEY,
  register_id TEXT    REFERENCES register (id), -- NULL: of a recovery journal (JRN-20c)
  given_at    INTEGER NOT NULL
) STRICT;
INSERT INTO series_code_again SELECT code, register_id, given_at FROM series_code;
DROP TABLE series_code;
ALTER TABLE series_code_again RENAME TO series_code;

-- The head that a till announced last (JRN-18g): what is above the head here is only on the till, or gone with it.
ALTER TABLE register_status ADD COLUMN told_epoch TEXT;
ALTER TABLE register_status ADD COLUMN told_seq INTEGER;
ALTER TABLE register_status ADD COLUMN told_hash TEXT;
-- When a manager declared the epoch's device gone (JRN-21): it is the register's no more, and gets no other epoch.
ALTER TABLE register_epoch ADD COLUMN retired_at INTEGER;
