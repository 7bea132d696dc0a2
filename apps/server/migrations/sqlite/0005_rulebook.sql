-- Offers (PRC-6): data for the pricing engine. Made by people; a change is seen by tills with the next
-- version of the rulebook.
CREATE TABLE offer (
  id         INTEGER NOT NULL PRIMARY KEY,
  definition TEXT    NOT NULL,                -- JSON of the domain's Offer, without id
  active     INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

-- Published versions. Written once by the publication that made them, never changed.
CREATE TABLE rulebook_version (
  version      INTEGER NOT NULL PRIMARY KEY,
  head_hash    BLOB    NOT NULL,              -- its row in rulebook_head
  checksum     TEXT    NOT NULL,              -- of the chain's view, base64url
  change_no    INTEGER NOT NULL,              -- last change of the catalogue that it holds
  products     INTEGER NOT NULL,
  changes      INTEGER NOT NULL,              -- products that differ from the version before
  note         TEXT    NOT NULL,
  by_name      TEXT,
  published_at INTEGER NOT NULL
) STRICT;

-- Products as they stand in versions [from_version, until_version), with the prices of every list:
-- the truth from which any version can be made again. A publication under way writes rows of the next
-- version, which nobody reads before its row in rulebook_version exists.
CREATE TABLE rulebook_row (
  product_id    INTEGER NOT NULL,
  from_version  INTEGER NOT NULL,
  until_version INTEGER NOT NULL,             -- 2147483647: still stands
  json          TEXT    NOT NULL,             -- canonical JSON of the domain's RulebookProduct
  PRIMARY KEY (product_id, from_version)
) STRICT;
CREATE INDEX rulebook_row_from ON rulebook_row (from_version);   -- rows of a delta
CREATE INDEX rulebook_row_until ON rulebook_row (until_version); -- products that a delta removes

-- Which part holds a chunk of a view from a version on, until a higher version says otherwise.
CREATE TABLE rulebook_chunk (
  place        TEXT    NOT NULL,              -- '' the chain's view; a store's id where it has prices of its own
  chunk        INTEGER NOT NULL,              -- floor(product id / 1000)
  from_version INTEGER NOT NULL,
  hash         BLOB,                          -- null: no rows (chain), or the chain's chunk again (store)
  row_count    INTEGER NOT NULL,
  byte_count   INTEGER NOT NULL,
  PRIMARY KEY (place, chunk, from_version)
) STRICT, WITHOUT ROWID;
CREATE INDEX rulebook_chunk_from ON rulebook_chunk (from_version); -- chunks that a publication under way wrote
CREATE INDEX rulebook_chunk_hash ON rulebook_chunk (hash);         -- where a damaged part belongs

-- Heads by content: tax classes, price lists, offers, brands, categories as they were published.
CREATE TABLE rulebook_head (
  hash BLOB NOT NULL PRIMARY KEY,             -- SHA-256 of the JSON
  json TEXT NOT NULL                          -- canonical JSON
) STRICT;

-- What tills fetch, by content: heads and chunks, compressed. Can be made again from heads and rows.
CREATE TABLE rulebook_part (
  hash BLOB NOT NULL PRIMARY KEY,             -- SHA-256 of the bytes before compression
  gzip BLOB NOT NULL
) STRICT;

-- Who is publishing. One row, made with the first publication; a publication that stopped loses it
-- when `until_at` is over.
CREATE TABLE rulebook_lease (
  id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  holder   TEXT    NOT NULL,                  -- '' nobody
  until_at INTEGER NOT NULL
) STRICT;
