-- Lives of this server's data (JRN-9). One row at the first start and one at every start over restored or
-- replaced data; the newest is in force. Tills that see a new one send again what they keep.
CREATE TABLE journal_generation (
  no         INTEGER NOT NULL PRIMARY KEY, -- 1, 2, 3 …: two servers that start together begin one
  generation BLOB    NOT NULL,             -- 16 random bytes
  started_at INTEGER NOT NULL,             -- ms UTC
  reason     TEXT    NOT NULL CHECK (reason IN ('first-start', 'restored'))
) STRICT;

-- Epochs that wrote entries here, each by the certificate of its entry 1. Written by the accept path only.
CREATE TABLE journal_epoch (
  store_no      INTEGER NOT NULL,
  epoch_no      INTEGER NOT NULL UNIQUE,   -- small key of the epoch in every table of entries and effects
  epoch         BLOB    NOT NULL UNIQUE,   -- its UUID, as pushes name it
  register_no   INTEGER NOT NULL,
  tenant        TEXT    NOT NULL,          -- UUIDs of the certificate
  store         TEXT    NOT NULL,
  register      TEXT    NOT NULL,
  code          TEXT    NOT NULL,          -- series code of its bill numbers
  public_key    TEXT    NOT NULL,          -- SubjectPublicKeyInfo, base64url: checks its checkpoints
  key_id        TEXT    NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('open', 'closed', 'stolen')), -- JRN-21
  opened_at     INTEGER NOT NULL,          -- ms UTC, when entry 1 arrived
  holes         TEXT    NOT NULL,          -- JSON [{fromSeq, toSeq, lastHash}]: declared, not filled yet (JRN-8)
  has_forks     INTEGER NOT NULL CHECK (has_forks IN (0, 1)), -- whether journal_fork has rows of it
  PRIMARY KEY (store_no, epoch_no)
) STRICT;
CREATE INDEX journal_epoch_register ON journal_epoch (register, epoch_no); -- epochs of a register, oldest first

-- The last accepted entry of each epoch. Locked, read and replaced by every accept.
CREATE TABLE journal_head (
  store_no             INTEGER NOT NULL,
  epoch_no             INTEGER NOT NULL,
  seq                  INTEGER NOT NULL,   -- 0 while empty
  hash                 BLOB    NOT NULL,   -- of entry seq; the first prevHash while empty
  moved_at             INTEGER NOT NULL,   -- ms UTC
  sales                INTEGER,            -- totals after the head (JRN-18); all six NULL while not known
  documents            INTEGER,
  sold_minor           INTEGER,
  tax_minor            INTEGER,
  returned_minor       INTEGER,
  returned_tax_minor   INTEGER,
  checkpoint_seq       INTEGER,            -- last entry that the till signed (JRN-17); its hash is the entry's
  checkpoint_signature TEXT,               -- by the epoch's key, base64url
  PRIMARY KEY (store_no, epoch_no)
) STRICT, WITHOUT ROWID;

-- The journals: every accepted entry byte for byte as the till wrote it. Only ever inserted.
CREATE TABLE journal_entry (
  store_no    INTEGER NOT NULL,
  epoch_no    INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  hash        BLOB    NOT NULL,            -- SHA-256 of bytes: the identity
  received_at INTEGER NOT NULL,            -- ms UTC
  bytes       BLOB    NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq)
) STRICT;

