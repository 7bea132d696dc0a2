-- Closings: entries that end a shift, a day or a month and say what they counted (JRN-22). One row an entry,
-- derived from the journal and made anew by `nexus rebuild`; nobody edits it. The key is the entry's slot.
CREATE TABLE closing (
  store_no    INTEGER NOT NULL,
  epoch_no    INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  identity    BLOB    NOT NULL,
  kind        TEXT    NOT NULL CHECK (kind IN ('shift', 'day', 'month')),
  subject     TEXT    NOT NULL,  -- UUID of the shift, YYYY-MM-DD or YYYY-MM
  gstin       TEXT,              -- of a month
  place_epoch BLOB    NOT NULL,  -- UUID and place that the entry itself names: another one when it was re-homed
  place_seq   INTEGER NOT NULL,
  received_at INTEGER NOT NULL,  -- ms UTC, this server's: of two settlements of a day the first one counts
  stated      TEXT    NOT NULL,  -- JSON {figure: number}: the totals as stated; they never change
  PRIMARY KEY (store_no, epoch_no, seq)
) STRICT;
CREATE INDEX closing_subject ON closing (kind, subject, store_no, received_at); -- was this day, this month closed?
CREATE INDEX closing_received ON closing (kind, received_at);                   -- the list, newest first

-- What a closing counted of each epoch: every slot up to last_seq but those named, less what earlier
-- closings of its kind counted.
CREATE TABLE closing_cover (
  store_no INTEGER NOT NULL,     -- slot of the closing
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  covered  BLOB    NOT NULL,     -- UUID of the epoch that was counted
  last_seq INTEGER NOT NULL,
  excepted TEXT    NOT NULL,     -- JSON [seq]: slots below it that the writer could not count
  PRIMARY KEY (store_no, epoch_no, seq, covered)
) STRICT, WITHOUT ROWID;
CREATE INDEX closing_cover_covered ON closing_cover (covered, kind, last_seq); -- which closing counted a slot

-- Documents that gained effect after the month of their issue date was closed (JRN-22d): the tax queue.
-- Derived; a document stands here once, for the first closing that did not count it.
CREATE TABLE late_document (
  identity    BLOB    NOT NULL,  -- of the entry
  document    INTEGER NOT NULL,  -- 0 or 1: which document of the entry
  store_no    INTEGER NOT NULL,
  epoch_no    INTEGER NOT NULL,  -- slot on which it acted
  seq         INTEGER NOT NULL,
  number      TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  issue_date  TEXT    NOT NULL,
  month       TEXT    NOT NULL,  -- the closed month, YYYY-MM
  tax_minor   INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  received_at INTEGER NOT NULL,  -- ms UTC, this server's
  PRIMARY KEY (identity, document)
) STRICT;
CREATE INDEX late_document_at ON late_document (received_at); -- the queue, newest first

-- What a person chose for a late document. Not derived: a rebuild keeps it.
CREATE TABLE late_choice (
  identity  BLOB    NOT NULL,
  document  INTEGER NOT NULL,
  choice    TEXT    NOT NULL CHECK (choice IN ('amendment', 'current-return')),
  chosen_by TEXT    NOT NULL,
  chosen_at INTEGER NOT NULL,    -- ms UTC
  PRIMARY KEY (identity, document)
) STRICT;

-- How far the invariants were checked in each epoch, and where it stood then. Written by the worker only.
CREATE TABLE journal_watch (
  store_no   INTEGER NOT NULL,
  epoch_no   INTEGER NOT NULL,
  seq        INTEGER NOT NULL,   -- checked up to here; never falls
  hash       BLOB    NOT NULL,
  totals     TEXT,               -- JSON: totals that only grow, after that entry (JRN-18); NULL while not known
  checked_at INTEGER NOT NULL,   -- ms UTC
  PRIMARY KEY (store_no, epoch_no)
) STRICT, WITHOUT ROWID;

