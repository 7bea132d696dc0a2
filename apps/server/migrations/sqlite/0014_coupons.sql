-- Codes of coupon series (PRC-6m, PRC-11b).

-- Codes that were asked for at once. Made by the back office; the worker's job raises `made`.
CREATE TABLE coupon_batch (
  id         TEXT    NOT NULL PRIMARY KEY,
  offer_id   INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  prefix     TEXT    NOT NULL, -- as the offer said then; a draft may change it
  length     INTEGER NOT NULL, -- characters of a whole code
  wanted     INTEGER NOT NULL,
  made       INTEGER NOT NULL, -- how many codes there are by now
  expires_at INTEGER,          -- ms UTC: no longer given to a till from then on
  void_at    INTEGER,          -- ms UTC: stands for all codes that are not redeemed
  created_at INTEGER NOT NULL,
  created_by TEXT              -- id of the person; NULL for a program
) STRICT;
CREATE INDEX coupon_batch_offer ON coupon_batch (offer_id, created_at);

-- A code and which register holds it. Written by the job, by tills that claim it, and by whoever makes it void.
CREATE TABLE coupon_code (
  code           TEXT    NOT NULL PRIMARY KEY, -- in capitals, without blanks around it
  batch_id       TEXT    NOT NULL,
  offer_id       INTEGER NOT NULL,             -- that of the batch, for the list of a series
  void_at        INTEGER,
  reserved_by    TEXT,                         -- id of the register that alone may redeem it …
  reserved_until INTEGER                       -- … before this instant, ms UTC
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_code_batch ON coupon_code (batch_id, code);
CREATE INDEX coupon_code_offer ON coupon_code (offer_id, code);

-- On how many bills a code was redeemed. Derived from the journal and made anew by `nexus rebuild`; its
-- row is what two accepts of one code wait for.
CREATE TABLE coupon_use (
  code TEXT    NOT NULL PRIMARY KEY,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The bills on which a code was redeemed, derived in the same way. A code that no batch has stands here
-- too: it was made before a restore, or by somebody else.
CREATE TABLE coupon_redemption (
  code         TEXT    NOT NULL,
  store_no     INTEGER NOT NULL,
  epoch_no     INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  document     INTEGER NOT NULL,
  identity     BLOB    NOT NULL,
  number       TEXT    NOT NULL,
  at           INTEGER NOT NULL, -- ms UTC, the till's time
  amount_minor INTEGER NOT NULL, -- what it took off the sale
  PRIMARY KEY (code, store_no, epoch_no, seq)
) STRICT, WITHOUT ROWID;