-- What became of each identity, so that it has effect once, wherever and however often it arrives (JRN-7).
-- Here and in the next two tables the key begins with a hash or a UUID: it names its store already, and
-- a group of pushes from many stores is then looked up in one statement.
CREATE TABLE entry_identity (
  identity BLOB    NOT NULL PRIMARY KEY,
  store_no INTEGER NOT NULL,
  state    TEXT    NOT NULL CHECK (state IN ('acted', 'quarantine', 'fork')),
  epoch    BLOB    NOT NULL,               -- UUID of its place; a fork's may be of an epoch without certificate
  seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which sales ended a cart, or a row of recalled carts: two of one cart are an incident (JRN-7).
CREATE TABLE journal_cart (
  cart     BLOB    NOT NULL,               -- UUID of the cart, or of the first cart of its row
  identity BLOB    NOT NULL,
  store_no INTEGER NOT NULL,
  PRIMARY KEY (cart, identity)
) STRICT, WITHOUT ROWID;

-- Which bill holds a number (JRN-14c).
CREATE TABLE journal_number (
  number   TEXT    NOT NULL,
  epoch    BLOB    NOT NULL,               -- UUID of the epoch whose series it is
  identity BLOB    NOT NULL,
  store_no INTEGER NOT NULL,
  PRIMARY KEY (number, epoch)
) STRICT, WITHOUT ROWID;

-- Entries of another branch than the accepted one: kept byte for byte, without effect (JRN-7).
CREATE TABLE journal_fork (
  store_no    INTEGER NOT NULL,
  identity    BLOB    NOT NULL,
  epoch       BLOB    NOT NULL,
  seq         INTEGER NOT NULL,
  prev_hash   BLOB,                        -- NULL where the bytes cannot be read
  bytes       BLOB    NOT NULL,
  received_at INTEGER NOT NULL,
  settled     TEXT CHECK (settled IN ('adopted', 'rehomed')), -- NULL while it waits
  PRIMARY KEY (identity)
) STRICT;
CREATE INDEX journal_fork_epoch ON journal_fork (epoch, seq);            -- forks of an epoch that is pushed again
CREATE INDEX journal_fork_waiting ON journal_fork (settled, received_at); -- what people must look at

-- Entries that took their slot and wait for a person or a newer server (JRN-10).
CREATE TABLE journal_quarantine (
  store_no    INTEGER NOT NULL,
  identity    BLOB    NOT NULL,
  epoch       BLOB    NOT NULL,
  seq         INTEGER NOT NULL,
  reason      TEXT    NOT NULL,
  bytes       BLOB    NOT NULL,            -- of the entry that waits: a re-homed one's inner bytes
  received_at INTEGER NOT NULL,
  released    TEXT CHECK (released IN ('act', 'drop')), -- NULL while it waits
  PRIMARY KEY (identity)
) STRICT;
CREATE INDEX journal_quarantine_waiting ON journal_quarantine (released, received_at); -- what people must look at

-- Data of people that belongs to an entry and not into it (JRN-19). Erasure empties salt and data.
CREATE TABLE personal_data (
  store_no    INTEGER NOT NULL,
  identity    BLOB    NOT NULL,
  salt        BLOB,
  data        TEXT,                        -- canonical JSON; with the salt it hashes to the entry's personalHash
  received_at INTEGER NOT NULL,
  erased_at   INTEGER,
  PRIMARY KEY (identity)
) STRICT;

-- Effects of entries that did not act by their own bytes in their own slot: re-homed ones act on their
-- wrapper's slot, released ones later. All others act where journal_entry has them. Only ever inserted.
CREATE TABLE journal_effect (
  store_no    INTEGER NOT NULL,
  epoch_no    INTEGER NOT NULL,            -- slot on which it acted: its place for closings (JRN-22)
  seq         INTEGER NOT NULL,
  identity    BLOB    NOT NULL,            -- of the entry that acted
  via         TEXT    NOT NULL CHECK (via IN ('rehomed', 'released')),
  received_at INTEGER NOT NULL,            -- ms UTC, when it acted
  PRIMARY KEY (identity)
) STRICT;
CREATE INDEX journal_effect_slot ON journal_effect (store_no, epoch_no, seq); -- a rebuild walks along slots

-- Something for people to look at: told by a till in an entry, or found by this server.
CREATE TABLE incident (
  store_no INTEGER NOT NULL,
  id       BLOB    NOT NULL,               -- 16 bytes made from identity and kind, so that a repeat is the same row
  at       INTEGER NOT NULL,               -- ms UTC: the till's time, or when this server found it
  kind     TEXT    NOT NULL,
  params   TEXT    NOT NULL,               -- JSON object; with the kind it makes the sentence on the screen
  epoch    BLOB    NOT NULL,
  seq      INTEGER NOT NULL,
  source   TEXT    NOT NULL CHECK (source IN ('till', 'server')),
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX incident_at ON incident (at);                 -- the chain's, newest first
CREATE INDEX incident_store_at ON incident (store_no, at); -- a store's, newest first

-- Differences between an entry and what price, totals or other rows give (JRN-5). Never corrects anything.
CREATE TABLE discrepancy (
  store_no INTEGER NOT NULL,
  identity BLOB    NOT NULL,
  n        INTEGER NOT NULL,               -- 0, 1, 2 … of the identity
  at       INTEGER NOT NULL,               -- ms UTC, when the entry was received
  kind     TEXT    NOT NULL,
  params   TEXT    NOT NULL,               -- JSON object
  epoch    BLOB    NOT NULL,
  seq      INTEGER NOT NULL,
  found_by TEXT    NOT NULL CHECK (found_by IN ('accept', 'projector')), -- a rebuild makes the latter anew
  PRIMARY KEY (identity, n)
) STRICT;
CREATE INDEX discrepancy_at ON discrepancy (at);                 -- the chain's, newest first
CREATE INDEX discrepancy_store_at ON discrepancy (store_no, at); -- a store's, newest first
