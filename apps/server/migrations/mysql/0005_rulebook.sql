-- Offers (PRC-6): data for the pricing engine. Made by people; a change is seen by tills with the next
-- version of the rulebook.
CREATE TABLE offer (
  id         INT      NOT NULL PRIMARY KEY,
  definition LONGTEXT NOT NULL,               -- JSON of the domain's Offer, without id
  active     TINYINT  NOT NULL CHECK (active IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Published versions. Written once by the publication that made them, never changed.
CREATE TABLE rulebook_version (
  version      INT          NOT NULL PRIMARY KEY,
  head_hash    BINARY(32)   NOT NULL,         -- its row in rulebook_head
  checksum     CHAR(43)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- of the chain's view, base64url
  change_no    BIGINT       NOT NULL,         -- last change of the catalogue that it holds
  products     INT          NOT NULL,
  changes      INT          NOT NULL,         -- products that differ from the version before
  note         VARCHAR(200) COLLATE utf8mb4_unicode_ci NOT NULL,
  by_name      VARCHAR(200) COLLATE utf8mb4_unicode_ci,
  published_at BIGINT       NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Products as they stand in versions [from_version, until_version), with the prices of every list:
-- the truth from which any version can be made again. A publication under way writes rows of the next
-- version, which nobody reads before its row in rulebook_version exists.
CREATE TABLE rulebook_row (
  product_id    INT      NOT NULL,
  from_version  INT      NOT NULL,
  until_version INT      NOT NULL,            -- 2147483647: still stands
  json          LONGTEXT NOT NULL,            -- canonical JSON of the domain's RulebookProduct
  PRIMARY KEY (product_id, from_version),
  KEY rulebook_row_from (from_version),       -- rows of a delta
  KEY rulebook_row_until (until_version)      -- products that a delta removes
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which part holds a chunk of a view from a version on, until a higher version says otherwise.
CREATE TABLE rulebook_chunk (
  place        VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- '' the chain's view; a store's id where it has prices of its own
  chunk        INT         NOT NULL,          -- floor(product id / 1000)
  from_version INT         NOT NULL,
  hash         BINARY(32),                    -- null: no rows (chain), or the chain's chunk again (store)
  row_count    INT         NOT NULL,
  byte_count   INT         NOT NULL,
  PRIMARY KEY (place, chunk, from_version),
  KEY rulebook_chunk_from (from_version),     -- chunks that a publication under way wrote
  KEY rulebook_chunk_hash (hash)              -- where a damaged part belongs
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Heads by content: tax classes, price lists, offers, brands, categories as they were published.
CREATE TABLE rulebook_head (
  hash BINARY(32) NOT NULL PRIMARY KEY,       -- SHA-256 of the JSON
  json LONGTEXT   NOT NULL                    -- canonical JSON
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What tills fetch, by content: heads and chunks, compressed. Can be made again from heads and rows.
CREATE TABLE rulebook_part (
  hash BINARY(32) NOT NULL PRIMARY KEY,       -- SHA-256 of the bytes before compression
  gzip LONGBLOB   NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who is publishing. One row, made with the first publication; a publication that stopped loses it
-- when `until_at` is over.
CREATE TABLE rulebook_lease (
  id       INT         NOT NULL PRIMARY KEY CHECK (id = 1),
  holder   VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- '' nobody
  until_at BIGINT      NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
