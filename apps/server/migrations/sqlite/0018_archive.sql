-- Files of the archive: the second place in which accepted entries are kept (JRN-9b). Written by the job
-- `archive` alone; a row says how much of a file was read back and counts.
CREATE TABLE archive_segment (
  no         INTEGER NOT NULL PRIMARY KEY, -- stands in the file's name
  content    TEXT    NOT NULL CHECK (content IN ('entries', 'personal')),
  bytes      INTEGER NOT NULL,             -- that count; behind them may be what a stopped worker left
  sha256     BLOB,                         -- of those bytes; NULL before the first
  state      TEXT    NOT NULL CHECK (state IN ('open', 'closed', 'damaged', 'replaced')),
  checked_at INTEGER NOT NULL              -- ms UTC, when it was last read back as a whole
) STRICT;

-- Runs of neighbouring slots that a file holds; of a file of personal data: slots whose data it holds.
CREATE TABLE archive_manifest (
  store_no   INTEGER NOT NULL,
  epoch_no   INTEGER NOT NULL,
  segment_no INTEGER NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER NOT NULL,
  hash       BLOB    NOT NULL,             -- of slot to_seq
  PRIMARY KEY (store_no, epoch_no, segment_no, from_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_manifest_segment ON archive_manifest (segment_no); -- what a damaged file held

-- Up to where each epoch is durable, as HQ signed it. Valid in the generation that it names.
CREATE TABLE archive_mark (
  store_no    INTEGER NOT NULL,
  epoch_no    INTEGER NOT NULL,
  generation  BLOB    NOT NULL,
  seq         INTEGER NOT NULL,            -- 0: nothing yet
  hash        BLOB,                        -- of slot seq
  signature   TEXT,                        -- HQ's over the canonical JSON of {mark, epoch, seq, hash, generation}
  waits_for   TEXT CHECK (waits_for IN ('hole', 'personal', 'damaged')), -- why it stands behind what is archived
  look_at     INTEGER NOT NULL,            -- ms UTC, when to look again at one that waits
  PRIMARY KEY (store_no, epoch_no)
) STRICT, WITHOUT ROWID;

-- Entries that name data of people which is not archived yet: `durable` waits for it (JRN-9d).
CREATE TABLE archive_wait (
  identity BLOB    NOT NULL PRIMARY KEY,   -- of the entry whose data it is: of a re-homed one the inner entry's
  store_no INTEGER NOT NULL,               -- slot that waits
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_wait_epoch ON archive_wait (store_no, epoch_no, seq); -- the first slot that waits

-- Slots that a person declared lost, by `hole-lost` entries as they were archived (JRN-9d).
CREATE TABLE archive_lost (
  epoch       BLOB    NOT NULL,            -- UUID of the epoch that has the hole
  from_seq    INTEGER NOT NULL,
  to_seq      INTEGER NOT NULL,
  by_store_no INTEGER NOT NULL,            -- slot of the entry that declares it: it counts once that is durable
  by_epoch_no INTEGER NOT NULL,
  by_seq      INTEGER NOT NULL,
  PRIMARY KEY (epoch, from_seq, by_store_no, by_epoch_no, by_seq)
) STRICT, WITHOUT ROWID;

-- What the job last found: `domain` (is the folder a second place?), `replayed` (generation that has back
-- what the archive holds beyond a restored database), `erased` (ms up to which erasures reached the archive).
CREATE TABLE archive_state (
  name  TEXT    NOT NULL PRIMARY KEY,
  value TEXT    NOT NULL,
  at    INTEGER NOT NULL                   -- ms UTC
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_data_erased ON personal_data (erased_at) WHERE erased_at IS NOT NULL; -- what the archive must forget too
