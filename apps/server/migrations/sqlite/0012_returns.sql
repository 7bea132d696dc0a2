-- Lines of credit notes and refunds: which part of which bill's line came back. One row a returned line,
-- derived from the journal and made anew by `nexus rebuild`; nobody edits it. The key is that of `bill_line`.
CREATE TABLE bill_return (
  store_no    INTEGER NOT NULL,
  epoch_no    INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  document    INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  of_number   TEXT    NOT NULL,            -- the bill, of any store, as its number was printed
  of_identity BLOB,                        -- of the entry that made it; NULL where only its paper was known
  of_uid      TEXT    NOT NULL,            -- its line
  from_milli  INTEGER NOT NULL,            -- [from, to) of what came back of that line (RET-2f)
  to_milli    INTEGER NOT NULL,
  PRIMARY KEY (store_no, epoch_no, seq, document, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_return_of ON bill_return (of_number); -- what came back of a bill
