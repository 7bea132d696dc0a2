-- Shifts as their entries stated them. Derived from the journal and made anew by `nexus rebuild`; nobody
-- edits it. A shift whose opening never came has a row too, made by the first entry that names it.
CREATE TABLE shift (
  store_no         INTEGER NOT NULL,
  id               BLOB    NOT NULL,  -- UUIDv7 made by the till, so that ids sort by time
  register_no      INTEGER NOT NULL,
  trading_day      TEXT,              -- the store's business date (JRN-13)
  cashier          BLOB,              -- UUID of the person who opened it
  opened_at        INTEGER,           -- ms UTC, the till's time; NULL while the opening is not known
  float_minor      INTEGER NOT NULL,  -- counted into the drawer
  closed_at        INTEGER,           -- NULL while it is open
  counted_minor    INTEGER,           -- at closing, as the cashier counted
  expected_minor   INTEGER,           -- at closing, as the till stated
  difference_minor INTEGER,           -- counted less expected
  PRIMARY KEY (store_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shift_day ON shift (trading_day, id);                   -- the chain's list, newest first
CREATE INDEX shift_store_day ON shift (store_no, trading_day, id);   -- a store's list
CREATE INDEX shift_closed ON shift (closed_at, trading_day, id);     -- open ones
CREATE INDEX shift_difference ON shift (difference_minor);           -- where cash is missing

-- What the entries of a shift add up to, kept up by every accept. One writer each: its register.
CREATE TABLE shift_sum (
  store_no           INTEGER NOT NULL,
  shift              BLOB    NOT NULL,
  bills              INTEGER NOT NULL, -- invoices and bills of supply
  sold_minor         INTEGER NOT NULL, -- their totals
  returned_minor     INTEGER NOT NULL, -- totals of credit notes and refunds
  cash_sales_minor   INTEGER NOT NULL, -- cash that counted towards bills
  cash_refunds_minor INTEGER NOT NULL,
  cash_in_minor      INTEGER NOT NULL,
  cash_out_minor     INTEGER NOT NULL,
  safe_drops_minor   INTEGER NOT NULL,
  PRIMARY KEY (store_no, shift)
) STRICT, WITHOUT ROWID;
