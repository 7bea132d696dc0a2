-- Documents that sales issued: tax invoice, bill of supply, credit note … One row a document, derived from
-- the journal and made anew by `nexus rebuild`; nobody edits it. The key is the slot of the entry that
-- issued it.
CREATE TABLE bill (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  document TINYINT NOT NULL,             -- 0 or 1: which document of the entry
  identity BINARY(32) NOT NULL,          -- of the entry
  register_no INT NOT NULL,
  number VARCHAR(16) NOT NULL,
  serial INT NOT NULL,                   -- digits behind the hyphen of the number: what people say over the counter
  kind VARCHAR(12) NOT NULL,             -- I, B, C, R, P, G (JRN-14)
  day CHAR(10) NOT NULL,                 -- trading day; the issue date of a sale outside any shift
  trading_day CHAR(10),
  issue_date CHAR(10) NOT NULL,
  at BIGINT NOT NULL,                    -- ms UTC, the till's time
  received_at BIGINT NOT NULL,           -- ms UTC, this server's
  staff BINARY(16),                      -- UUID of the cashier
  shift BINARY(16),                      -- UUID of the shift
  line_count INT NOT NULL,
  units_milli BIGINT NOT NULL,           -- sum of the lines' quantities
  gross_minor BIGINT NOT NULL,
  discount_minor BIGINT NOT NULL,
  taxable_minor BIGINT NOT NULL,
  tax_minor BIGINT NOT NULL,             -- CGST, SGST and IGST
  total_minor BIGINT NOT NULL,
  tender_kinds INT NOT NULL,             -- a bit for each kind of tender of the sale, in the order of the tenders' list
  discrepancies INT NOT NULL,            -- found at acceptance; not what projectors flag
  PRIMARY KEY (store_no, epoch_no, seq, document)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
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
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  document TINYINT NOT NULL,
  line INT NOT NULL,                     -- 0, 1, 2 … in the order of the bill
  product BIGINT NOT NULL,
  batch BIGINT,
  hsn VARCHAR(8) NOT NULL,
  uqc VARCHAR(8) NOT NULL,
  quantity_milli BIGINT NOT NULL,
  unit_minor BIGINT NOT NULL,
  gross_minor BIGINT NOT NULL,
  discount_minor BIGINT NOT NULL,
  paid_minor BIGINT NOT NULL,
  tax_kind VARCHAR(8) NOT NULL,
  rate_bp BIGINT NOT NULL,
  taxable_minor BIGINT NOT NULL,
  cgst_minor BIGINT NOT NULL,            -- SGST is the same (TAX-3)
  igst_minor BIGINT NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq, document, line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Rate table of a document: what returns to the tax office are made of.
CREATE TABLE bill_tax (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  document TINYINT NOT NULL,
  n INT NOT NULL,
  tax_kind VARCHAR(8) NOT NULL,
  rate_bp BIGINT NOT NULL,
  taxable_minor BIGINT NOT NULL,
  cgst_minor BIGINT NOT NULL,            -- SGST is the same
  igst_minor BIGINT NOT NULL,
  round_off_minor BIGINT NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq, document, n)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What was taken or given back for a sale, by one way of paying. Belongs to the sale, not to one document.
CREATE TABLE tender (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  n INT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  direction VARCHAR(3) NOT NULL,         -- in, out
  amount_minor BIGINT NOT NULL,
  reference VARCHAR(64),
  PRIMARY KEY (store_no, epoch_no, seq, n)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Reprints of a bill (JRN-11), as the till journalled them.
CREATE TABLE bill_reprint (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  bill BINARY(32) NOT NULL,              -- identity of the sale's entry
  number VARCHAR(16) NOT NULL,           -- which of its documents
  copy BIGINT NOT NULL,
  at BIGINT NOT NULL,                    -- ms UTC, the till's time
  staff BINARY(16),
  PRIMARY KEY (store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX bill_reprint_bill ON bill_reprint (store_no, bill); -- reprints of one bill

-- Takings of a store by hour, kept up by every accept: what Today shows. Credit notes are taken off.
CREATE TABLE takings_hour (
  store_no INT NOT NULL,
  day CHAR(10) NOT NULL,                 -- as bill.day
  hour TINYINT NOT NULL,                 -- 0 to 23, local
  bills INT NOT NULL,
  sold_minor BIGINT NOT NULL,
  units_milli BIGINT NOT NULL,
  discount_minor BIGINT NOT NULL,
  tax_minor BIGINT NOT NULL,
  PRIMARY KEY (store_no, day, hour)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX takings_hour_day ON takings_hour (day); -- the chain's day

-- Tenders of a store's day, kept up by every accept; what was given back is taken off.
CREATE TABLE takings_tender (
  store_no INT NOT NULL,
  day CHAR(10) NOT NULL,
  kind VARCHAR(12) NOT NULL,
  tenders INT NOT NULL,
  amount_minor BIGINT NOT NULL,
  PRIMARY KEY (store_no, day, kind)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX takings_tender_day ON takings_tender (day); -- the chain's day
