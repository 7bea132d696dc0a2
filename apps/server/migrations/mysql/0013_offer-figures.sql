-- What offers did, and what a draft would have done.

-- What an offer gave in a store on a day, derived from the journal and made anew by `nexus rebuild`; nobody
-- edits it. Credit notes take back what they reverse (PRC-11d).
CREATE TABLE offer_take_up (
  store_no     INT      NOT NULL,
  offer_id     INT      NOT NULL,
  day          CHAR(10) NOT NULL,          -- as bill.day
  bills        INT      NOT NULL,          -- sold documents that had it
  applications BIGINT   NOT NULL,          -- only of offers that are limited in all; 0 for others
  given_minor  BIGINT   NOT NULL,          -- less what was reversed; negative on a day with returns only
  PRIMARY KEY (store_no, offer_id, day)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX offer_take_up_offer ON offer_take_up (offer_id, day); -- one offer's page, and what tills are told

-- Runs of a draft over past bills. Made by a person, worked on by the worker that holds the job, kept.
CREATE TABLE offer_replay (
  id          CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  offer_id    INT         NOT NULL,
  revision    INT         NOT NULL,        -- of the draft
  definition  LONGTEXT    NOT NULL,        -- JSON of the draft as it was then
  from_day    CHAR(10)    NOT NULL,        -- trading days, both included
  until_day   CHAR(10)    NOT NULL,
  store_ids   LONGTEXT,                    -- JSON array; NULL: all
  state       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  bills_done  INT         NOT NULL,
  bills_total INT         NOT NULL,
  created_at  BIGINT      NOT NULL,        -- ms UTC
  by_name     VARCHAR(200),
  finished_at BIGINT,
  message     TEXT,                        -- why it failed
  result      LONGTEXT                     -- JSON of the contract's ReplayResult
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX offer_replay_offer ON offer_replay (offer_id, created_at); -- the latest of an offer
CREATE INDEX offer_replay_state ON offer_replay (state, created_at);    -- what is to be done, oldest first
