-- Facts about this installation itself: which kind of data it holds (demo or shop), whose secrets it
-- belongs to. Written at the first start; afterwards only by restore.
CREATE TABLE installation (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- One row per fact for the rest of the world, written in the transaction that made it true. Only the
-- relay changes rows: it marks what the bus has taken, and sweeps old ones.
CREATE TABLE outbox (
  id           BLOB    NOT NULL PRIMARY KEY, -- 32 bytes, made from what happened: the same fact has the same id
  topic        TEXT    NOT NULL,             -- name and version, e.g. sales.bill-recorded.v1
  stream       TEXT    NOT NULL,             -- facts of one stream are delivered in order, e.g. a register
  stream_seq   INTEGER NOT NULL,             -- rises within a stream
  payload      TEXT    NOT NULL,             -- JSON
  created_at   INTEGER NOT NULL,
  published_at INTEGER                       -- NULL until the bus has taken it
) STRICT;
-- The relay takes unpublished rows stream by stream; the sweep takes the oldest published ones.
CREATE INDEX outbox_unpublished ON outbox (published_at, stream, stream_seq);

-- Streams whose next fact could not be delivered. The whole stream waits, so that nothing overtakes;
-- the row goes when the fact went out. Only the relay writes here.
CREATE TABLE outbox_parked (
  stream        TEXT    NOT NULL PRIMARY KEY,
  tries         INTEGER NOT NULL,
  not_before_at INTEGER NOT NULL,
  reason        TEXT    NOT NULL
) STRICT;

-- What each consumer has handled, written in the transaction of its effect: a fact that is delivered
-- again has no second effect. Swept when no delivery can repeat any more.
CREATE TABLE inbox (
  consumer   TEXT    NOT NULL,
  event_id   BLOB    NOT NULL,
  handled_at INTEGER NOT NULL,
  PRIMARY KEY (consumer, event_id)
) STRICT;
CREATE INDEX inbox_handled ON inbox (handled_at); -- the sweep

-- Work that runs again and again in one worker at a time. Whoever holds the lease runs it; the fence
-- rises with each new holder, and work that writes checks it, so that a worker that slept through
-- the end of its lease changes nothing.
CREATE TABLE job (
  name        TEXT    NOT NULL PRIMARY KEY,
  holder      TEXT    NOT NULL,
  fence       INTEGER NOT NULL,
  lease_until INTEGER NOT NULL, -- ms since 1970 UTC
  ran_at      INTEGER,          -- last run known to have ended well; kept as the lease is renewed
  failure     TEXT              -- what the last run failed of, NULL when it went well
) STRICT;
