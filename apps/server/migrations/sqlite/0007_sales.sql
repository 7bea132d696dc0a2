-- Documents that sales issued: tax invoice, bill of supply, credit note … One row a document, derived from
-- the journal and made anew by `nexus rebuild`; nobody edits it. The key is the slot of the entry that
-- issued it.
CREATE TABLE bill (
  store_no       INTEGER NOT NULL,
  epoch_no       INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  document       INTEGER NOT NULL,         -- 0 or 1: which document of the entry
  identity       BLOB    NOT NULL,         -- of the entry
  register_no    INTEGER NOT NULL,
  number         TEXT    NOT NULL,
  serial         INTEGER NOT NULL,         -- digits behind the hyphen of the number: what people say over the counter
  kind           TEXT    NOT NULL,         -- I, B, C, R, P, G (JRN-14)
  day            TEXT    NOT NULL,         -- trading day; the issue date of a sale outside any shift
  trading_day    TEXT,
  issue_date     TEXT    NOT NULL,
  at             INTEGER NOT NULL,         -- ms UTC, the till's time
  received_at    INTEGER NOT NULL,         -- ms UTC, this server's
  staff          BLOB,                     -- UUID of the cashier
  shift          BLOB,                     -- UUID of the shift
  line_count     INTEGER NOT NULL,
  units_milli    INTEGER NOT NULL,         -- sum of the lines' quantities
  gross_minor    INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL,
  taxable_minor  INTEGER NOT NULL,
  tax_minor      INTEGER NOT NULL,         -- CGST, SGST and IGST
  total_minor    INTEGER NOT NULL,
  tender_kinds   INTEGER NOT NULL,         -- a bit for each kind of tender of the sale, in the order of the tenders' list
  discrepancies  INTEGER NOT NULL,         -- found at acceptance; not what projectors flag
  PRIMARY KEY (store_no, epoch_no, seq, document)
) STRICT;
-- The chain's list, newest first. Holds every column that the list filters by, so that a filter which
-- matches little is answered from the index alone.
CREATE INDEX bill_day ON bill (day, at, store_no, register_no, kind, staff, total_minor, tender_kinds, discrepancies);
CREATE INDEX bill_store_day ON bill (store_no, day, at);          -- a store's list
CREATE INDEX bill_kind_day ON bill (kind, day, at);               -- credit notes among a million invoices
CREATE INDEX bill_staff_day ON bill (staff, day, at);             -- one cashier's bills
CREATE INDEX bill_tender ON bill (tender_kinds);                   -- bills paid by a rare way
CREATE INDEX bill_discrepancies ON bill (discrepancies, day, at); -- flagged ones
CREATE INDEX bill_total ON bill (total_minor);                    -- by amount
CREATE INDEX bill_number ON bill (number);                        -- by the printed number or its beginning
CREATE INDEX bill_serial ON bill (serial);                        -- by its last digits
CREATE INDEX bill_identity ON bill (identity);                    -- one bill's page, reprints

-- Lines of a document as sold, for reports; what the bill printed stands in the entry.
CREATE TABLE bill_line (
  store_no       INTEGER NOT NULL,
  epoch_no       INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  document       INTEGER NOT NULL,
  line           INTEGER NOT NULL,         -- 0, 1, 2 … in the order of the bill
  product        INTEGER NOT NULL,
  batch          INTEGER,
  hsn            TEXT    NOT NULL,
  uqc            TEXT    NOT NULL,
  quantity_milli INTEGER NOT NULL,
  unit_minor     INTEGER NOT NULL,
  gross_minor    INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL,
  paid_minor     INTEGER NOT NULL,
  tax_kind       TEXT    NOT NULL,
  rate_bp        INTEGER NOT NULL,
  taxable_minor  INTEGER NOT NULL,
  cgst_minor     INTEGER NOT NULL,         -- SGST is the same (TAX-3)
  igst_minor     INTEGER NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq, document, line)
) STRICT;

-- Rate table of a document: what returns to the tax office are made of.
CREATE TABLE bill_tax (
  store_no        INTEGER NOT NULL,
  epoch_no        INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
  document        INTEGER NOT NULL,
  n               INTEGER NOT NULL,
  tax_kind        TEXT    NOT NULL,
  rate_bp         INTEGER NOT NULL,
  taxable_minor   INTEGER NOT NULL,
  cgst_minor      INTEGER NOT NULL,        -- SGST is the same
  igst_minor      INTEGER NOT NULL,
  round_off_minor INTEGER NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq, document, n)
) STRICT, WITHOUT ROWID;

-- What was taken or given back for a sale, by one way of paying. Belongs to the sale, not to one document.
CREATE TABLE tender (
  store_no     INTEGER NOT NULL,
  epoch_no     INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  n            INTEGER NOT NULL,
  kind         TEXT    NOT NULL,
  direction    TEXT    NOT NULL,           -- in, out
  amount_minor INTEGER NOT NULL,
  reference    TEXT,
  PRIMARY KEY (store_no, epoch_no, seq, n)
) STRICT, WITHOUT ROWID;

-- Reprints of a bill (JRN-11), as the till journalled them.
CREATE TABLE bill_reprint (
  store_no INTEGER NOT NULL,
  epoch_no INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  bill     BLOB    NOT NULL,               -- identity of the sale's entry
  number   TEXT    NOT NULL,               -- which of its documents
  copy     INTEGER NOT NULL,
  at       INTEGER NOT NULL,               -- ms UTC, the till's time
  staff    BLOB,
  PRIMARY KEY (store_no, epoch_no, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_reprint_bill ON bill_reprint (store_no, bill); -- reprints of one bill

-- Takings of a store by hour, kept up by every accept: what Today shows. Credit notes are taken off.
CREATE TABLE takings_hour (
  store_no       INTEGER NOT NULL,
  day            TEXT    NOT NULL,         -- as bill.day
  hour           INTEGER NOT NULL,         -- 0 to 23, local
  bills          INTEGER NOT NULL,
  sold_minor     INTEGER NOT NULL,
  units_milli    INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL,
  tax_minor      INTEGER NOT NULL,
  PRIMARY KEY (store_no, day, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX takings_hour_day ON takings_hour (day); -- the chain's day

-- Tenders of a store's day, kept up by every accept; what was given back is taken off.
CREATE TABLE takings_tender (
  store_no     INTEGER NOT NULL,
  day          TEXT    NOT NULL,
  kind         TEXT    NOT NULL,
  tenders      INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (store_no, day, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX takings_tender_day ON takings_tender (day); -- the chain's day
