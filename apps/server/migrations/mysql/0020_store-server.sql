-- Machines in back rooms that take the journals of a store's tills and forward them (JRN-20). At
-- headquarters. Never removed: a revoked one stays, so that its key is known and refused.
CREATE TABLE store_server (
  id             CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  store_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  public_key     VARCHAR(400) NOT NULL,       -- ECDSA P-256, SPKI, base64url: renews its pass
  code_hash      BINARY(32)   NOT NULL,       -- of the code by which it joined: a re-send is told apart
  joined_at      BIGINT       NOT NULL,       -- ms UTC
  revoked_at     BIGINT,
  address        VARCHAR(200),                -- origin under which tills reach it; NULL: it did not say
  last_seen_at   BIGINT,
  app            VARCHAR(40),
  queued_entries BIGINT,                      -- as it last told: entries that are only in this store
  queued_since   BIGINT,                      -- ms UTC, when the oldest of them came in
  PRIMARY KEY (id),
  KEY store_server_store (store_id),          -- those of a store
  CONSTRAINT store_server_of FOREIGN KEY (store_id) REFERENCES store (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One-time codes by which a store server joins. Used and ended codes stay, so that a replay is told apart.
CREATE TABLE store_server_code (
  code_hash  BINARY(32)  NOT NULL,            -- HMAC-SHA256 of the code; the code itself is kept nowhere
  store_id   CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT      NOT NULL,
  created_by CHAR(36) CHARACTER SET ascii COLLATE ascii_bin,                        -- person; null from the command line
  expires_at BIGINT      NOT NULL,
  ended_at   BIGINT,                          -- a newer code took its place
  used_at    BIGINT,
  PRIMARY KEY (code_hash),
  KEY store_server_code_store (store_id),     -- ends the older codes
  CONSTRAINT store_server_code_of FOREIGN KEY (store_id) REFERENCES store (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Signed heads beside that of journal_head: of a fork, of a later epoch that vouches for an older one, or of
-- entries that are still on their way. Forwarding needs one that covers what it sends (JRN-20a).
CREATE TABLE journal_checkpoint (
  store_no  INT          NOT NULL,
  of_epoch  BINARY(16)   NOT NULL,            -- epoch whose entries it came with
  epoch     BINARY(16)   NOT NULL,            -- epoch that it signs, mostly the same
  seq       BIGINT       NOT NULL,
  hash      BINARY(32)   NOT NULL,
  key_id    CHAR(43)     NOT NULL,
  signature VARCHAR(200) NOT NULL,
  PRIMARY KEY (of_epoch, epoch, seq, hash)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- In a store server: what headquarters last said of each epoch, passed on to tills unchanged (JRN-9b).
CREATE TABLE hop_mark (
  epoch    BINARY(16) NOT NULL,
  received TEXT,                              -- JSON Mark
  durable  TEXT,                              -- JSON Mark
  PRIMARY KEY (epoch)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- In a store server: what it knows of headquarters, by name. Comes again from there.
CREATE TABLE hop_fact (
  name  VARCHAR(40) NOT NULL,                 -- hq-generation, masters, key:<epoch>
  value MEDIUMTEXT  NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
