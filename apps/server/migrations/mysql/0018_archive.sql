-- Files of the archive: the second place in which accepted entries are kept (JRN-9b). Written by the job
-- `archive` alone; a row says how much of a file was read back and counts.
CREATE TABLE archive_segment (
  no INT NOT NULL PRIMARY KEY,            -- stands in the file's name
  content VARCHAR(10) NOT NULL CHECK (content IN ('entries', 'personal')),
  bytes BIGINT NOT NULL,                  -- that count; behind them may be what a stopped worker left
  sha256 BINARY(32),                      -- of those bytes; NULL before the first
  state VARCHAR(10) NOT NULL CHECK (state IN ('open', 'closed', 'damaged', 'replaced')),
  checked_at BIGINT NOT NULL              -- ms UTC, when it was last read back as a whole
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Runs of neighbouring slots that a file holds; of a file of personal data: slots whose data it holds.
CREATE TABLE archive_manifest (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  segment_no INT NOT NULL,
  from_seq BIGINT NOT NULL,
  to_seq BIGINT NOT NULL,
  hash BINARY(32) NOT NULL,               -- of slot to_seq
  PRIMARY KEY (store_no, epoch_no, segment_no, from_seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX archive_manifest_segment ON archive_manifest (segment_no); -- what a damaged file held

-- Up to where each epoch is durable, as HQ signed it. Valid in the generation that it names.
CREATE TABLE archive_mark (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  generation BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,                    -- 0: nothing yet
  hash BINARY(32),                        -- of slot seq
  signature VARCHAR(200),                 -- HQ's over the canonical JSON of {mark, epoch, seq, hash, generation}
  waits_for VARCHAR(10) CHECK (waits_for IN ('hole', 'personal', 'damaged')), -- why it stands behind what is archived
  look_at BIGINT NOT NULL,                -- ms UTC, when to look again at one that waits
  PRIMARY KEY (store_no, epoch_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Entries that name data of people which is not archived yet: `durable` waits for it (JRN-9d).
CREATE TABLE archive_wait (
  identity BINARY(32) NOT NULL PRIMARY KEY, -- of the entry whose data it is: of a re-homed one the inner entry's
  store_no INT NOT NULL,                  -- slot that waits
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX archive_wait_epoch ON archive_wait (store_no, epoch_no, seq); -- the first slot that waits

-- Slots that a person declared lost, by `hole-lost` entries as they were archived (JRN-9d).
CREATE TABLE archive_lost (
  epoch BINARY(16) NOT NULL,              -- UUID of the epoch that has the hole
  from_seq BIGINT NOT NULL,
  to_seq BIGINT NOT NULL,
  by_store_no INT NOT NULL,               -- slot of the entry that declares it: it counts once that is durable
  by_epoch_no INT NOT NULL,
  by_seq BIGINT NOT NULL,
  PRIMARY KEY (epoch, from_seq, by_store_no, by_epoch_no, by_seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the job last found: `domain` (is the folder a second place?), `replayed` (generation that has back
-- what the archive holds beyond a restored database), `erased` (ms up to which erasures reached the archive).
CREATE TABLE archive_state (
  name VARCHAR(20) NOT NULL PRIMARY KEY,
  value VARCHAR(100) NOT NULL,
  at BIGINT NOT NULL                      -- ms UTC
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE INDEX personal_data_erased ON personal_data (erased_at); -- what the archive must forget too
