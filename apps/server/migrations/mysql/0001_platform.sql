-- Facts about this installation itself: which kind of data it holds (demo or shop), whose secrets it
-- belongs to. Written at the first start; afterwards only by restore.
CREATE TABLE installation (
  name  VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  value VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE=InnoDB;

-- One row per fact for the rest of the world, written in the transaction that made it true. Only the
-- relay changes rows: it marks what the bus has taken, and sweeps old ones.
CREATE TABLE outbox (
  id           BINARY(32)   NOT NULL PRIMARY KEY, -- made from what happened: the same fact has the same id
  topic        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- name and version
  stream       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- delivered in order, e.g. a register
  stream_seq   BIGINT       NOT NULL, -- rises within a stream
  payload      LONGTEXT     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- JSON, as text: its bytes never change
  created_at   BIGINT       NOT NULL,
  published_at BIGINT       NULL -- NULL until the bus has taken it
) ENGINE=InnoDB;
-- The relay takes unpublished rows stream by stream; the sweep takes the oldest published ones.
CREATE INDEX outbox_unpublished ON outbox (published_at, stream, stream_seq);

-- Streams whose next fact could not be delivered. The whole stream waits, so that nothing overtakes;
-- the row goes when the fact went out. Only the relay writes here.
CREATE TABLE outbox_parked (
  stream        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  tries         INT          NOT NULL,
  not_before_at BIGINT       NOT NULL,
  reason        VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE=InnoDB;

-- What each consumer has handled, written in the transaction of its effect: a fact that is delivered
-- again has no second effect. Swept when no delivery can repeat any more.
CREATE TABLE inbox (
  consumer   VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_id   BINARY(32)  NOT NULL,
  handled_at BIGINT      NOT NULL,
  PRIMARY KEY (consumer, event_id)
) ENGINE=InnoDB;
CREATE INDEX inbox_handled ON inbox (handled_at); -- the sweep

-- Work that runs again and again in one worker at a time. Whoever holds the lease runs it; the fence
-- rises with each new holder, and work that writes checks it, so that a worker that slept through
-- the end of its lease changes nothing.
CREATE TABLE job (
  name        VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  holder      VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fence       BIGINT       NOT NULL,
  lease_until BIGINT       NOT NULL, -- ms since 1970 UTC
  ran_at      BIGINT       NULL,     -- last run known to have ended well; kept as the lease is renewed
  failure     VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
) ENGINE=InnoDB;
