-- What HQ signs over the journals (JRN-17c). Written by the worker's job once a day, never changed.

-- The root of each day (Asia/Kolkata) over what was received until its end: one row a day, without gaps.
CREATE TABLE journal_day (
  day        TEXT    NOT NULL PRIMARY KEY, -- YYYY-MM-DD
  hash       BLOB    NOT NULL,             -- SHA-256 of the signed record: what the next day names, and what is published
  record     TEXT    NOT NULL,             -- canonical JSON of the record (docs/journal-file.md)
  signature  TEXT    NOT NULL,             -- by HQ's key, base64url
  signed_at  INTEGER NOT NULL              -- ms UTC
) STRICT;

-- Countersignatures: a row of slots of one epoch that HQ received until the end of a day. Each is a leaf of
-- the day's tree.
CREATE TABLE journal_received (
  store_no  INTEGER NOT NULL,
  epoch_no  INTEGER NOT NULL,
  from_seq  INTEGER NOT NULL,
  to_seq    INTEGER NOT NULL,
  day       TEXT    NOT NULL,
  record    TEXT    NOT NULL,              -- canonical JSON of the record
  signature TEXT    NOT NULL,
  leaf      INTEGER NOT NULL,              -- place in the day's tree, from 0
  path      BLOB    NOT NULL,              -- 32 bytes for each step to the root
  PRIMARY KEY (store_no, epoch_no, from_seq)
) STRICT, WITHOUT ROWID;

-- Up to where each epoch stands in day roots, so that a day reads only what is new.
CREATE TABLE journal_accounted (
  store_no INTEGER NOT NULL,
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL,               -- last slot in a root
  gaps     TEXT    NOT NULL,               -- JSON [[fromSeq, toSeq]]: below it and in no root yet
  PRIMARY KEY (store_no, epoch_no)
) STRICT, WITHOUT ROWID;
