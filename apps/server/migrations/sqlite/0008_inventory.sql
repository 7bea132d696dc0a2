-- The stock ledger: every movement of goods, one row a sold, returned or opened line. Only ever inserted;
-- rows of sales are derived from the journal and made anew by `nexus rebuild`. The truth behind balances.
CREATE TABLE stock_move (
  store_no       INTEGER NOT NULL,
  epoch_no       INTEGER NOT NULL,  -- slot of the entry that moved the goods; 0 for opening stock
  seq            INTEGER NOT NULL,  -- of the entry; number of the opening
  line           INTEGER NOT NULL,  -- 0, 1, 2 … over all documents of the entry
  product        INTEGER NOT NULL,
  batch          INTEGER,           -- NULL while it is not known
  quantity_milli INTEGER NOT NULL,  -- into the store positive, out of it negative
  kind           TEXT    NOT NULL,  -- sale, return, opening
  at             INTEGER NOT NULL,  -- ms UTC: the till's time
  PRIMARY KEY (store_no, epoch_no, seq, line)
) STRICT, WITHOUT ROWID;

-- Slots of the ledger that the worker has not folded into balances and cards yet; it deletes what it folded.
CREATE TABLE stock_unfolded (
  store_no INTEGER NOT NULL,
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq)
) STRICT, WITHOUT ROWID;

-- Sum of the folded moves. Written by the worker only, so that no sale waits for a hot row. May be
-- negative: tills sell what the ledger does not know.
CREATE TABLE stock_balance (
  store_no       INTEGER NOT NULL,
  product        INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  is_negative    INTEGER NOT NULL CHECK (is_negative IN (0, 1)), -- of quantity_milli
  changed_at     INTEGER NOT NULL,  -- ms UTC: time of the latest move
  PRIMARY KEY (store_no, product)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_balance_negative ON stock_balance (is_negative, store_no, product); -- what people must look at

-- Folded moves by product: the stock card. An index of stock_move that the worker writes in large, sorted
-- batches, so that no sale pays for its scattered pages.
CREATE TABLE stock_card (
  store_no INTEGER NOT NULL,
  product  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  line     INTEGER NOT NULL,
  PRIMARY KEY (store_no, product, at, epoch_no, seq, line)
) STRICT, WITHOUT ROWID;

-- Opening stock as people or an import stated it; its lines are moves of epoch 0. Only ever inserted.
CREATE TABLE stock_opening (
  store_no    INTEGER NOT NULL,
  opening_no  INTEGER NOT NULL,     -- 1, 2, 3 … in the store
  id          TEXT    NOT NULL UNIQUE, -- UUID made by the caller: a re-send is recorded once
  fingerprint BLOB    NOT NULL,     -- SHA-256 of the content: the same id with other content is refused
  at          INTEGER NOT NULL,
  by_id       TEXT,                 -- person; null for a program
  PRIMARY KEY (store_no, opening_no)
) STRICT;
