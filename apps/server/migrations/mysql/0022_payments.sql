-- Payments through a device or provider, derived from the journal and made anew by `nexus rebuild`; nobody
-- edits them. An attempt is named by the id that the till gave it. Its entries come in any order, and from
-- several journals: each stands in one of the next three tables, keyed by the slot of its entry, and
-- `payment_attempt` is what they add up to (JRN-15).

-- What a till was about to ask of a device or provider.
CREATE TABLE payment_intent (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  attempt BINARY(16) NOT NULL,  -- UUID
  identity BINARY(32) NOT NULL,  -- of the entry
  at BIGINT NOT NULL,  -- ms UTC, the writer's time
  own_epoch BINARY(16) NOT NULL,  -- UUID and seq that the entry itself states: they order entries of
  own_seq BIGINT NOT NULL,  -- one instant, also re-homed ones
  received_at BIGINT NOT NULL,  -- ms UTC, this server's
  register_no INT NOT NULL,
  cart BINARY(16),  -- UUID
  kind VARCHAR(20) NOT NULL,  -- upi, card …
  provider VARCHAR(40) NOT NULL,
  direction VARCHAR(3) NOT NULL,  -- in, out
  amount_minor BIGINT NOT NULL,
  reference VARCHAR(64) NOT NULL,  -- by which the provider is asked
  expires_at BIGINT,  -- ms UTC; NULL: only a person's word ends it
  PRIMARY KEY (store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX payment_intent_attempt ON payment_intent (attempt); -- all of one attempt

-- Final results, as a till (`payment-result`) or a server (`payment-resolved`) wrote them.
CREATE TABLE payment_result (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  attempt BINARY(16) NOT NULL,
  identity BINARY(32) NOT NULL,
  at BIGINT NOT NULL,
  own_epoch BINARY(16) NOT NULL,
  own_seq BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  register_no INT NOT NULL,
  state VARCHAR(12) NOT NULL CHECK (state IN ('paid', 'failed', 'expired')),
  told_by VARCHAR(8) NOT NULL,  -- provider, cashier, server
  amount_minor BIGINT NOT NULL,
  reference VARCHAR(64),  -- the provider's, for UPI the bank's (UTR)
  PRIMARY KEY (store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX payment_result_attempt ON payment_result (attempt); -- all of one attempt

-- Tenders of sales that name an attempt.
CREATE TABLE payment_tender (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  n INT NOT NULL,  -- which tender of the sale
  attempt BINARY(16) NOT NULL,
  identity BINARY(32) NOT NULL,
  at BIGINT NOT NULL,
  own_epoch BINARY(16) NOT NULL,
  own_seq BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  register_no INT NOT NULL,
  kind VARCHAR(20) NOT NULL,
  direction VARCHAR(3) NOT NULL,
  amount_minor BIGINT NOT NULL,
  number VARCHAR(16) NOT NULL,  -- of the sale's first document
  PRIMARY KEY (store_no, epoch_no, seq, n)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX payment_tender_attempt ON payment_tender (attempt); -- all of one attempt

-- How each attempt stands: what its rows above add up to, whatever order they came in.
CREATE TABLE payment_attempt (
  attempt BINARY(16) NOT NULL PRIMARY KEY,
  store_no INT NOT NULL,  -- of its first intent, tender or till's result
  register_no INT NOT NULL,
  own_epoch BINARY(16) NOT NULL,  -- place of its first entry
  own_seq BIGINT NOT NULL,
  at BIGINT NOT NULL,  -- ms UTC, of its first entry
  day CHAR(10) NOT NULL,  -- its date in Kolkata
  touched_at BIGINT NOT NULL,  -- ms UTC, when its last entry arrived here: rest is counted from then
  intended TINYINT NOT NULL CHECK (intended IN (0, 1)),
  provider VARCHAR(40),  -- NULL while no intent is here, and the next three then are the tender's or result's
  kind VARCHAR(20),
  direction VARCHAR(3),
  amount_minor BIGINT NOT NULL,
  reference VARCHAR(64),
  state VARCHAR(12) NOT NULL CHECK (state IN ('open', 'paid', 'failed', 'expired')),  -- open: no result
  result_at BIGINT,  -- ms UTC, of the first final result: that one counts
  provider_reference VARCHAR(64),
  is_contrary TINYINT NOT NULL CHECK (is_contrary IN (0, 1)),  -- its results say different things
  sales INT NOT NULL,  -- how many sales name it
  sale BINARY(32),  -- identity of the first one: the sale that it settles
  number VARCHAR(16),
  settled_minor BIGINT NOT NULL  -- what the first sale counts of it
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX payment_attempt_reference ON payment_attempt (reference);                   -- a settlement line by our reference
CREATE INDEX payment_attempt_provider_reference ON payment_attempt (provider_reference); -- or by the bank's
CREATE INDEX payment_attempt_state ON payment_attempt (state, touched_at);               -- attempts without a result
CREATE INDEX payment_attempt_sales ON payment_attempt (state, sales, touched_at);        -- paid, and no sale or two
CREATE INDEX payment_attempt_intended ON payment_attempt (intended, touched_at);         -- never intended
CREATE INDEX payment_attempt_contrary ON payment_attempt (is_contrary, touched_at);      -- contradicted
CREATE INDEX payment_attempt_provider ON payment_attempt (provider, state, day);         -- what a settlement file must hold

-- Settlement files of providers, as people brought them (JRN-15f). Only ever inserted.
CREATE TABLE settlement_file (
  id CHAR(36) NOT NULL PRIMARY KEY,  -- UUID, made by who brought it
  provider VARCHAR(40) NOT NULL,
  name VARCHAR(250) NOT NULL,
  rows_total INT NOT NULL,  -- lines of payments in it
  rows_added INT NOT NULL,  -- of them those that were new
  rows_bad INT NOT NULL,
  bad_rows LONGTEXT NOT NULL,  -- JSON [{line, field, reason}], the first 100
  imported_at BIGINT NOT NULL,  -- ms UTC
  imported_by CHAR(36) NOT NULL  -- UUID of a person
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX settlement_file_at ON settlement_file (imported_at); -- newest first

-- Payments that a provider says it settled. One row a payment, whatever files it stood in; the first word stays.
CREATE TABLE settlement_line (
  provider VARCHAR(40) NOT NULL,
  direction VARCHAR(3) NOT NULL,  -- in, out: a refund has a line of its own
  reference VARCHAR(64) NOT NULL,  -- ours, as the provider was asked by, or the provider's own
  amount_minor BIGINT NOT NULL,  -- before the fee
  fee_minor BIGINT NOT NULL,
  day CHAR(10) NOT NULL,  -- date of the payment
  utr VARCHAR(64),  -- the bank's reference
  file CHAR(36) NOT NULL,
  line INT NOT NULL,  -- of the file, 1 is its header
  attempt BINARY(16),  -- of the same payment; NULL while none is known
  PRIMARY KEY (provider, direction, reference)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX settlement_line_attempt ON settlement_line (attempt);        -- whether an attempt was settled
CREATE INDEX settlement_line_day ON settlement_line (provider, day);      -- up to which day a provider has told

-- Which invoice counts for a provisional slip (JRN-14da): one row a slip that was invoiced, derived from the
-- journal and made anew by `nexus rebuild`. Of several the first counts, by the tills' time; only it is in `bill`.
CREATE TABLE slip_invoice (
  slip BINARY(32) NOT NULL PRIMARY KEY,  -- identity of the slip's sale
  identity BINARY(32) NOT NULL,  -- of the invoice's entry
  store_no INT NOT NULL,  -- slot of the invoice's entry
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,  -- ms UTC, the till's time
  own_epoch BINARY(16) NOT NULL,  -- UUID and seq that the entry itself states
  own_seq BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
