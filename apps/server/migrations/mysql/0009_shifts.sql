-- Shifts as their entries stated them. Derived from the journal and made anew by `nexus rebuild`; nobody
-- edits it. A shift whose opening never came has a row too, made by the first entry that names it.
CREATE TABLE shift (
  store_no         INT        NOT NULL,
  id               BINARY(16) NOT NULL, -- UUIDv7 made by the till, so that ids sort by time
  register_no      INT        NOT NULL,
  trading_day      CHAR(10),            -- the store's business date (JRN-13)
  cashier          BINARY(16),          -- UUID of the person who opened it
  opened_at        BIGINT,              -- ms UTC, the till's time; NULL while the opening is not known
  float_minor      BIGINT     NOT NULL, -- counted into the drawer
  closed_at        BIGINT,              -- NULL while it is open
  counted_minor    BIGINT,              -- at closing, as the cashier counted
  expected_minor   BIGINT,              -- at closing, as the till stated
  difference_minor BIGINT,              -- counted less expected
  PRIMARY KEY (store_no, id),
  KEY shift_day (trading_day, id),                 -- the chain's list, newest first
  KEY shift_store_day (store_no, trading_day, id), -- a store's list
  KEY shift_closed (closed_at, trading_day, id),   -- open ones
  KEY shift_difference (difference_minor)          -- where cash is missing
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the entries of a shift add up to, kept up by every accept. One writer each: its register.
CREATE TABLE shift_sum (
  store_no           INT        NOT NULL,
  shift              BINARY(16) NOT NULL,
  bills              INT        NOT NULL, -- invoices and bills of supply
  sold_minor         BIGINT     NOT NULL, -- their totals
  returned_minor     BIGINT     NOT NULL, -- totals of credit notes and refunds
  cash_sales_minor   BIGINT     NOT NULL, -- cash that counted towards bills
  cash_refunds_minor BIGINT     NOT NULL,
  cash_in_minor      BIGINT     NOT NULL,
  cash_out_minor     BIGINT     NOT NULL,
  safe_drops_minor   BIGINT     NOT NULL,
  PRIMARY KEY (store_no, shift)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
