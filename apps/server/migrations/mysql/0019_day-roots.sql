-- What HQ signs over the journals (JRN-17c). Written by the worker's job once a day, never changed.

-- The root of each day (Asia/Kolkata) over what was received until its end: one row a day, without gaps.
CREATE TABLE journal_day (
  day CHAR(10) NOT NULL PRIMARY KEY,       -- YYYY-MM-DD
  hash BINARY(32) NOT NULL,                -- SHA-256 of the signed record: what the next day names, and what is published
  record VARCHAR(2000) NOT NULL,           -- canonical JSON of the record (docs/journal-file.md)
  signature VARCHAR(200) NOT NULL,         -- by HQ's key, base64url
  signed_at BIGINT NOT NULL                -- ms UTC
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Countersignatures: a row of slots of one epoch that HQ received until the end of a day. Each is a leaf of
-- the day's tree.
CREATE TABLE journal_received (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  from_seq BIGINT NOT NULL,
  to_seq BIGINT NOT NULL,
  day CHAR(10) NOT NULL,
  record VARCHAR(2000) NOT NULL,           -- canonical JSON of the record
  signature VARCHAR(200) NOT NULL,
  leaf INT NOT NULL,                       -- place in the day's tree, from 0
  path VARBINARY(2048) NOT NULL,           -- 32 bytes for each step to the root
  PRIMARY KEY (store_no, epoch_no, from_seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Up to where each epoch stands in day roots, so that a day reads only what is new.
CREATE TABLE journal_accounted (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,                     -- last slot in a root
  gaps LONGTEXT NOT NULL,                  -- JSON [[fromSeq, toSeq]]: below it and in no root yet
  PRIMARY KEY (store_no, epoch_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
