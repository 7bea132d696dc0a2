-- The stock ledger: every movement of goods, one row a sold, returned or opened line. Only ever inserted;
-- rows of sales are derived from the journal and made anew by `nexus rebuild`. The truth behind balances.
CREATE TABLE stock_move (
  store_no       INT         NOT NULL,
  epoch_no       INT         NOT NULL, -- slot of the entry that moved the goods; 0 for opening stock
  seq            BIGINT      NOT NULL, -- of the entry; number of the opening
  line           INT         NOT NULL, -- 0, 1, 2 … over all documents of the entry
  product        BIGINT      NOT NULL,
  batch          BIGINT,               -- NULL while it is not known
  quantity_milli BIGINT      NOT NULL, -- into the store positive, out of it negative
  kind           VARCHAR(12) NOT NULL, -- sale, return, opening
  at             BIGINT      NOT NULL, -- ms UTC: the till's time
  PRIMARY KEY (store_no, epoch_no, seq, line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Slots of the ledger that the worker has not folded into balances and cards yet; it deletes what it folded.
CREATE TABLE stock_unfolded (
  store_no INT    NOT NULL,
  epoch_no INT    NOT NULL,
  seq      BIGINT NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Sum of the folded moves. Written by the worker only, so that no sale waits for a hot row. May be
-- negative: tills sell what the ledger does not know.
CREATE TABLE stock_balance (
  store_no       INT     NOT NULL,
  product        BIGINT  NOT NULL,
  quantity_milli BIGINT  NOT NULL,
  is_negative    TINYINT NOT NULL CHECK (is_negative IN (0, 1)), -- of quantity_milli
  changed_at     BIGINT  NOT NULL,     -- ms UTC: time of the latest move
  PRIMARY KEY (store_no, product),
  KEY stock_balance_negative (is_negative, store_no, product) -- what people must look at
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Folded moves by product: the stock card. An index of stock_move that the worker writes in large, sorted
-- batches, so that no sale pays for its scattered pages.
CREATE TABLE stock_card (
  store_no INT    NOT NULL,
  product  BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  epoch_no INT    NOT NULL,
  seq      BIGINT NOT NULL,
  line     INT    NOT NULL,
  PRIMARY KEY (store_no, product, at, epoch_no, seq, line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Opening stock as people or an import stated it; its lines are moves of epoch 0. Only ever inserted.
CREATE TABLE stock_opening (
  store_no    INT        NOT NULL,
  opening_no  BIGINT     NOT NULL,     -- 1, 2, 3 … in the store
  id          CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE, -- UUID made by the caller: a re-send is recorded once
  fingerprint BINARY(32) NOT NULL,     -- SHA-256 of the content: the same id with other content is refused
  at          BIGINT     NOT NULL,
  by_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin, -- person; null for a program
  PRIMARY KEY (store_no, opening_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
