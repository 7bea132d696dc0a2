-- Lives of this server's data (JRN-9). One row at the first start and one at every start over restored or
-- replaced data; the newest is in force. Tills that see a new one send again what they keep.
CREATE TABLE journal_generation (
  no INT NOT NULL PRIMARY KEY, -- 1, 2, 3 …: two servers that start together begin one
  generation BINARY(16) NOT NULL,        -- 16 random bytes
  started_at BIGINT NOT NULL,            -- ms UTC
  reason VARCHAR(20) NOT NULL CHECK (reason IN ('first-start', 'restored'))
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Epochs that wrote entries here, each by the certificate of its entry 1. Written by the accept path only.
CREATE TABLE journal_epoch (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL UNIQUE,   -- small key of the epoch in every table of entries and effects
  epoch BINARY(16) NOT NULL UNIQUE,   -- its UUID, as pushes name it
  register_no INT NOT NULL,
  tenant CHAR(36) NOT NULL,              -- UUIDs of the certificate
  store CHAR(36) NOT NULL,
  register CHAR(36) NOT NULL,
  code VARCHAR(6) NOT NULL,              -- series code of its bill numbers
  public_key VARCHAR(400) NOT NULL,      -- SubjectPublicKeyInfo, base64url: checks its checkpoints
  key_id CHAR(43) NOT NULL,
  state VARCHAR(10) NOT NULL CHECK (state IN ('open', 'closed', 'stolen')), -- JRN-21
  opened_at BIGINT NOT NULL,             -- ms UTC, when entry 1 arrived
  holes LONGTEXT NOT NULL,               -- JSON [{fromSeq, toSeq, lastHash}]: declared, not filled yet (JRN-8)
  has_forks TINYINT NOT NULL CHECK (has_forks IN (0, 1)), -- whether journal_fork has rows of it
  PRIMARY KEY (store_no, epoch_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_epoch_register ON journal_epoch (register, epoch_no); -- epochs of a register, oldest first

-- The last accepted entry of each epoch. Locked, read and replaced by every accept.
CREATE TABLE journal_head (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,                   -- 0 while empty
  hash BINARY(32) NOT NULL,              -- of entry seq; the first prevHash while empty
  moved_at BIGINT NOT NULL,              -- ms UTC
  sales BIGINT,                          -- totals after the head (JRN-18); all six NULL while not known
  documents BIGINT,
  sold_minor BIGINT,
  tax_minor BIGINT,
  returned_minor BIGINT,
  returned_tax_minor BIGINT,
  checkpoint_seq BIGINT,                 -- last entry that the till signed (JRN-17); its hash is the entry's
  checkpoint_signature VARCHAR(200),     -- by the epoch's key, base64url
  PRIMARY KEY (store_no, epoch_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The journals: every accepted entry byte for byte as the till wrote it. Only ever inserted.
CREATE TABLE journal_entry (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  hash BINARY(32) NOT NULL,              -- SHA-256 of bytes: the identity
  received_at BIGINT NOT NULL,           -- ms UTC
  bytes MEDIUMBLOB NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What became of each identity, so that it has effect once, wherever and however often it arrives (JRN-7).
-- Here and in the next two tables the key begins with a hash or a UUID: it names its store already, and
-- a group of pushes from many stores is then looked up in one statement.
CREATE TABLE entry_identity (
  identity BINARY(32) NOT NULL PRIMARY KEY,
  store_no INT NOT NULL,
  state VARCHAR(10) NOT NULL CHECK (state IN ('acted', 'quarantine', 'fork')),
  epoch BINARY(16) NOT NULL,             -- UUID of its place; a fork's may be of an epoch without certificate
  seq BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which sales ended a cart, or a row of recalled carts: two of one cart are an incident (JRN-7).
CREATE TABLE journal_cart (
  cart BINARY(16) NOT NULL,              -- UUID of the cart, or of the first cart of its row
  identity BINARY(32) NOT NULL,
  store_no INT NOT NULL,
  PRIMARY KEY (cart, identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which bill holds a number (JRN-14c).
CREATE TABLE journal_number (
  number VARCHAR(16) NOT NULL,
  epoch BINARY(16) NOT NULL,             -- UUID of the epoch whose series it is
  identity BINARY(32) NOT NULL,
  store_no INT NOT NULL,
  PRIMARY KEY (number, epoch)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Entries of another branch than the accepted one: kept byte for byte, without effect (JRN-7).
CREATE TABLE journal_fork (
  store_no INT NOT NULL,
  identity BINARY(32) NOT NULL,
  epoch BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  prev_hash BINARY(32),                  -- NULL where the bytes cannot be read
  bytes MEDIUMBLOB NOT NULL,
  received_at BIGINT NOT NULL,
  settled VARCHAR(10) CHECK (settled IN ('adopted', 'rehomed')), -- NULL while it waits
  PRIMARY KEY (identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_fork_epoch ON journal_fork (epoch, seq);            -- forks of an epoch that is pushed again
CREATE INDEX journal_fork_waiting ON journal_fork (settled, received_at); -- what people must look at

-- Entries that took their slot and wait for a person or a newer server (JRN-10).
CREATE TABLE journal_quarantine (
  store_no INT NOT NULL,
  identity BINARY(32) NOT NULL,
  epoch BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  reason VARCHAR(20) NOT NULL,
  bytes MEDIUMBLOB NOT NULL,             -- of the entry that waits: a re-homed one's inner bytes
  received_at BIGINT NOT NULL,
  released VARCHAR(10) CHECK (released IN ('act', 'drop')), -- NULL while it waits
  PRIMARY KEY (identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_quarantine_waiting ON journal_quarantine (released, received_at); -- what people must look at

-- Data of people that belongs to an entry and not into it (JRN-19). Erasure empties salt and data.
CREATE TABLE personal_data (
  store_no INT NOT NULL,
  identity BINARY(32) NOT NULL,
  salt BINARY(32),
  data LONGTEXT,                         -- canonical JSON; with the salt it hashes to the entry's personalHash
  received_at BIGINT NOT NULL,
  erased_at BIGINT,
  PRIMARY KEY (identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Effects of entries that did not act by their own bytes in their own slot: re-homed ones act on their
-- wrapper's slot, released ones later. All others act where journal_entry has them. Only ever inserted.
CREATE TABLE journal_effect (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,                 -- slot on which it acted: its place for closings (JRN-22)
  seq BIGINT NOT NULL,
  identity BINARY(32) NOT NULL,          -- of the entry that acted
  via VARCHAR(12) NOT NULL CHECK (via IN ('rehomed', 'released')),
  received_at BIGINT NOT NULL,           -- ms UTC, when it acted
  PRIMARY KEY (identity)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX journal_effect_slot ON journal_effect (store_no, epoch_no, seq); -- a rebuild walks along slots

-- Something for people to look at: told by a till in an entry, or found by this server.
CREATE TABLE incident (
  store_no INT NOT NULL,
  id BINARY(16) NOT NULL,                -- 16 bytes made from identity and kind, so that a repeat is the same row
  at BIGINT NOT NULL,                    -- ms UTC: the till's time, or when this server found it
  kind VARCHAR(60) NOT NULL,
  params LONGTEXT NOT NULL,              -- JSON object; with the kind it makes the sentence on the screen
  epoch BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  source VARCHAR(10) NOT NULL CHECK (source IN ('till', 'server')),
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX incident_at ON incident (at);                 -- the chain's, newest first
CREATE INDEX incident_store_at ON incident (store_no, at); -- a store's, newest first

-- Differences between an entry and what price, totals or other rows give (JRN-5). Never corrects anything.
CREATE TABLE discrepancy (
  store_no INT NOT NULL,
  identity BINARY(32) NOT NULL,
  n INT NOT NULL,                        -- 0, 1, 2 … of the identity
  at BIGINT NOT NULL,                    -- ms UTC, when the entry was received
  kind VARCHAR(60) NOT NULL,
  params LONGTEXT NOT NULL,              -- JSON object
  epoch BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  found_by VARCHAR(10) NOT NULL CHECK (found_by IN ('accept', 'projector')), -- a rebuild makes the latter anew
  PRIMARY KEY (identity, n)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX discrepancy_at ON discrepancy (at);                 -- the chain's, newest first
CREATE INDEX discrepancy_store_at ON discrepancy (store_no, at); -- a store's, newest first
