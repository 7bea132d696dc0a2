-- Machines in back rooms that take the journals of a store's tills and forward them (JRN-20). At
-- headquarters. Never removed: a revoked one stays, so that its key is known and refused.
CREATE TABLE store_server (
  id             TEXT    NOT NULL PRIMARY KEY,
  store_id       TEXT    NOT NULL REFERENCES store (id),
  public_key     TEXT    NOT NULL,            -- ECDSA P-256, SPKI, base64url: renews its pass
  code_hash      BLOB    NOT NULL,            -- of the code by which it joined: a re-send is told apart
  joined_at      INTEGER NOT NULL,            -- ms UTC
  revoked_at     INTEGER,
  address        TEXT,                        -- origin under which tills reach it; NULL: it did not say
  last_seen_at   INTEGER,
  app            TEXT,
  queued_entries INTEGER,                     -- as it last told: entries that are only in this store
  queued_since   INTEGER                      -- ms UTC, when the oldest of them came in
) STRICT;
CREATE INDEX store_server_store ON store_server (store_id); -- those of a store

-- One-time codes by which a store server joins. Used and ended codes stay, so that a replay is told apart.
CREATE TABLE store_server_code (
  code_hash  BLOB    NOT NULL PRIMARY KEY,    -- HMAC-SHA256 of the code; the code itself is kept nowhere
  store_id   TEXT    NOT NULL REFERENCES store (id),
  created_at INTEGER NOT NULL,
  created_by TEXT,                            -- person; null from the command line
  expires_at INTEGER NOT NULL,
  ended_at   INTEGER,                         -- a newer code took its place
  used_at    INTEGER
) STRICT;
CREATE INDEX store_server_code_store ON store_server_code (store_id); -- ends the older codes

-- Signed heads beside that of journal_head: of a fork, of a later epoch that vouches for an older one, or of
-- entries that are still on their way. Forwarding needs one that covers what it sends (JRN-20a).
CREATE TABLE journal_checkpoint (
  store_no  INTEGER NOT NULL,
  of_epoch  BLOB    NOT NULL,                 -- epoch whose entries it came with
  epoch     BLOB    NOT NULL,                 -- epoch that it signs, mostly the same
  seq       INTEGER NOT NULL,
  hash      BLOB    NOT NULL,
  key_id    TEXT    NOT NULL,
  signature TEXT    NOT NULL,
  PRIMARY KEY (of_epoch, epoch, seq, hash)
) STRICT;

-- In a store server: what headquarters last said of each epoch, passed on to tills unchanged (JRN-9b).
CREATE TABLE hop_mark (
  epoch    BLOB NOT NULL PRIMARY KEY,
  received TEXT,                              -- JSON Mark
  durable  TEXT                               -- JSON Mark
) STRICT;

-- In a store server: what it knows of headquarters, by name. Comes again from there.
CREATE TABLE hop_fact (
  name  TEXT NOT NULL PRIMARY KEY,            -- hq-generation, masters, key:<epoch>
  value TEXT NOT NULL
) STRICT;
