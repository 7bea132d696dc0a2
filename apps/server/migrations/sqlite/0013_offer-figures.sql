-- What offers did, and what a draft would have done.

-- What an offer gave in a store on a day, derived from the journal and made anew by `nexus rebuild`; nobody
-- edits it. Credit notes take back what they reverse (PRC-11d).
CREATE TABLE offer_take_up (
  store_no     INTEGER NOT NULL,
  offer_id     INTEGER NOT NULL,
  day          TEXT    NOT NULL,           -- as bill.day
  bills        INTEGER NOT NULL,           -- sold documents that had it
  applications INTEGER NOT NULL,           -- only of offers that are limited in all; 0 for others
  given_minor  INTEGER NOT NULL,           -- less what was reversed; negative on a day with returns only
  PRIMARY KEY (store_no, offer_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_take_up_offer ON offer_take_up (offer_id, day); -- one offer's page, and what tills are told

-- Runs of a draft over past bills. Made by a person, worked on by the worker that holds the job, kept.
CREATE TABLE offer_replay (
  id          TEXT    NOT NULL PRIMARY KEY,
  offer_id    INTEGER NOT NULL,
  revision    INTEGER NOT NULL,            -- of the draft
  definition  TEXT    NOT NULL,            -- JSON of the draft as it was then
  from_day    TEXT    NOT NULL,            -- trading days, both included
  until_day   TEXT    NOT NULL,
  store_ids   TEXT,                        -- JSON array; NULL: all
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  bills_done  INTEGER NOT NULL,
  bills_total INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,            -- ms UTC
  by_name     TEXT,
  finished_at INTEGER,
  message     TEXT,                        -- why it failed
  result      TEXT                         -- JSON of the contract's ReplayResult
) STRICT;
CREATE INDEX offer_replay_offer ON offer_replay (offer_id, created_at); -- the latest of an offer
CREATE INDEX offer_replay_state ON offer_replay (state, created_at);    -- what is to be done, oldest first
