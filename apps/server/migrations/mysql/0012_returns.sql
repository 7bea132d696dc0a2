-- Lines of credit notes and refunds: which part of which bill's line came back. One row a returned line,
-- derived from the journal and made anew by `nexus rebuild`; nobody edits it. The key is that of `bill_line`.
CREATE TABLE bill_return (
  store_no INT NOT NULL,
  epoch_no INT NOT NULL,
  seq BIGINT NOT NULL,
  document TINYINT NOT NULL,
  line INT NOT NULL,
  of_number VARCHAR(16) NOT NULL,        -- the bill, of any store, as its number was printed
  of_identity BINARY(32),                -- of the entry that made it; NULL where only its paper was known
  of_uid VARCHAR(8) NOT NULL,            -- its line
  from_milli BIGINT NOT NULL,            -- [from, to) of what came back of that line (RET-2f)
  to_milli BIGINT NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq, document, line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX bill_return_of ON bill_return (of_number); -- what came back of a bill
