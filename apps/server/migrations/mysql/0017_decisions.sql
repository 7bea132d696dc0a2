-- Whose journal an epoch is: a till's, or one of this server's own (JRN-20).
ALTER TABLE journal_epoch ADD COLUMN kind VARCHAR(12) NOT NULL DEFAULT 'till'
  CHECK (kind IN ('till', 'hq', 'recovery', 'store-server'));

-- Epochs of the journals that this server writes itself (JRN-20c). The one with the highest n of its journal
-- is in force, and its row is locked by whoever writes, so that several processes write in turn.
CREATE TABLE own_journal (
  kind VARCHAR(60) NOT NULL CHECK (kind IN ('hq', 'recovery', 'store-server')),
  store_no INT NOT NULL,        -- 0: of the whole chain
  n INT NOT NULL,        -- 1, 2, 3 …: two processes that begin an epoch together begin one
  epoch BINARY(16) NOT NULL UNIQUE,
  generation_no INT NOT NULL,        -- in force when it was opened: after a restore another epoch begins
  certificate TEXT NOT NULL,        -- signed by the enrolment key, as any epoch's
  certificate_signature VARCHAR(200) NOT NULL,
  private_key VARBINARY(400) NOT NULL,        -- signs its checkpoints; PKCS 8, sealed
  opened_at BIGINT NOT NULL,        -- ms UTC
  PRIMARY KEY (kind, store_no, n)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Slots of declared holes that a named person gave up (JRN-9d). Out of hole-lost entries.
CREATE TABLE journal_hole_lost (
  store_no INT NOT NULL,
  epoch BINARY(16) NOT NULL,
  from_seq BIGINT NOT NULL,
  to_seq BIGINT NOT NULL,
  by_epoch BINARY(16) NOT NULL,         -- place of the entry that says so
  by_seq BIGINT NOT NULL,
  PRIMARY KEY (by_epoch, by_seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_hole_lost_epoch ON journal_hole_lost (epoch, from_seq); -- the marks of an epoch

-- Declarations that a device is gone (JRN-21); the last one of an epoch rules. Out of handover entries.
CREATE TABLE journal_handover (
  store_no INT NOT NULL,
  epoch BINARY(16) NOT NULL,
  register CHAR(36) NOT NULL,
  declaration VARCHAR(20) NOT NULL CHECK (declaration IN ('clean', 'tail-unknown', 'stolen')),
  after_seq BIGINT NOT NULL,          -- last seq that anybody heard of
  reason VARCHAR(60) NOT NULL,
  staff CHAR(36),
  at BIGINT NOT NULL,          -- ms UTC
  by_epoch BINARY(16) NOT NULL,
  by_seq BIGINT NOT NULL,
  PRIMARY KEY (by_epoch, by_seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_handover_register ON journal_handover (register, at); -- the register's page

-- Bill numbers that went with their device (JRN-14b). Out of handover entries. A bill that arrives all the same issues its number.
CREATE TABLE journal_number_lost (
  number VARCHAR(16) NOT NULL,
  epoch BINARY(16) NOT NULL,
  store_no INT NOT NULL,
  by_epoch BINARY(16) NOT NULL,
  by_seq BIGINT NOT NULL,
  PRIMARY KEY (number, epoch)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Bills that bear a number of more than one bill, the first one too (JRN-14c). Written by the accept path.
CREATE TABLE journal_number_bearer (
  number VARCHAR(16) NOT NULL,
  epoch BINARY(16) NOT NULL,
  identity BINARY(32) NOT NULL,
  store_no INT NOT NULL,
  kind VARCHAR(60) NOT NULL,           -- letter of the document
  renumbered VARCHAR(16),                       -- its new number; NULL: keeps the old one, or waits
  PRIMARY KEY (number, epoch, identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_number_bearer_open ON journal_number_bearer (renumbered, number, epoch); -- the job that renumbers
CREATE INDEX journal_number_bearer_bill ON journal_number_bearer (identity); -- the bill's page

-- Incidents that a person has looked at and closed with a remark. Nothing else changes by it.
CREATE TABLE incident_closed (
  id BINARY(16) NOT NULL PRIMARY KEY, -- of the incident
  store_no INT NOT NULL,
  at BIGINT NOT NULL,             -- ms UTC
  staff CHAR(36) NOT NULL,
  remark VARCHAR(500) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The same of discrepancies.
CREATE TABLE discrepancy_closed (
  identity BINARY(32) NOT NULL,
  n INT NOT NULL,
  kind VARCHAR(60) NOT NULL,             -- of the discrepancy: a rebuild by a newer release may find another one as n
  store_no INT NOT NULL,
  at BIGINT NOT NULL,
  staff CHAR(36) NOT NULL,
  remark VARCHAR(500) NOT NULL,
  PRIMARY KEY (identity, n, kind)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A series code may belong to one of this server's journals and to no register: NULL (JRN-20c).
ALTER TABLE series_code MODIFY register_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL;

-- The head that a till announced last (JRN-18g): what is above the head here is only on the till, or gone with it.
ALTER TABLE register_status
  ADD COLUMN told_epoch CHAR(36),
  ADD COLUMN told_seq BIGINT,
  ADD COLUMN told_hash CHAR(43);
-- When a manager declared the epoch's device gone (JRN-21): it is the register's no more, and gets no other epoch.
ALTER TABLE register_epoch ADD COLUMN retired_at BIGINT;
