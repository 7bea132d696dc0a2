-- Codes of coupon series (PRC-6m, PRC-11b).

-- Codes that were asked for at once. Made by the back office; the worker's job raises `made`.
CREATE TABLE coupon_batch (
  id         CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  offer_id   INT         NOT NULL,
  name       VARCHAR(80) COLLATE utf8mb4_unicode_ci NOT NULL,
  prefix     VARCHAR(40) NOT NULL, -- as the offer said then; a draft may change it
  length     INT         NOT NULL, -- characters of a whole code
  wanted     INT         NOT NULL,
  made       INT         NOT NULL, -- how many codes there are by now
  expires_at BIGINT,               -- ms UTC: no longer given to a till from then on
  void_at    BIGINT,               -- ms UTC: stands for all codes that are not redeemed
  created_at BIGINT      NOT NULL,
  created_by CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin, -- id of the person; NULL for a program
  KEY coupon_batch_offer (offer_id, created_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A code and which register holds it. Written by the job, by tills that claim it, and by whoever makes it void.
CREATE TABLE coupon_code (
  code           VARCHAR(40) NOT NULL PRIMARY KEY, -- in capitals, without blanks around it
  batch_id       CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  offer_id       INT         NOT NULL,             -- that of the batch, for the list of a series
  void_at        BIGINT,
  reserved_by    CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin, -- id of the register that alone may redeem it …
  reserved_until BIGINT,                           -- … before this instant, ms UTC
  KEY coupon_code_batch (batch_id, code),
  KEY coupon_code_offer (offer_id, code)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- On how many bills a code was redeemed. Derived from the journal and made anew by `nexus rebuild`; its
-- row is what two accepts of one code wait for.
CREATE TABLE coupon_use (
  code VARCHAR(40) NOT NULL PRIMARY KEY,
  uses INT         NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The bills on which a code was redeemed, derived in the same way. A code that no batch has stands here
-- too: it was made before a restore, or by somebody else.
CREATE TABLE coupon_redemption (
  code         VARCHAR(40) NOT NULL,
  store_no     INT         NOT NULL,
  epoch_no     INT         NOT NULL,
  seq          BIGINT      NOT NULL,
  document     INT         NOT NULL,
  identity     BINARY(32)  NOT NULL,
  number       VARCHAR(40) NOT NULL,
  at           BIGINT      NOT NULL, -- ms UTC, the till's time
  amount_minor BIGINT      NOT NULL, -- what it took off the sale
  PRIMARY KEY (code, store_no, epoch_no, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
