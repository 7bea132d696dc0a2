-- Closings: entries that end a shift, a day or a month and say what they counted (JRN-22). One row an entry,
-- derived from the journal and made anew by `nexus rebuild`; nobody edits it. The key is the entry's slot.
CREATE TABLE closing (
  store_no    INT          NOT NULL,
  epoch_no    INT          NOT NULL,
  seq         BIGINT       NOT NULL,
  identity    BINARY(32)   NOT NULL,
  kind        VARCHAR(10)  NOT NULL CHECK (kind IN ('shift', 'day', 'month')),
  subject     VARCHAR(36)  NOT NULL,  -- UUID of the shift, YYYY-MM-DD or YYYY-MM
  gstin       VARCHAR(15),            -- of a month
  place_epoch BINARY(16)   NOT NULL,  -- UUID and place that the entry itself names: another one when it was re-homed
  place_seq   BIGINT       NOT NULL,
  received_at BIGINT       NOT NULL,  -- ms UTC, this server's: of two settlements of a day the first one counts
  stated      LONGTEXT     NOT NULL,  -- JSON {figure: number}: the totals as stated; they never change
  PRIMARY KEY (store_no, epoch_no, seq),
  KEY closing_subject (kind, subject, store_no, received_at), -- was this day, this month closed?
  KEY closing_received (kind, received_at) -- the list, newest first
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a closing counted of each epoch: every slot up to last_seq but those named, less what earlier
-- closings of its kind counted.
CREATE TABLE closing_cover (
  store_no    INT          NOT NULL,     -- slot of the closing
  epoch_no    INT          NOT NULL,
  seq         BIGINT       NOT NULL,
  kind        VARCHAR(10)  NOT NULL,
  covered     BINARY(16)   NOT NULL,     -- UUID of the epoch that was counted
  last_seq    BIGINT       NOT NULL,
  excepted    LONGTEXT     NOT NULL,     -- JSON [seq]: slots below it that the writer could not count
  PRIMARY KEY (store_no, epoch_no, seq, covered),
  KEY closing_cover_covered (covered, kind, last_seq) -- which closing counted a slot
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Documents that gained effect after the month of their issue date was closed (JRN-22d): the tax queue.
-- Derived; a document stands here once, for the first closing that did not count it.
CREATE TABLE late_document (
  identity    BINARY(32)   NOT NULL,  -- of the entry
  document    INT          NOT NULL,  -- 0 or 1: which document of the entry
  store_no    INT          NOT NULL,
  epoch_no    INT          NOT NULL,  -- slot on which it acted
  seq         BIGINT       NOT NULL,
  number      VARCHAR(16)  NOT NULL,
  kind        VARCHAR(10)  NOT NULL,
  issue_date  CHAR(10)     NOT NULL,
  month       CHAR(7)      NOT NULL,  -- the closed month, YYYY-MM
  tax_minor   BIGINT       NOT NULL,
  total_minor BIGINT       NOT NULL,
  received_at BIGINT       NOT NULL,  -- ms UTC, this server's
  PRIMARY KEY (identity, document),
  KEY late_document_at (received_at) -- the queue, newest first
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a person chose for a late document. Not derived: a rebuild keeps it.
CREATE TABLE late_choice (
  identity    BINARY(32)   NOT NULL,
  document    INT          NOT NULL,
  choice      VARCHAR(20)  NOT NULL CHECK (choice IN ('amendment', 'current-return')),
  chosen_by   CHAR(36)     NOT NULL,
  chosen_at   BIGINT       NOT NULL,    -- ms UTC
  PRIMARY KEY (identity, document)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How far the invariants were checked in each epoch, and where it stood then. Written by the worker only.
CREATE TABLE journal_watch (
  store_no    INT          NOT NULL,
  epoch_no    INT          NOT NULL,
  seq         BIGINT       NOT NULL,   -- checked up to here; never falls
  hash        BINARY(32)   NOT NULL,
  totals      TEXT,                    -- JSON: totals that only grow, after that entry (JRN-18); NULL while not known
  checked_at  BIGINT       NOT NULL,   -- ms UTC
  PRIMARY KEY (store_no, epoch_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the entries of a span of an epoch add up to: one row a shift that its closing ended, and one for what
-- is open behind the last. Folded from the journal's bytes by the worker; compared with the derived rows.
CREATE TABLE journal_period (
  store_no    INT          NOT NULL,
  epoch_no    INT          NOT NULL,
  from_seq    BIGINT       NOT NULL,
  to_seq      BIGINT       NOT NULL,
  is_closed   INT          NOT NULL CHECK (is_closed IN (0, 1)),
  fold        LONGTEXT     NOT NULL,   -- JSON {ledger: {figure: number}}
  folded_at   BIGINT       NOT NULL,   -- ms UTC: effects received up to then are in the fold
  checked_at  BIGINT       NOT NULL,   -- ms UTC, from the bytes on
  PRIMARY KEY (store_no, epoch_no, from_seq),
  KEY journal_period_checked (is_closed, checked_at) -- which closed one is due
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Rounds of the invariants. One row a round; the newest is what screens show.
CREATE TABLE invariant_run (
  no          INT          NOT NULL PRIMARY KEY, -- 1, 2, 3 …
  started_at  BIGINT       NOT NULL,             -- ms UTC
  finished_at BIGINT       NOT NULL,
  entries     INT          NOT NULL,             -- read from their bytes
  results     LONGTEXT     NOT NULL,             -- JSON [{invariant, checked, broken}]
  breaches    LONGTEXT     NOT NULL              -- JSON, the first ones in full
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Numbers that entries explain otherwise than by a bill (JRN-14b): cancelled, lost with their device, found
-- on paper, or borne by a bill that was renumbered. Derived from the journal.
CREATE TABLE number_explained (
  number      VARCHAR(16)  NOT NULL,
  how         VARCHAR(10)  NOT NULL CHECK (how IN ('cancelled', 'lost', 'recovered', 'renumbered')),
  store_no    INT          NOT NULL,                -- slot of the entry that says so
  epoch_no    INT          NOT NULL,
  seq         BIGINT       NOT NULL,
  reason      VARCHAR(60)  NOT NULL,
  PRIMARY KEY (number, how, store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Series of bill numbers and how far they were looked through for gaps. Written by the worker only.
CREATE TABLE number_series (
  prefix      VARCHAR(16)  NOT NULL PRIMARY KEY, -- code, letter and year with the hyphen, e.g. KOR1AI26-
  store_no    INT          NOT NULL,             -- epoch that it belongs to
  epoch_no    INT          NOT NULL,
  last_serial INT          NOT NULL,             -- the last known number
  checked_at  BIGINT       NOT NULL              -- ms UTC
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Numbers up to the last known one of their series that no bill bears, or that two bear. A row stays with
-- its explanation once there is one. Written by the worker only.
CREATE TABLE number_gap (
  number      VARCHAR(16)  NOT NULL PRIMARY KEY,
  prefix      VARCHAR(16)  NOT NULL,
  store_no    INT          NOT NULL,
  epoch_no    INT          NOT NULL,
  kind        VARCHAR(10)  NOT NULL CHECK (kind IN ('missing', 'doubled')),
  state       VARCHAR(20)  NOT NULL,              -- unexplained, waiting, or how it was explained
  found_at    BIGINT       NOT NULL,              -- ms UTC
  settled_at  BIGINT, -- ms UTC, when an explanation was found; NULL while a person must look
  KEY number_gap_settled (settled_at, found_at) -- what must be explained
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Spans in which a till was in touch, for its page: a heartbeat within five minutes of the last prolongs one.
CREATE TABLE register_contact (
  register_id CHAR(36)     NOT NULL,
  from_at     BIGINT       NOT NULL,             -- ms UTC
  until_at    BIGINT       NOT NULL,
  app         VARCHAR(40)  NOT NULL,
  entries_max INT          NOT NULL,             -- most that waited on the till in the span
  minor_max   BIGINT       NOT NULL,             -- and the most that they sold, in paise
  PRIMARY KEY (register_id, from_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- More of what a till last told: its queue, and the highest head that it announced of its epoch (JRN-18g).
ALTER TABLE register_status ADD COLUMN queued_sales INT;
ALTER TABLE register_status ADD COLUMN queued_oldest_at BIGINT;