-- What the entries of a span of an epoch add up to: one row a shift that its closing ended, and one for what
-- is open behind the last. Folded from the journal's bytes by the worker; compared with the derived rows.
CREATE TABLE journal_period (
  store_no   INTEGER NOT NULL,
  epoch_no   INTEGER NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER NOT NULL,
  is_closed  INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
  fold       TEXT    NOT NULL,   -- JSON {ledger: {figure: number}}
  folded_at  INTEGER NOT NULL,   -- ms UTC: effects received up to then are in the fold
  checked_at INTEGER NOT NULL,   -- ms UTC, from the bytes on
  PRIMARY KEY (store_no, epoch_no, from_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_period_checked ON journal_period (is_closed, checked_at); -- which closed one is due

-- Rounds of the invariants. One row a round; the newest is what screens show.
CREATE TABLE invariant_run (
  no          INTEGER NOT NULL PRIMARY KEY, -- 1, 2, 3 …
  started_at  INTEGER NOT NULL,             -- ms UTC
  finished_at INTEGER NOT NULL,
  entries     INTEGER NOT NULL,             -- read from their bytes
  results     TEXT    NOT NULL,             -- JSON [{invariant, checked, broken}]
  breaches    TEXT    NOT NULL              -- JSON, the first ones in full
) STRICT;

-- Numbers that entries explain otherwise than by a bill (JRN-14b): cancelled, lost with their device, found
-- on paper, or borne by a bill that was renumbered. Derived from the journal.
CREATE TABLE number_explained (
  number   TEXT    NOT NULL,
  how      TEXT    NOT NULL CHECK (how IN ('cancelled', 'lost', 'recovered', 'renumbered')),
  store_no INTEGER NOT NULL,                -- slot of the entry that says so
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  reason   TEXT    NOT NULL,
  PRIMARY KEY (number, how, store_no, epoch_no, seq)
) STRICT, WITHOUT ROWID;

-- Series of bill numbers and how far they were looked through for gaps. Written by the worker only.
CREATE TABLE number_series (
  prefix      TEXT    NOT NULL PRIMARY KEY, -- code, letter and year with the hyphen, e.g. KOR1AI26-
  store_no    INTEGER NOT NULL,             -- epoch that it belongs to
  epoch_no    INTEGER NOT NULL,
  last_serial INTEGER NOT NULL,             -- the last known number
  checked_at  INTEGER NOT NULL              -- ms UTC
) STRICT;

-- Numbers up to the last known one of their series that no bill bears, or that two bear. A row stays with
-- its explanation once there is one. Written by the worker only.
CREATE TABLE number_gap (
  number     TEXT    NOT NULL PRIMARY KEY,
  prefix     TEXT    NOT NULL,
  store_no   INTEGER NOT NULL,
  epoch_no   INTEGER NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('missing', 'doubled')),
  state      TEXT    NOT NULL,              -- unexplained, waiting, or how it was explained
  found_at   INTEGER NOT NULL,              -- ms UTC
  settled_at INTEGER                        -- ms UTC, when an explanation was found; NULL while a person must look
) STRICT;
CREATE INDEX number_gap_settled ON number_gap (settled_at, found_at); -- what must be explained

-- Spans in which a till was in touch, for its page: a heartbeat within five minutes of the last prolongs one.
CREATE TABLE register_contact (
  register_id TEXT    NOT NULL,
  from_at     INTEGER NOT NULL,             -- ms UTC
  until_at    INTEGER NOT NULL,
  app         TEXT    NOT NULL,
  entries_max INTEGER NOT NULL,             -- most that waited on the till in the span
  minor_max   INTEGER NOT NULL,             -- and the most that they sold, in paise
  PRIMARY KEY (register_id, from_at)
) STRICT, WITHOUT ROWID;

-- More of what a till last told: its queue, and the highest head that it announced of its epoch (JRN-18g).
ALTER TABLE register_status ADD COLUMN queued_sales INTEGER;
ALTER TABLE register_status ADD COLUMN queued_oldest_at INTEGER;
